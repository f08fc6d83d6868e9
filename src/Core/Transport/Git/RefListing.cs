using System.Globalization;

namespace Hardening.Transport.Git;

/// <summary>Asks for refs and reads them (gitprotocol-v2, "ls-refs").</summary>
internal static class RefListing
{
    internal static byte[] Request(IReadOnlyList<string> prefixes, bool isSha256)
        => new PktRequest("ls-refs", isSha256).With("peel", "symrefs").With([.. prefixes.Select(p => "ref-prefix " + p)]).End();

    /// <summary>Reads the answer: only what begins with one of the prefixes, for they are no more than a hint to the server.</summary>
    internal static async Task<IReadOnlyList<GitRef>> ReadAsync(PktReader reader, IReadOnlyList<string> prefixes, int most)
    {
        var refs = new List<GitRef>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        PktLine line;
        for (var lines = 0; (line = await reader.NextAsync().ConfigureAwait(false)).Kind == PktKind.Data; lines++)
        {
            if (lines == most)
            {
                throw new TransportException(TransportFailure.TooLarge, string.Create(CultureInfo.InvariantCulture, $"{reader.Address}: the server lists more than {most} refs."));
            }

            var found = Parse(line.Text) ?? throw reader.Malformed("a line of it is no ref");
            if (!names.Add(found.Name) || found.ObjectId.Length != (refs.Count > 0 ? refs[0] : found).ObjectId.Length)
            {
                throw reader.Malformed("a ref of it is there twice, or has another kind of id than the others");
            }

            if (prefixes.Count == 0 || prefixes.Any(p => found.Name.StartsWith(p, StringComparison.Ordinal)))
            {
                refs.Add(found);
            }
        }

        if (line.Kind != PktKind.Flush)
        {
            throw reader.Malformed("the list of refs has no end");
        }

        await reader.EndAsync().ConfigureAwait(false);
        return refs;
    }

    // "<id> <name>[ peeled:<id>][ symref-target:<name>]", and attributes that are not known yet.
    private static GitRef? Parse(ReadOnlySpan<byte> line)
    {
        var idEnd = line.IndexOf((byte)' ');
        if (idEnd < 0)
        {
            return null;
        }

        var id = GitText.Decode(line[..idEnd]);
        var rest = line[(idEnd + 1)..];
        var nameEnd = rest.IndexOf((byte)' ');
        var name = GitText.Decode(nameEnd < 0 ? rest : rest[..nameEnd]);
        var attributes = nameEnd < 0 ? [] : GitText.Decode(rest[(nameEnd + 1)..]).Split(' ');
        var peeled = Attribute(attributes, "peeled:");
        return GitText.IsObjectId(id) && GitRefName.IsValid(name) && (peeled is null || (peeled.Length == id.Length && GitText.IsObjectId(peeled)))
            ? new GitRef(name, id, peeled, Attribute(attributes, "symref-target:"))
            : null;
    }

    private static string? Attribute(string[] attributes, string key) => attributes.FirstOrDefault(a => a.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
}
