using System.Net;
using System.Net.Sockets;

namespace Hardening.Transport;

/// <summary>
/// Tells addresses of the public internet from all others. The tables are IANA's "Special-Purpose Address Registry" for IPv4 and IPv6
/// (RFC 6890): what is not globally reachable is not public, and neither is what only wraps an IPv4 address.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // Azure's own services for a virtual machine, which by its number is a public address.
            "168.63.129.16/32",

            // Teredo, ORCHID and the like; documentation; 6to4.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    // All that is given out so far. It leaves out ::1, 64:ff9b::/96 (NAT64), fc00::/7, fe80::/10, ff00::/8.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    internal static bool Contains(IPAddress address)
        => address.AddressFamily switch
        {
            AddressFamily.InterNetwork => true,

            // IPNetwork looks at what is mapped as at an IPv4 address, also where the network is one of IPv6.
            AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && Global.Contains(address),
            _ => false,
        }
        && !NotPublic.Any(network => network.Contains(address));
}
