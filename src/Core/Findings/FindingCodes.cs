namespace Hardening.Findings;

/// <summary>The one table of all HRD codes. A test holds it together with the pages <c>docs/HRDnnnn.md</c>.</summary>
public static class FindingCodes
{
    /// <summary>Where the pages of documentation are.</summary>
    public const string HelpRoot = "https://github.com/hardening-sdk/hardening-sdk/blob/main/docs/";

    // HRD0xxx: host, configuration, lockfile, policy
    public static readonly FindingCode LockfileMissing = new("HRD0001", Severity.Error, "The repository has no lockfile");
    public static readonly FindingCode LockfileDamaged = new("HRD0002", Severity.Error, "The lockfile is damaged");
    public static readonly FindingCode LockfileConflict = new("HRD0003", Severity.Error, "The lockfile has merge-conflict markers");
    public static readonly FindingCode LockfileTooNew = new("HRD0004", Severity.Error, "The lockfile was written by a newer Hardening.Sdk");
    public static readonly FindingCode NoRepositoryRoot = new("HRD0005", Severity.Error, "No repository root was found");
    public static readonly FindingCode NestedLockfile = new("HRD0006", Severity.Error, "There is a second lockfile below the root");
    public static readonly FindingCode VerificationOff = new("HRD0007", Severity.Warning, "Verification is switched off for this build");
    public static readonly FindingCode SwitchIgnored = new("HRD0008", Severity.Warning, "A verification switch was ignored");
    public static readonly FindingCode UnsupportedHost = new("HRD0009", Severity.Error, "The .NET SDK or MSBuild is too old");
    public static readonly FindingCode LockfileBusy = new("HRD0010", Severity.Error, "The lockfile could not be written");
    public static readonly FindingCode Unreadable = new("HRD0011", Severity.Error, "A file that the verdict needs could not be read");
    public static readonly FindingCode NotVerifiedYet = new("HRD0012", Severity.Error, "A design-time build found nothing remembered as verified");
    public static readonly FindingCode NotHardened = new("HRD0013", Severity.Error, "A project does not import Hardening.Sdk");
    public static readonly FindingCode ControlFileChanged = new("HRD0014", Severity.Error, "A control file differs from the lockfile");
    public static readonly FindingCode PolicyInvalid = new("HRD0015", Severity.Error, "The policy in hardening.yml is not valid");
    public static readonly FindingCode ExceptionExpired = new("HRD0016", Severity.Warning, "An exception in hardening.yml has expired");
    public static readonly FindingCode BaselineWeakened = new("HRD0017", Severity.Error, "The change weakens what the baseline protects");
    public static readonly FindingCode BaselineUnreadable = new("HRD0018", Severity.Error, "The baseline revision could not be read");

    // HRD1xxx: NuGet, MSBuild SDKs, tools, sources
    public static readonly FindingCode PackageNotLocked = new("HRD1001", Severity.Error, "A package is not in the lockfile");
    public static readonly FindingCode ReferenceChanged = new("HRD1002", Severity.Error, "A package reference differs from the lockfile");
    public static readonly FindingCode FileChanged = new("HRD1003", Severity.Error, "A file of a restored package was changed");
    public static readonly FindingCode FileAdded = new("HRD1004", Severity.Error, "A file was added to a restored package");
    public static readonly FindingCode FileMissing = new("HRD1005", Severity.Error, "A file of a restored package is missing");
    public static readonly FindingCode PackageBytesDiffer = new("HRD1006", Severity.Error, "A restored package is not the package that was locked");
    public static readonly FindingCode ForeignImport = new("HRD1007", Severity.Error, "obj holds a file that MSBuild would import and NuGet did not write");
    public static readonly FindingCode ImportOutsidePackages = new("HRD1008", Severity.Error, "A generated import leads outside the locked packages");
    public static readonly FindingCode SourcesChanged = new("HRD1009", Severity.Error, "nuget.config differs from the lockfile");
    public static readonly FindingCode SourcesNotCleared = new("HRD1010", Severity.Error, "nuget.config does not clear inherited package sources");
    public static readonly FindingCode SdkNotLocked = new("HRD1011", Severity.Warning, "The packages implied by this .NET SDK are not in the lockfile");
    public static readonly FindingCode ProjectNotLocked = new("HRD1012", Severity.Error, "A project is not in the lockfile");
    public static readonly FindingCode LookAlikeId = new("HRD1013", Severity.Error, "A package id has look-alike letters");
    public static readonly FindingCode NeighbourId = new("HRD1014", Severity.Warning, "A new package id is one edit from a well-known one");
    public static readonly FindingCode Republished = new("HRD1015", Severity.Error, "A source serves other bytes for a locked version");
    public static readonly FindingCode NotRestoredLocked = new("HRD1016", Severity.Error, "The restore results do not come from a locked restore");
    public static readonly FindingCode UpdateIncomplete = new("HRD1017", Severity.Error, "Update could not observe everything it has to lock");
    public static readonly FindingCode HostileArchive = new("HRD1018", Severity.Error, "A package archive is malformed or exceeds the limits");
    public static readonly FindingCode RestoreNotLocked = new("HRD1019", Severity.Error, "This restore would not enforce the lockfile");
    public static readonly FindingCode NewCode = new("HRD1020", Severity.Warning, "New code runs in the build");

    public static readonly FindingCode MSBuildSdkNotLocked = new("HRD1021", Severity.Error, "An MSBuild SDK is not in the lockfile");
    public static readonly FindingCode ToolNotLocked = new("HRD1022", Severity.Error, "A dotnet tool is not in the lockfile");
    public static readonly FindingCode SdkSourceNotMapped = new("HRD1023", Severity.Error, "An MSBuild SDK can come from more than one source");
    public static readonly FindingCode GlobalJsonChanged = new("HRD1024", Severity.Error, "The .NET SDK of global.json differs from the lockfile");
    public static readonly FindingCode OtherHardeningSdk = new("HRD1025", Severity.Error, "Another Hardening.Sdk is named in the repository");
    public static readonly FindingCode PackagesConfig = new("HRD1026", Severity.Warning, "Packages of a packages.config are not verified");
    public static readonly FindingCode OtherLockFile = new("HRD1027", Severity.Warning, "A packages.lock.json disagrees with the lockfile");
    public static readonly FindingCode TooYoung = new("HRD1028", Severity.Error, "A package version is younger than the policy permits");
    public static readonly FindingCode RunsHidden = new("HRD1029", Severity.Error, "A package runs what the lockfile does not say");

    // HRD2xxx: actions and workflows
    public static readonly FindingCode ActionNotLocked = new("HRD2001", Severity.Error, "An action is not in the lockfile");
    public static readonly FindingCode ActionCommitChanged = new("HRD2002", Severity.Error, "An action is pinned to another commit than the lockfile has");
    public static readonly FindingCode ActionNotPinned = new("HRD2003", Severity.Error, "An action is not pinned to a commit");
    public static readonly FindingCode ActionShortCommit = new("HRD2004", Severity.Error, "An action is pinned to a shortened commit");
    public static readonly FindingCode ActionCommentWrong = new("HRD2005", Severity.Error, "The version beside a pinned action contradicts the lockfile");

    // HRD2006 is not used again: images of workflows are HRD3xxx.
    public static readonly FindingCode ActionForbidden = new("HRD2007", Severity.Error, "The policy does not permit an action");
    public static readonly FindingCode ActionKnownBad = new("HRD2008", Severity.Error, "A commit is known to be malicious");
    public static readonly FindingCode ActionUnpinnable = new("HRD2009", Severity.Error, "What a workflow uses cannot be pinned");
    public static readonly FindingCode WorkflowUnreadable = new("HRD2010", Severity.Error, "A workflow or action could not be read");
    public static readonly FindingCode WorkflowMergeKey = new("HRD2011", Severity.Error, "A workflow has a YAML merge key");
    public static readonly FindingCode LocalActionMissing = new("HRD2012", Severity.Warning, "A local action is not in the repository");
    public static readonly FindingCode ActionsLockInvalid = new("HRD2013", Severity.Error, "GitHub's actions.lock is broken");
    public static readonly FindingCode ActionsLockIncomplete = new("HRD2014", Severity.Error, "GitHub's actions.lock lacks an entry");
    public static readonly FindingCode ActionsLockStale = new("HRD2015", Severity.Error, "GitHub's actions.lock has an entry that nothing uses");
    public static readonly FindingCode ActionsLockContradicts = new("HRD2016", Severity.Error, "GitHub's actions.lock contradicts the lockfile");
    public static readonly FindingCode ActionReplaced = new("HRD2017", Severity.Error, "The policy demands another action in place of one");
    public static readonly FindingCode ActionTooYoung = new("HRD2018", Severity.Error, "A tag or branch is younger than the policy permits");
    public static readonly FindingCode ActionNesting = new("HRD2019", Severity.Error, "Actions use each other in a circle, or too deeply");
    public static readonly FindingCode ActionTagMoved = new("HRD2020", Severity.Error, "A locked tag points to another commit upstream");
    public static readonly FindingCode ActionTagDeleted = new("HRD2021", Severity.Error, "A locked tag or branch is gone upstream");
    public static readonly FindingCode ActionImpostor = new("HRD2022", Severity.Error, "A commit belongs to no branch or tag of its repository");
    public static readonly FindingCode ActionRepositoryMoved = new("HRD2023", Severity.Error, "The repository of an action moved or changed its owner");
    public static readonly FindingCode ActionRefAmbiguous = new("HRD2024", Severity.Warning, "A branch and a tag bear the same name");
    public static readonly FindingCode GitHostUnreachable = new("HRD2025", Severity.Error, "A git host could not be reached");
    public static readonly FindingCode GitHostDenied = new("HRD2026", Severity.Error, "A git host denied access");
    public static readonly FindingCode ActionNotFound = new("HRD2027", Severity.Error, "A repository, ref or file of an action is not there");
    public static readonly FindingCode GitHostLimited = new("HRD2028", Severity.Error, "A git host limits the number of requests");
    public static readonly FindingCode GitAddressRefused = new("HRD2029", Severity.Error, "An address of a git host is not permitted");
    public static readonly FindingCode ActionContentChanged = new("HRD2030", Severity.Error, "A locked commit has other content upstream");
    public static readonly FindingCode GitAnswerRefused = new("HRD2031", Severity.Error, "The answer of a git host was refused");
    public static readonly FindingCode ActionPathNotLocked = new("HRD2032", Severity.Error, "What a locked action uses itself is not in the lockfile");

    // HRD3xxx: container images
    public static readonly FindingCode ImageNotLocked = new("HRD3001", Severity.Error, "An image is not in the lockfile");
    public static readonly FindingCode ImageDigestChanged = new("HRD3002", Severity.Error, "An image is pinned to another digest than the lockfile has");
    public static readonly FindingCode ImageNotPinned = new("HRD3003", Severity.Error, "An image is not pinned to a digest");
    public static readonly FindingCode ImageLatest = new("HRD3004", Severity.Error, "An image is named by `latest`, or by no tag");
    public static readonly FindingCode ImageForbidden = new("HRD3005", Severity.Error, "The policy does not permit an image");
    public static readonly FindingCode ImageReplaced = new("HRD3006", Severity.Error, "The policy demands another image in place of one");
    public static readonly FindingCode ImageTagWrong = new("HRD3007", Severity.Error, "The tag beside a pinned image contradicts the lockfile");
    public static readonly FindingCode ImageFileUnreadable = new("HRD3008", Severity.Error, "A file that names images could not be read, or its builder would refuse it");
    public static readonly FindingCode ImageVariable = new("HRD3009", Severity.Error, "An image depends on a variable that has no value");
    public static readonly FindingCode ImageUnpinnable = new("HRD3010", Severity.Error, "What names an image cannot be edited safely");
    public static readonly FindingCode ContainerBaseNotLocked = new("HRD3012", Severity.Error, "The base image of a published container is not in the lockfile");
    public static readonly FindingCode ContainerBaseNotPinned = new("HRD3013", Severity.Error, "The base image of a published container is not the locked one");
    public static readonly FindingCode ImageTagMoved = new("HRD3014", Severity.Error, "A locked tag leads to another image upstream");
    public static readonly FindingCode ImageGone = new("HRD3015", Severity.Error, "A locked image is gone from its registry");
    public static readonly FindingCode ImageRepositoryGone = new("HRD3016", Severity.Error, "The repository or tag of an image is not there");
    public static readonly FindingCode RegistryUnreachable = new("HRD3017", Severity.Error, "A registry could not be reached");
    public static readonly FindingCode RegistryDenied = new("HRD3018", Severity.Error, "A registry denied access");
    public static readonly FindingCode RegistryLimited = new("HRD3019", Severity.Error, "A registry limits the number of requests");
    public static readonly FindingCode RegistryAddressRefused = new("HRD3020", Severity.Error, "An address of a registry is not permitted");
    public static readonly FindingCode RegistryAnswerRefused = new("HRD3021", Severity.Error, "The answer of a registry was refused");

    /// <summary>Every code, sorted by id.</summary>
    public static IReadOnlyList<FindingCode> All { get; } =
        [.. typeof(FindingCodes).GetFields().Where(f => f.FieldType == typeof(FindingCode)).Select(f => (FindingCode)f.GetValue(null)!).OrderBy(c => c.Id, StringComparer.Ordinal)];
}
