namespace Hardening.Ecosystems.Actions.GitHubLock;

/// <summary>
/// Finds dependencies that use each other in a circle. GitHub refuses a file with one, even where folders of repositories use each other without one, because
/// the file knows no folders.
/// </summary>
internal static class PinCycles
{
    /// <summary>The edges that close a circle, one at least of each, in the order of a walk by key. Recursion would end the process on a long chain.</summary>
    internal static List<(PinKey From, PinKey To)> ClosingEdges(IReadOnlyDictionary<PinKey, IReadOnlyList<PinKey>> graph)
    {
        var closing = new List<(PinKey From, PinKey To)>();
        var isOpen = new Dictionary<PinKey, bool>();
        var path = new Stack<(PinKey Key, IReadOnlyList<PinKey> Uses, int Next)>();
        foreach (var key in graph.Keys.Order())
        {
            Enter(key);
            while (path.TryPop(out var step))
            {
                if (step.Next == step.Uses.Count)
                {
                    isOpen[step.Key] = false;
                    continue;
                }

                path.Push((step.Key, step.Uses, step.Next + 1));
                var used = step.Uses[step.Next];
                if (isOpen.TryGetValue(used, out var open) && open)
                {
                    closing.Add((step.Key, used));
                }

                Enter(used);
            }
        }

        return closing;

        void Enter(PinKey key)
        {
            if (graph.TryGetValue(key, out var uses) && isOpen.TryAdd(key, true))
            {
                path.Push((key, uses, 0));
            }
        }
    }
}
