namespace Hardening.Transport.Git;

/// <summary>How much of a repository is borne. The largest that are used as actions stay far below.</summary>
public sealed record GitLimits
{
    /// <summary>Refs in one listing.</summary>
    public int Refs { get; init; } = 500_000;

    /// <summary>Bytes of a listing of refs.</summary>
    public long RefsBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of one tree as it comes, packed.</summary>
    public long PackBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Objects in a pack.</summary>
    public int Objects { get; init; } = 500_000;

    /// <summary>Files, links and submodules in a tree.</summary>
    public int Entries { get; init; } = 500_000;

    /// <summary>Bytes of all files of a tree, unpacked; a content that is there twice counts once.</summary>
    public long TreeBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Bytes of one file, and of any object that git has to hold in memory.</summary>
    public long FileBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long git may work on what came.</summary>
    public TimeSpan Digestion { get; init; } = TimeSpan.FromMinutes(5);

    // Objects that one request says it has: with SHA-256 a little less than 1 MiB, beyond which nginx takes no request unless told otherwise.
    internal int Haves { get; init; } = 14_000;
}
