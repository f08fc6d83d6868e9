using System.Text.Json;
using Hardening.Formats.Images;

namespace Hardening.Lockfiles;

/// <content>The section of container images.</content>
public static partial class LockfileReader
{
    // RFC 6838 gives type and subtype 127 letters each.
    private const int LongestMediaType = 255;
    private const int LongestPlatform = 255;

    private ref partial struct Cursor
    {
        private ImagesSection Images()
        {
            Dictionary<string, ImageEntry>? digests = null;
            Dictionary<string, IReadOnlyDictionary<string, string>>? bases = null;
            var used = new List<(long At, string Reference, string Key)>();
            var unknown = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var name))
            {
                switch (name)
                {
                    case "bases":
                        Once(bases is not null, name);
                        bases = Bases(used);
                        break;
                    case "digests":
                        Once(digests is not null, name);
                        digests = Digests();
                        break;
                    default:
                        Keep(unknown, name);
                        break;
                }
            }

            // Members may come in any order, so this can only be told at the end.
            foreach (var (at, reference, key) in used)
            {
                if (digests?.ContainsKey(key) != true)
                {
                    throw new LockfileFormatException($"\"{reference}\" leads to \"{key}\", which has no entry", at);
                }
            }

            return new ImagesSection
            {
                IsBaseline = true,
                Bases = bases ?? Map<IReadOnlyDictionary<string, string>>.Empty,
                Digests = digests ?? Map<ImageEntry>.Empty,
                Unknown = unknown,
            };
        }

        private Dictionary<string, IReadOnlyDictionary<string, string>> Bases(List<(long At, string Reference, string Key)> used)
        {
            var map = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var project))
            {
                Add(RelativePath(project), map, project, BasesOfProject(used));
            }

            return map;
        }

        // The build injects the digest of the key in place of the reference, so both have to be of one image.
        private Dictionary<string, string> BasesOfProject(List<(long At, string Reference, string Key)> used)
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var reference))
            {
                var at = nameOffset;
                var key = Text();
                if (ImageName.Parse(reference) is not { Tag.Length: > 0, Digest.Length: 0 } image || image.Reference != reference || !IsImageKey(key, out var entry) || entry.Name != image.Name)
                {
                    throw new LockfileFormatException($"\"{reference}\": \"{key}\" is not an image in full with its tag and the entry that it leads to", at);
                }

                used.Add((at, reference, key));
                Add(at, map, reference, key);
            }

            return map;
        }

        private Dictionary<string, ImageEntry> Digests()
        {
            var map = new Dictionary<string, ImageEntry>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                var at = nameOffset;
                if (!IsImageKey(key, out var entry))
                {
                    throw new LockfileFormatException($"the key \"{key}\" is not the name of an image in full and a digest", at);
                }

                Add(at, map, key, Digest(entry));
            }

            return map;
        }

        private ImageEntry Digest(ImageEntry entry)
        {
            string? mediaType = null;
            Dictionary<string, string>? platforms = null;
            List<string>? tags = null;
            Dictionary<string, JsonElement>? unknown = null;
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var member))
            {
                switch (member)
                {
                    case "mediaType":
                        Once(mediaType is not null, member);
                        mediaType = MediaType();
                        break;
                    case "platforms":
                        Once(platforms is not null, member);
                        platforms = Platforms();
                        break;
                    case "tags":
                        Once(tags is not null, member);
                        tags = Tags();
                        break;
                    default:
                        Keep(unknown ??= new(StringComparer.Ordinal), member);
                        break;
                }
            }

            return entry with
            {
                MediaType = mediaType ?? string.Empty,
                Platforms = platforms ?? Map<string>.Empty,
                Tags = tags ?? [],
                Unknown = unknown ?? Map<JsonElement>.Empty,
            };
        }

        private string MediaType()
        {
            var value = Text();
            var slash = value.IndexOf('/', StringComparison.Ordinal);
            return value.Length <= LongestMediaType && slash > 0 && IsWord(value.AsSpan(0, slash), "!#$&-^_.+") && IsWord(value.AsSpan(slash + 1), "!#$&-^_.+")
                ? value
                : throw Error("expected a media type");
        }

        private Dictionary<string, string> Platforms()
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var platform))
            {
                var at = nameOffset;
                var digest = Text();
                if (!IsPlatform(platform) || !new ImageText(string.Empty, string.Empty, digest).IsPinned)
                {
                    throw new LockfileFormatException($"\"{platform}\": \"{digest}\" is not a platform and a digest", at);
                }

                Add(at, map, platform, digest);
            }

            return map;
        }

        private List<string> Tags()
        {
            var list = new List<string>();
            Expect(JsonTokenType.StartArray, "an array");
            Read();
            while (reader.TokenType != JsonTokenType.EndArray)
            {
                var tag = Text();
                if (ImageName.Parse("x:" + tag)?.Tag != tag)
                {
                    throw Error($"\"{tag}\" is not a tag");
                }

                if (list.Count > 0 && string.CompareOrdinal(list[^1], tag) >= 0)
                {
                    throw Error($"the tag \"{tag}\" does not come after \"{list[^1]}\"");
                }

                list.Add(tag);
                Read();
            }

            return list;
        }

        // Another spelling of the same image would be a second entry for it.
        private static bool IsImageKey(string key, out ImageEntry entry)
        {
            var image = ImageName.Parse(key);
            entry = new ImageEntry(image?.Name ?? string.Empty, image?.Digest ?? string.Empty);
            return image is { Tag.Length: 0, Digest.Length: > 0 } && entry.Key == key && ImageName.Parse(entry.Name)?.Name == entry.Name;
        }

        // os/arch[/variant][:os.version]
        private static bool IsPlatform(string platform)
        {
            var colon = platform.IndexOf(':', StringComparison.Ordinal);
            var parts = (colon < 0 ? platform : platform[..colon]).Split('/');
            return platform.Length <= LongestPlatform && parts.Length is 2 or 3 && Array.TrueForAll(parts, p => IsWord(p, "-_.")) && (colon < 0 || IsWord(platform.AsSpan(colon + 1), "-_."));
        }

        private static bool IsWord(ReadOnlySpan<char> text, string others)
        {
            foreach (var c in text)
            {
                if (!char.IsAsciiLetterOrDigit(c) && !others.Contains(c, StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return text.Length > 0;
        }
    }
}
