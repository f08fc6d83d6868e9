namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>
/// The order of the canonical form, which is that of the bytes in UTF-8. Ordinal order of .NET differs where letters beyond U+FFFF meet those from U+E000
/// on.
/// </summary>
internal sealed class Utf8Order : IComparer<string>
{
    internal static readonly Utf8Order Instance = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan().EnumerateRunes();
        var right = y.AsSpan().EnumerateRunes();
        while (left.MoveNext())
        {
            if (!right.MoveNext())
            {
                return 1;
            }

            var order = left.Current.Value.CompareTo(right.Current.Value);
            if (order != 0)
            {
                return order;
            }
        }

        return right.MoveNext() ? -1 : 0;
    }
}
