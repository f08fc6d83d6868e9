using System.Text;
using System.Text.Json;

namespace Hardening.Formats;

/// <summary>A string or other simple value in a JSON file.</summary>
/// <param name="Path">The names that lead to it.</param>
/// <param name="Value">Its text; of a string without quotes and escapes.</param>
/// <param name="NameStart">Offset of the name in UTF-16 units, after the quote.</param>
/// <param name="NameEnd">Offset after the name.</param>
public sealed record JsonLeaf(IReadOnlyList<string> Path, string Value, int NameStart, int NameEnd)
{
    /// <summary>Where the name of the object around stands, without quotes; empty at the top.</summary>
    public (int Start, int End) Parent { get; init; }

    /// <summary>Where the value stands, of a string without quotes; of an array its bracket.</summary>
    public (int Start, int End) At { get; init; }
}

/// <summary>
/// Reads a JSON file as its .NET readers do: comments and trailing commas are taken. Of a name that is there twice every value is told, because
/// readers differ in which one they take.
/// </summary>
public static class JsonText
{
    private const int Deepest = 64;

    /// <summary>Every value that is no object, in the order of the text. Those of an array have the array's path, and so has an array that is empty (with an empty value).</summary>
    /// <exception cref="InvalidDataException">Not JSON.</exception>
    public static IReadOnlyList<JsonLeaf> Leaves(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = Deepest });
        var leaves = new List<JsonLeaf>();
        var names = new List<(int Depth, string Name, int Start, int End)>();
        var (seen, chars) = (0, 0);
        try
        {
            while (reader.Read())
            {
                // A name ends with the object around it.
                var depth = reader.TokenType == JsonTokenType.PropertyName ? reader.CurrentDepth - 1 : reader.CurrentDepth;
                names.RemoveAll(n => n.Depth > depth);
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        var (start, end) = Span((int)reader.TokenStartIndex + 1, reader.ValueSpan);
                        names.Add((reader.CurrentDepth, reader.GetString()!, start, end));
                        break;
                    case JsonTokenType.String:
                        Add(reader.GetString()!, Span((int)reader.TokenStartIndex + 1, reader.ValueSpan));
                        break;
                    case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null:
                        Add(Encoding.UTF8.GetString(reader.ValueSpan), Span((int)reader.TokenStartIndex, reader.ValueSpan));
                        break;
                    case JsonTokenType.StartArray when names.Count > 0:
                        Add(string.Empty, Span((int)reader.TokenStartIndex, reader.ValueSpan));
                        break;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException(e.Message, e);
        }

        return leaves;

        // From bytes to UTF-16 units. Tokens come in order, so each byte is counted once.
        (int Start, int End) Span(int at, ReadOnlySpan<byte> token)
        {
            chars += Encoding.UTF8.GetCharCount(utf8.AsSpan(seen, at - seen));
            seen = at;
            return (chars, chars + Encoding.UTF8.GetCharCount(token));
        }

        void Add(string value, (int Start, int End) at)
        {
            var (_, _, start, end) = names.Count > 0 ? names[^1] : default;
            var (_, _, outerStart, outerEnd) = names.Count > 1 ? names[^2] : default;
            leaves.Add(new JsonLeaf([.. names.Select(n => n.Name)], value, start, end) { Parent = (outerStart, outerEnd), At = at });
        }
    }
}
