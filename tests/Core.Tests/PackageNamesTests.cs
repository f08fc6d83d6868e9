using Hardening.Ecosystems.NuGet;

namespace Hardening.Tests;

[TestClass]
public sealed class PackageNamesTests
{
    [TestMethod]
    public void The_list_is_sorted_unique_and_of_a_useful_size()
    {
        var ids = PackageNames.WellKnown.ToList();

        Assert.IsInRange(300, 500, ids.Count);
        CollectionAssert.AreEqual(ids.Order(StringComparer.Ordinal).ToList(), ids);
        Assert.AreEqual(ids.Count, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [TestMethod]
    public void Well_known_ids_pass_both_checks_in_any_casing()
    {
        foreach (var id in PackageNames.WellKnown)
        {
            Assert.IsNull(PackageNames.FindLookAlike(id), id);
            Assert.IsNull(PackageNames.FindWellKnownNeighbour(id), id);
            Assert.IsNull(PackageNames.FindWellKnownNeighbour(id.ToUpperInvariant()), id);
            Assert.IsNull(PackageNames.FindWellKnownNeighbour(id.ToLowerInvariant()), id);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("A")]
    [DataRow("Newtonsoft.Json")]
    [DataRow("Magick.NET-Q8-x64")]
    [DataRow("SQLitePCLRaw.bundle_e_sqlite3")]
    public void Plain_ids_have_no_look_alike(string id) => Assert.IsNull(PackageNames.FindLookAlike(id));

    [TestMethod]
    [DataRow("Ne\u0430tsoft", "U+0430 at position 3, looks like 'a'")]
    [DataRow("\u039Dewtonsoft.Json", "U+039D at position 1, looks like 'N'")]
    [DataRow("Sp\u0131at", "U+0131 at position 3, looks like 'i'")]
    [DataRow("Polly\uFF0ECore", "U+FF0E at position 6, looks like '.'")]
    [DataRow("\uFF2Eunit", "U+FF2E at position 1, looks like 'N'")]
    [DataRow("Polly\u2010Core", "U+2010 at position 6, looks like '-'")]
    [DataRow("\U0001D40Cediator", "U+1D40C at position 1, looks like 'M'")]
    [DataRow("\U0001D41Aa", "U+1D41A at position 1, looks like 'a'")]
    [DataRow("xunit\U0001D7D1", "U+1D7D1 at position 6, looks like '3'")]
    [DataRow("Se\u0301rilog", "U+0301 at position 3, a combining mark")]
    [DataRow("Serilog\u200B", "U+200B at position 8, an invisible character")]
    [DataRow("\uFEFFSerilog", "U+FEFF at position 1, an invisible character")]
    [DataRow("Seri\u00ADlog", "U+00AD at position 5, an invisible character")]
    [DataRow("Seri\u202Elog", "U+202E at position 5, an invisible character")]
    [DataRow("Serilog\u3164", "U+3164 at position 8, an invisible character")]
    [DataRow("Serilog\u00A0", "U+00A0 at position 8, a space")]
    [DataRow("Serilog\n", "U+000A at position 8, a control character")]
    [DataRow("Serilog\0", "U+0000 at position 8, a control character")]
    [DataRow("a/b", "U+002F at position 2")]
    [DataRow("\u6F22", "U+6F22 at position 1")]
    [DataRow("a\U0001F600", "U+1F600 at position 2")]
    public void The_first_other_character_is_described(string id, string expected)
        => Assert.AreEqual(expected, PackageNames.FindLookAlike(id));

    [TestMethod]
    public void A_lone_surrogate_is_described()
    {
        Assert.AreEqual("U+D800 at position 2, half of a surrogate pair", PackageNames.FindLookAlike("a\uD800"));
        Assert.AreEqual("U+DC00 at position 1, half of a surrogate pair", PackageNames.FindLookAlike("\uDC00\uD800"));
    }

    [TestMethod]
    public void Every_character_outside_the_plain_ones_is_reported_in_plain_text()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var plain = c < 128 && (char.IsAsciiLetterOrDigit((char)c) || ".-_".Contains((char)c));
            var found = PackageNames.FindLookAlike("a" + (char)c);

            Assert.AreEqual(plain, found is null, $"U+{c:X4}");
            Assert.IsTrue(found is null || found.All(shown => shown is >= ' ' and <= '~'), $"U+{c:X4}");
        }
    }

    [TestMethod]
    // substitution, deletion, insertion, swap
    [DataRow("Newtonsoft.Jsom", "Newtonsoft.Json")]
    [DataRow("Newtonsof.Json", "Newtonsoft.Json")]
    [DataRow("Newtonsoft.Jsons", "Newtonsoft.Json")]
    [DataRow("Newtonsoft.Josn", "Newtonsoft.Json")]
    [DataRow("newtonsoft.jsonn", "Newtonsoft.Json")]
    [DataRow("NEWTONSOFT.JSOM", "Newtonsoft.Json")]
    [DataRow("Castle.Cor", "Castle.Core")]
    [DataRow("Serilogg", "Serilog")]
    [DataRow("erilog", "Serilog")]
    [DataRow("Serlog", "Serilog")]
    [DataRow("Polly.Coree", "Polly.Core")]
    [DataRow("Dapperr", "Dapper")]
    [DataRow("Dappre", "Dapper")]
    [DataRow("AutoMaper", "AutoMapper")]
    [DataRow("FluentAssertion", "FluentAssertions")]
    [DataRow("Tracer.Fodyy", "Tracer.Fody")]
    [DataRow("Nethereumm.Web3", "Nethereum.Web3")]
    [DataRow("xunits", "xunit")]
    [DataRow("Mqo", "Moq")]
    [DataRow("NLgo", "NLog")]
    // separators
    [DataRow("Newtonsoft-Json", "Newtonsoft.Json")]
    [DataRow("Newtonsoft_Json", "Newtonsoft.Json")]
    [DataRow("NewtonsoftJson", "Newtonsoft.Json")]
    [DataRow("Newton.soft.Json", "Newtonsoft.Json")]
    [DataRow("Polly-Core", "Polly.Core")]
    [DataRow("MicrosoftExtensionsLogging", "Microsoft.Extensions.Logging")]
    [DataRow("Microsoft-Extensions-Http", "Microsoft.Extensions.Http")]
    [DataRow("System-Text-Json", "System.Text.Json")]
    [DataRow("SqliteNetPcl", "SQLite.Net-PCL")]
    // letters that look the same, also several at once
    [DataRow("P0lly", "Polly")]
    [DataRow("Po11y", "Polly")]
    [DataRow("Seri1og", "Serilog")]
    [DataRow("SeriIog", "Serilog")]
    [DataRow("Xarnarin.Forms", "Xamarin.Forms")]
    [DataRow("Modemizr", "Modernizr")]
    [DataRow("MySq1.Data", "MySql.Data")]
    [DataRow("Mlcr0soft.Extenslons.Http", "Microsoft.Extensions.Http")]
    // beside a family, not in it
    [DataRow("Mircosoft.Extensions.Http", "Microsoft.Extensions.Http")]
    [DataRow("Sytem.Text.Json", "System.Text.Json")]
    [DataRow("Serilog.Sink.File", "Serilog.Sinks.File")]
    [DataRow("xunlt.assert", "xunit.assert")]
    // numbers that are no version
    [DataRow("Dapp3er", "Dapper")]
    [DataRow("lognet", "log4net")]
    [DataRow("logn4et", "log4net")]
    public void Imitations_are_found(string id, string wellKnown)
        => Assert.AreEqual(wellKnown, PackageNames.FindWellKnownNeighbour(id));

    [TestMethod]
    // too short for anything but a swap
    [DataRow("Moqq")]
    [DataRow("Mog")]
    [DataRow("M0q")]
    [DataRow("NLogg")]
    [DataRow("NL0g")]
    [DataRow("N-Log")]
    [DataRow("OWIN")]
    [DataRow("Fodi")]
    // families
    [DataRow("Serilog.Sinks.File")]
    [DataRow("Serilog.Sinks.Files")]
    [DataRow("Serilog.Sinks.Sep")]
    [DataRow("Microsoft.Extensions.Http")]
    [DataRow("Microsoft.Extensions.Hosts")]
    [DataRow("Microsoft.OpenApis")]
    [DataRow("System.Text.Jsons")]
    [DataRow("AWSSDK.SNS")]
    [DataRow("AWSSDK.SSO")]
    [DataRow("NuGet.Commons")]
    [DataRow("xunit.asserts")]
    [DataRow("xunit.v4")]
    // siblings by number
    [DataRow("NUnit4TestAdapter")]
    [DataRow("NUnit3")]
    [DataRow("AutoFixture.Xunit3")]
    [DataRow("AutoFixture.NUnit4")]
    [DataRow("Verify.XunitV4")]
    [DataRow("Antlr4")]
    [DataRow("IdentityServer3")]
    [DataRow("itext")]
    [DataRow("Magick.NET-Q8-AnyCPU")]
    [DataRow("EntityFramework6")]
    [DataRow("dapper2")]
    // more than one edit
    [DataRow("Dapper.FluentMap")]
    [DataRow("Dapper.Rainbow")]
    [DataRow("Polly.RateLimiting")]
    [DataRow("Polly.Caching.Memory")]
    [DataRow("Serilog.Formatting.Compact.Reader")]
    [DataRow("Tracer.Fody.NLog")]
    [DataRow("NUnit.Engine")]
    [DataRow("MSTest.Sdk")]
    [DataRow("Mapperly")]
    [DataRow("Riok.Mapperly")]
    [DataRow("Wolverine")]
    [DataRow("MimeKitLite")]
    [DataRow("MailKitLite")]
    [DataRow("StackExchange.Redis.Extensions.Core")]
    [DataRow("Humanizer.Core.de")]
    [DataRow("Refitter")]
    [DataRow("Nito.AsyncEx.Tasks")]
    [DataRow("Swashbuckle.AspNetCore.Newtonsoft")]
    [DataRow("OpenTelemetry.Instrumentation.SqlClient")]
    [DataRow("GraphQL.Server.Core")]
    [DataRow("NLog.Web")]
    [DataRow("CSharpFunctionalExtensions")]
    // near each other and both honest: in the list for this reason
    [DataRow("Mediator")]
    [DataRow("MediatR")]
    [DataRow("Testcontainers.MySql")]
    [DataRow("Testcontainers.MsSql")]
    [DataRow("sqlite-net-pcl")]
    [DataRow("SQLite.Net-PCL")]
    // in the list by themselves
    [DataRow("xunit.v3")]
    [DataRow("NUnit")]
    [DataRow("nunit")]
    [DataRow("Polly")]
    [DataRow("Polly.Core")]
    [DataRow("Dapper.Contrib")]
    [DataRow("MSTest.TestAdapter")]
    [DataRow("Moq")]
    [DataRow("NLog")]
    public void Honest_ids_are_left_alone(string id) => Assert.IsNull(PackageNames.FindWellKnownNeighbour(id));

    [TestMethod]
    public void Hostile_text_throws_nothing()
    {
        string[] texts =
        [
            "", ".", "-", "...", "0", "\0", "\uD800", "\uDC00", "\uD800\uD800\uD800\uD800\uD800", "Serilog\uD800", "\uDC00Serilog", "rn", "r", "vv",
            new string('a', 100), new string('1', 100), new string('.', 100), new string('\uD800', 100), new string('a', 101),
            new string('a', 10_000), new string('\u0430', 10_000), "Serilog" + new string('.', 10_000), "Serilog" + new string('1', 10_000),
        ];
        foreach (var text in texts)
        {
            _ = PackageNames.FindLookAlike(text);
            _ = PackageNames.FindWellKnownNeighbour(text);
        }
    }

    [TestMethod]
    public void Every_short_mutation_of_a_well_known_id_is_judged_without_throwing()
    {
        foreach (var id in PackageNames.WellKnown)
        {
            for (var i = 0; i < id.Length; i++)
            {
                foreach (var mutant in new[] { id.Remove(i, 1), id.Insert(i, "\uDC00"), id.Insert(i, "7"), id[..i], id[i..] })
                {
                    var found = PackageNames.FindWellKnownNeighbour(mutant);
                    Assert.IsTrue(found is null || PackageNames.WellKnown.Contains(found), mutant);
                }
            }
        }
    }

    [TestMethod]
    public void Ids_over_the_limit_of_nuget_org_are_not_compared()
    {
        Assert.AreEqual("Serilog", PackageNames.FindWellKnownNeighbour("Serilog" + new string('.', 93)));
        Assert.IsNull(PackageNames.FindWellKnownNeighbour("Serilog" + new string('.', 94)));
    }

    [TestMethod]
    public void A_letter_outside_ascii_never_folds_into_a_well_known_id()
    {
        // The Kelvin sign is a k in lower case, and dotless i an I in upper case.
        Assert.AreEqual("MailKit", PackageNames.FindWellKnownNeighbour("Mail\u212Ait"));
        Assert.AreEqual("Splat", PackageNames.FindWellKnownNeighbour("Sp\u0131at"));
    }

    [TestMethod]
    public void Null_is_refused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => PackageNames.FindLookAlike(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => PackageNames.FindWellKnownNeighbour(null!));
    }
}
