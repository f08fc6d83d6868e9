using System.Collections.Frozen;
using Hardening.Findings;

namespace Hardening.Policies;

/// <summary>
/// Which codes no exception may name: those by which the gate itself says that it does not work, since an exception would disarm it without
/// a word, and those that are accepted in the lockfile, where the exact bytes are accepted and not whatever comes.
/// </summary>
public static class ExceptionRules
{
    private const string IntoLockfile = "accept it into the lockfile: " + Commands.Update;
    private const string MendLockfile = "mend the lockfile, see the page of the code";
    private const string MendGate = "mend what the finding names, see the page of the code";

    private const string UseAnother = "use another action, or another commit of it";
    private const string UseAnotherImage = "use another image, or another digest of it";
    private const string TryAgainRegistry = "let the registry answer, and try again";
    private const string TryAgain = "let the host answer, and try again";

    private static readonly FrozenDictionary<FindingCode, string> Instead = new Dictionary<FindingCode, string>
    {
        [FindingCodes.LockfileMissing] = "write the lockfile: " + Commands.Update,
        [FindingCodes.LockfileDamaged] = MendLockfile,
        [FindingCodes.LockfileConflict] = MendLockfile,
        [FindingCodes.LockfileTooNew] = MendLockfile,
        [FindingCodes.NoRepositoryRoot] = MendGate,
        [FindingCodes.NestedLockfile] = MendLockfile,
        [FindingCodes.VerificationOff] = "leave out -p:HardeningVerify=false",
        [FindingCodes.SwitchIgnored] = "remove the switch from where the finding says",
        [FindingCodes.UnsupportedHost] = MendGate,
        [FindingCodes.LockfileBusy] = MendLockfile,
        [FindingCodes.Unreadable] = MendGate,
        [FindingCodes.NotVerifiedYet] = "build once: dotnet build",
        [FindingCodes.PolicyInvalid] = "mend hardening.yml",
        [FindingCodes.ExceptionExpired] = "set a later `until` in the exception that expired",
        [FindingCodes.BaselineWeakened] = "have the change reviewed and merged into the baseline",
        [FindingCodes.BaselineUnreadable] = MendGate,
        [FindingCodes.PackageNotLocked] = IntoLockfile,
        [FindingCodes.ReferenceChanged] = IntoLockfile,
        [FindingCodes.SourcesChanged] = IntoLockfile,
        [FindingCodes.ProjectNotLocked] = IntoLockfile,
        [FindingCodes.Republished] = "accept the other bytes of this one package into the lockfile: " + Commands.UpdateOnly("<id>"),
        [FindingCodes.NotRestoredLocked] = "delete the obj folder that the finding names and restore: dotnet restore",
        [FindingCodes.UpdateIncomplete] = "update over everything at once: " + Commands.Update,
        [FindingCodes.HostileArchive] = "use another version of the package",
        [FindingCodes.RestoreNotLocked] = "remove the property or switch that the finding names",
        [FindingCodes.MSBuildSdkNotLocked] = IntoLockfile,
        [FindingCodes.ToolNotLocked] = IntoLockfile,
        [FindingCodes.GlobalJsonChanged] = IntoLockfile,
        [FindingCodes.ControlFileChanged] = IntoLockfile,
        [FindingCodes.RunsHidden] = IntoLockfile,
        [FindingCodes.ActionNotLocked] = IntoLockfile,
        [FindingCodes.ActionCommitChanged] = IntoLockfile,
        [FindingCodes.ActionPathNotLocked] = IntoLockfile,
        [FindingCodes.ActionForbidden] = "change `allow` or `forbid` in hardening.yml",
        [FindingCodes.ActionReplaced] = "change `replace` in hardening.yml",
        [FindingCodes.ActionKnownBad] = "use another commit",
        [FindingCodes.WorkflowUnreadable] = "mend the file; or exclude it in hardening.yml",
        [FindingCodes.ActionNesting] = UseAnother,
        [FindingCodes.ActionTagMoved] = "accept the other commit into the lockfile, once it was reviewed: " + Commands.UpdateAction("<owner/repo>"),
        [FindingCodes.ActionImpostor] = UseAnother,
        [FindingCodes.ActionRepositoryMoved] = "write the new address in the workflow, once it was reviewed",
        [FindingCodes.ActionContentChanged] = UseAnother,
        [FindingCodes.ActionNotFound] = UseAnother,
        [FindingCodes.GitHostUnreachable] = TryAgain,
        [FindingCodes.GitHostDenied] = TryAgain,
        [FindingCodes.GitHostLimited] = TryAgain,
        [FindingCodes.GitAddressRefused] = UseAnother,
        [FindingCodes.GitAnswerRefused] = TryAgain,
        [FindingCodes.ImageNotLocked] = IntoLockfile,
        [FindingCodes.ImageDigestChanged] = IntoLockfile,
        [FindingCodes.ImageForbidden] = "change `allow` or `forbid` in hardening.yml",
        [FindingCodes.ImageReplaced] = "change `replace` in hardening.yml",
        [FindingCodes.ImageFileUnreadable] = "mend the file; or exclude it in hardening.yml",
        [FindingCodes.ContainerBaseNotLocked] = IntoLockfile,
        [FindingCodes.ContainerBaseNotPinned] = IntoLockfile,
        [FindingCodes.ImageTagMoved] = "accept the other digest into the lockfile, once it was reviewed: " + Commands.UpdateImage("<name>"),
        [FindingCodes.ImageGone] = UseAnotherImage,
        [FindingCodes.ImageRepositoryGone] = UseAnotherImage,
        [FindingCodes.RegistryUnreachable] = TryAgainRegistry,
        [FindingCodes.RegistryDenied] = TryAgainRegistry,
        [FindingCodes.RegistryLimited] = TryAgainRegistry,
        [FindingCodes.RegistryAddressRefused] = UseAnotherImage,
        [FindingCodes.RegistryAnswerRefused] = TryAgainRegistry,
    }.ToFrozenDictionary();

    /// <summary>What to do in place of an exception for this code; null if an exception is permitted.</summary>
    public static string? InsteadOf(FindingCode code) => Instead.GetValueOrDefault(code);
}
