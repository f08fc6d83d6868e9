using System.Text.Json;
using Hardening.Formats.Workflows;

namespace Hardening.Lockfiles;

/// <content>The section of actions.</content>
public static partial class LockfileReader
{
    private ref partial struct Cursor
    {
        private ActionsSection Actions()
        {
            Dictionary<string, ActionEntry>? commits = null;
            var unknown = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var name))
            {
                if (name == "commits")
                {
                    Once(commits is not null, name);
                    commits = Commits();
                }
                else
                {
                    Keep(unknown, name);
                }
            }

            return new ActionsSection { IsBaseline = true, Commits = commits ?? Map<ActionEntry>.Empty, Unknown = unknown };
        }

        private Dictionary<string, ActionEntry> Commits()
        {
            var map = new Dictionary<string, ActionEntry>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var key))
            {
                var at = nameOffset;
                if (!IsActionKey(key))
                {
                    throw new LockfileFormatException($"the key \"{key}\" is not a repository and a commit", at);
                }

                var entry = Commit(key[(key.LastIndexOf('@') + 1)..]);
                if (entry.Key != key || !UsesText.IsRepository(entry.Name) || entry.Uses.Values.SelectMany(u => u).Any(u => UsesText.Parse(u.Key).Form == UsesForm.Local && u.Value != key))
                {
                    throw new LockfileFormatException($"the key \"{key}\" does not match the name \"{entry.Name}\"", at);
                }

                Add(at, map, key, entry);
            }

            return map;
        }

        private ActionEntry Commit(string commit)
        {
            string? name = null;
            (IReadOnlyDictionary<string, string> Refs, string Tree)? git = null;
            (long Owner, long Repository)? host = null;
            Dictionary<string, IReadOnlyDictionary<string, string>>? uses = null;
            Dictionary<string, JsonElement>? unknown = null;
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var member))
            {
                switch (member)
                {
                    case "git":
                        Once(git is not null, member);
                        git = Git(commit.Length);
                        break;
                    case "host":
                        Once(host is not null, member);
                        host = Host();
                        break;
                    case "name":
                        Once(name is not null, member);
                        name = Text();
                        break;
                    case "uses":
                        Once(uses is not null, member);
                        uses = Uses();
                        break;
                    default:
                        Keep(unknown ??= new(StringComparer.Ordinal), member);
                        break;
                }
            }

            return new ActionEntry(Required(name, "name"), commit)
            {
                Refs = git?.Refs ?? Map<string>.Empty,
                Tree = git?.Tree ?? string.Empty,
                OwnerId = host?.Owner ?? 0,
                RepositoryId = host?.Repository ?? 0,
                Uses = uses ?? Map<IReadOnlyDictionary<string, string>>.Empty,
                Unknown = unknown ?? Map<JsonElement>.Empty,
            };
        }

        private (IReadOnlyDictionary<string, string> Refs, string Tree) Git(int digits)
        {
            IReadOnlyDictionary<string, string>? refs = null;
            string? tree = null;
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var member))
            {
                switch (member)
                {
                    case "refs":
                        Once(refs is not null, member);
                        refs = Refs(digits);
                        break;
                    case "tree":
                        Once(tree is not null, member);
                        tree = Hash();
                        break;
                    default:
                        throw new LockfileFormatException($"\"{member}\" is not known", nameOffset);
                }
            }

            return (refs ?? Map<string>.Empty, tree ?? string.Empty);
        }

        private Dictionary<string, string> Refs(int digits)
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var name))
            {
                var at = nameOffset;
                var id = Text();
                if (!UsesText.IsRefName(name) || !UsesText.IsCommit(id) || id.Length != digits || id.Any(char.IsAsciiLetterUpper))
                {
                    throw new LockfileFormatException($"\"{name}\": \"{id}\" is not a branch or tag and the object that it names", at);
                }

                Add(at, map, name, id);
            }

            return map;
        }

        private (long Owner, long Repository) Host()
        {
            long? owner = null, repository = null;
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var member))
            {
                switch (member)
                {
                    case "owner":
                        Once(owner is not null, member);
                        owner = Id();
                        break;
                    case "repository":
                        Once(repository is not null, member);
                        repository = Id();
                        break;
                    default:
                        throw new LockfileFormatException($"\"{member}\" is not known", nameOffset);
                }
            }

            return (owner ?? 0, repository ?? 0);
        }

        private Dictionary<string, IReadOnlyDictionary<string, string>> Uses()
        {
            var map = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var path))
            {
                var at = path == ActionEntry.RootPath ? nameOffset : RelativePath(path);
                var used = Used();
                Add(at, map, path, used);
            }

            return map;
        }

        // The words of a repository lead to an entry, and of a commit to the one of just this; those of an image to none.
        private Dictionary<string, string> Used()
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (Property(out var words))
            {
                var at = nameOffset;
                var key = Text();
                var uses = UsesText.Parse(words);
                if (uses.Form == UsesForm.Image ? key.Length > 0 : uses.Form is not (UsesForm.Repository or UsesForm.Local) || !IsActionKey(key)
                    || (uses.Form == UsesForm.Repository && !key.StartsWith(ActionEntry.KeyOf(uses.Name, uses.IsPinned ? uses.Ref.ToLowerInvariant() : string.Empty), StringComparison.Ordinal)))
                {
                    throw new LockfileFormatException($"\"{words}\": \"{key}\" is not what an action uses and the entry that it leads to", at);
                }

                Add(at, map, words, key);
            }

            return map;
        }

        private static bool IsActionKey(string key)
        {
            var at = key.LastIndexOf('@');
            return at > 0 && UsesText.IsCommit(key[(at + 1)..]) && key == key.ToLowerInvariant() && UsesText.IsRepository(key[..at]);
        }
    }
}
