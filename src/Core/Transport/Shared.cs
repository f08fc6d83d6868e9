using System.Collections.Concurrent;

namespace Hardening.Transport;

/// <summary>
/// Answers by what was asked. Callers who ask the same share one request, and one who gives up does not take it from the others. A failure
/// stays too, unless it can be another one a little later.
/// </summary>
internal sealed class Shared<TKey, TValue>(CancellationToken lifetime)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> answers = new();

    internal Task<TValue> GetAsync(TKey key, Func<CancellationToken, Task<TValue>> ask, CancellationToken cancellation)
    {
        Lazy<Task<TValue>>? own = null;
        own = new Lazy<Task<TValue>>(() => KeepAsync(key, own!, ask));
        return answers.GetOrAdd(key, own).Value.WaitAsync(cancellation);
    }

    private async Task<TValue> KeepAsync(TKey key, Lazy<Task<TValue>> own, Func<CancellationToken, Task<TValue>> ask)
    {
        try
        {
            return await Task.Run(() => ask(lifetime), lifetime).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not TransportException { IsTransient: false })
        {
            answers.TryRemove(KeyValuePair.Create(key, own));
            throw;
        }
    }
}
