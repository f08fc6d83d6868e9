using System.Collections.Concurrent;
using System.Globalization;
using Hardening.Lockfiles;
using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging.Core;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;

namespace Hardening.Ecosystems.NuGet;

/// <summary>
/// Asks a package source when it published a version: the registration of NuGet's protocol ("Package metadata", <c>published</c>), and of a folder
/// the time of the file, as NuGet itself takes it. Asks only sources that are enabled in the settings, with the credentials that stand there or in
/// the environment.
/// </summary>
public sealed class PublicationDates : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyList<PackageSource> sources;
    private readonly ConcurrentDictionary<string, SourceRepository> repositories = new(StringComparer.Ordinal);
    private readonly TimeSpan timeout;

    // What a cache holds may be older than what is asked about.
    private readonly SourceCacheContext cache = new() { NoCache = true, MaxAge = DateTimeOffset.UtcNow };

    /// <summary>Reads the settings.</summary>
    /// <param name="configFolders">The folders whose settings count.</param>
    /// <param name="timeout">How long one answer may take; 60 seconds unless told.</param>
    /// <exception cref="InvalidDataException">The settings could not be read.</exception>
    public PublicationDates(IEnumerable<string> configFolders, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(configFolders);
        this.timeout = timeout ?? Longest;
        try
        {
            sources = [.. configFolders.SelectMany(folder => PackageSourceProvider.LoadPackageSources(Settings.LoadDefaultSettings(folder))).Where(s => s.IsEnabled)];
        }
        catch (NuGetConfigurationException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>When a version was published; null if the source does not know the version or no date of it.</summary>
    /// <param name="package">The version.</param>
    /// <param name="source">The address of the source, or its folder.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InvalidDataException">The source is none of the settings, or did not answer; the message is the rest of a sentence after "because".</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<DateTimeOffset?> AskAsync(PackageEntry package, string source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (sources.FirstOrDefault(s => PackageOrigin.AreSame(s.Source, source)) is not { } enabled)
        {
            throw new InvalidDataException($"it came from {WithoutUser(source)}, which is no enabled source of this repository's NuGet settings");
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(timeout);
        try
        {
            var repository = repositories.GetOrAdd(source, _ => Repository.Factory.GetCoreV3(enabled));
            var resource = await repository.GetResourceAsync<PackageMetadataResource>(limited.Token).WaitAsync(limited.Token).ConfigureAwait(false);
            var identity = new PackageIdentity(package.Name, NuGetVersion.Parse(package.Version));
            var metadata = resource is null ? null : await resource.GetMetadataAsync(identity, cache, NullLogger.Instance, limited.Token).WaitAsync(limited.Token).ConfigureAwait(false);
            return metadata?.Published;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{enabled.Name} did not answer within {timeout.TotalSeconds:0} seconds"));
        }
#pragma warning disable CA1031 // NuGet's client says of no exception that it throws it, and has many: whichever comes, the source gave no answer.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            throw new InvalidDataException($"{enabled.Name} did not answer: {e.Message.Replace(enabled.Source, WithoutUser(enabled.Source), StringComparison.Ordinal).TrimEnd('.')}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => cache.Dispose();

    private static string WithoutUser(string source) => Uri.TryCreate(source, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0 ? uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped) : source;
}
