using System.Text;
using Hardening.Findings;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class PolicyReaderTests
{
    [TestMethod]
    public void Every_key_is_read()
    {
        var policy = PolicySamples.Read(PolicySamples.Full);

        PolicySamples.AreSame(
            new Policy
            {
                Exclude = [new Exclusion("samples/**", "nobody builds them")],
                NuGet = new NuGetPolicy
                {
                    Enforce = Enforcement.Ci,
                    ImplicitPackages = Enforcement.Build,
                    MinimumAge = TimeSpan.FromDays(3),
                    Own = ["Hardening.Sdk", "Some.Tool"],
                },
                Actions = new ActionsPolicy
                {
                    Enforce = Enforcement.Warn,
                    Unpinned = Enforcement.Build,
                    Allow = ["actions/*", "ours/*", "https://git.example/own/*"],
                    Forbid = ["*/evil"],
                    Replace =
                    [
                        new ActionReplacement("theirs/action", "ours/action") { Refs = new Dictionary<string, string> { ["v4"] = "v4.1", ["*"] = "main" } },
                        new ActionReplacement("theirs/other", "https://git.example/own/other"),
                    ],
                    MinimumAge = TimeSpan.FromDays(14),
                    Update = UpdateRange.Minor,
                },
                Images = new ImagesPolicy
                {
                    Enforce = Enforcement.Off,
                    Unpinned = Enforcement.Ci,
                    Allow = ["mcr.microsoft.com/*", "docker.io/library/alpine", "localhost:5000/ours/*"],
                    Forbid = ["docker.io/theirs/*"],
                    Replace = [new ImageReplacement("docker.io/library/node", "localhost:5000/ours/node")],
                },
                Exceptions =
                [
                    new PolicyException(FindingCodes.NeighbourId, "reviewed, see #12", new DateOnly(2027, 1, 31)) { Input = "Some.Package", Path = "src/**", Line = 32 },
                    new PolicyException(FindingCodes.SourcesNotCleared, "no private feed", new DateOnly(2027, 2, 28)) { Line = 37 },
                ],
            },
            policy);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("\n\r\n")]
    [DataRow("# nothing yet\n")]
    [DataRow("---\n")]
    [DataRow("---\n...\n")]
    [DataRow("version: 1\n")]
    [DataRow("{}")]
    [DataRow("nuget: {}\nexclude: []\nexceptions: []\nactions: {}\nimages: {}")]
    public void What_says_nothing_is_the_default(string text)
        => PolicySamples.AreSame(Policy.Default, PolicySamples.Read(text));

    [TestMethod]
    public void A_byte_order_mark_and_CRLF_change_nothing()
    {
        var bytes = (byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(PolicySamples.Full.ReplaceLineEndings("\r\n"))];

        var policy = PolicyReader.Read(bytes, PolicySamples.File, out var findings);

        Assert.IsEmpty(findings);
        PolicySamples.AreSame(PolicySamples.Read(PolicySamples.Full), policy!);
        Assert.StartsWith("3:1 `b` is no key", PolicySamples.Say(PolicySamples.Errors([0xEF, 0xBB, 0xBF, .. "nuget: {}\r\n\r\nb: 1\r\n"u8])[0]));
        Assert.StartsWith("1:1 `b` is no key", PolicySamples.Say(PolicySamples.Errors([0xEF, 0xBB, 0xBF, .. "b: 1"u8])[0]));
    }

    [TestMethod]
    [DataRow("0", 0)]
    [DataRow("12h", 12)]
    [DataRow("3d", 72)]
    [DataRow("2w", 336)]
    [DataRow("0d", 0)]
    [DataRow("3650d", 87600)]
    public void An_age_is_in_hours_days_or_weeks(string age, int hours)
        => Assert.AreEqual(TimeSpan.FromHours(hours), PolicySamples.Read($"nuget:\n  minimumAge: {age}\n").NuGet.MinimumAge);

    [TestMethod]
    // Keys.
    [DataRow("nuget:\n  enforc: ci", "2:3 `enforc` is no key of nuget; did you mean `enforce`? | write `enforce`")]
    [DataRow("nuget:\n  enfroce: ci", "2:3 `enfroce` is no key of nuget; did you mean `enforce`? | write `enforce`")]
    [DataRow("nuget:\n  implicit_packages: ci", "2:3 `implicit_packages` is no key of nuget; did you mean `implicitPackages`? | write `implicitPackages`")]
    [DataRow("NuGet: {}", "1:1 `NuGet` is no key of the policy; did you mean `nuget`? | write `nuget`")]
    [DataRow("docker: {}", "1:1 `docker` is no key of the policy. | remove it, or write one of version, exclude, nuget, actions, images, exceptions")]
    [DataRow("images: { minimumAge: 3d }", "1:11 `minimumAge` is no key of images. | remove it, or write one of enforce")]
    [DataRow("actions: { own: [a] }", "1:12 `own` is no key of actions. | remove it, or write one of enforce, unpinned, allow, forbid, replace, minimumAge, update")]
    [DataRow("actions: { alow: [a/b] }", "1:12 `alow` is no key of actions; did you mean `allow`? | write `allow`")]
    [DataRow("actions: { unpined: ci }", "1:12 `unpined` is no key of actions; did you mean `unpinned`? | write `unpinned`")]
    [DataRow("images: {}\nactions: {}\nimages: {}", "3:1 `images` is there twice; the first one is in line 1. | remove one of them")]
    [DataRow("\"images\": {}\nimages: {}", "2:1 `images` is there twice; the first one is in line 1. | remove one of them")]
    // Values.
    [DataRow("nuget: { enforce: wran }", "1:19 `wran` is no value of nuget.enforce; did you mean `warn`? | write `warn`")]
    [DataRow("nuget: { enforce: Off }", "1:19 `Off` is no value of nuget.enforce; did you mean `off`? | write `off`")]
    [DataRow("images: { enforce: never }", "1:20 `never` is no value of images.enforce. | write one of off, warn, ci, build")]
    [DataRow("nuget: { minimumAge: 3 }", "1:22 `3` is no age for nuget.minimumAge, which goes up to ten years. | write a whole number with h, d or w, as in 12h, 3d or 2w; or 0 for none")]
    [DataRow("nuget: { minimumAge: -3d }", "1:22 `-3d` is no age")]
    [DataRow("nuget: { minimumAge: 1.5d }", "1:22 `1.5d` is no age")]
    [DataRow("nuget: { minimumAge: d }", "1:22 `d` is no age")]
    [DataRow("nuget: { minimumAge: 3651d }", "1:22 `3651d` is no age")]
    [DataRow("nuget: { minimumAge: 99999w }", "1:22 `99999w` is no age")]
    [DataRow("nuget: { minimumAge: 3 d }", "1:22 `3 d` is no age")]
    [DataRow("nuget: { own: [a b] }", "1:16 `a b` is no id. | write the id as its project names it")]
    [DataRow("nuget: { own: [A, a] }", "1:19 `a` is there twice. | remove one of them")]
    [DataRow("actions: { unpinned: biuld }", "1:22 `biuld` is no value of actions.unpinned; did you mean `build`? | write `build`")]
    [DataRow("actions: { update: Minor }", "1:20 `Minor` is no value of actions.update; did you mean `minor`? | write `minor`")]
    [DataRow("actions: { update: all }", "1:20 `all` is no value of actions.update. | write one of none, patch, minor, major")]
    [DataRow("actions: { minimumAge: 2m }", "1:24 `2m` is no age for actions.minimumAge, which goes up to ten years. | write a whole number with h, d or w")]
    // Repositories.
    [DataRow("actions: { allow: actions/* }", "1:19 actions.allow has to be a list, and is a text. | begin each item with `- `, or remove the key")]
    [DataRow("actions: { allow: [actions] }", "1:20 `actions` is not of the form owner/repo or https://host/owner/repo. | write owner/repo, or owner/* for all of an owner; on another host https://host/owner/repo")]
    [DataRow("actions: { allow: [actions/checkout@v4] }", "1:20 `actions/checkout@v4` has `@`; a repository is named without a ref, for all of its refs.")]
    [DataRow("actions: { allow: [github/codeql-action/init] }", "1:20 `github/codeql-action/init` names a folder or file; a repository is named for all that is in it.")]
    [DataRow("actions: { allow: [actions/**] }", "1:20 `actions/**` has `**`; one `*` stands for any letters of an owner or of a repository.")]
    [DataRow("actions: { allow: ['https://*.example/a/b'] }", "1:20 `https://*.example/a/b` has `*` in a host.")]
    [DataRow("actions: { forbid: ['http://git.example/a/b'] }", "1:21 `http://git.example/a/b` begins with `http://`; a host that is named here has to be asked by `https://`.")]
    [DataRow("actions: { forbid: [a/b.git] }", "1:21 `a/b.git` ends with `.git`, which is no part of the name.")]
    [DataRow("actions: { forbid: [a/*, A/*] }", "1:26 `A/*` is there twice. | remove one of them")]
    [DataRow("actions: { forbid: ['*/*'] }", "1:21 `*/*` forbids every repository. | remove it; to permit some and no other, list these in `allow`")]
    [DataRow("actions: { allow: [*/checkout] }", "1:20 `*/checkout` is an alias, and none is permitted here.")]
    [DataRow("actions: { allow: [[a/b]] }", "1:20 actions.allow[0] has to be a text, and is a list.")]
    // Replacements.
    [DataRow("actions: { replace: { a/b: c/d } }", "1:21 actions.replace has to be a list, and is a mapping.")]
    [DataRow("actions:\n  replace:\n  - a/b: c/d", "3:5 `a/b` is no key of actions.replace[0]. | remove it, or write one of from, to, refs")]
    [DataRow("actions:\n  replace:\n  - from: a/b", "3:5 actions.replace[0] has no `to`. | add `to`: the repository that stands in for it, as in `to: owner/repo`")]
    [DataRow("actions:\n  replace:\n  - to: a/b", "3:5 actions.replace[0] has no `from`. | add `from`: the repository that another stands in for, as in `from: owner/repo`")]
    [DataRow("actions:\n  replace:\n  - { from: a/*, to: c/d }", "3:13 `a/*` is not of the form owner/repo or https://host/owner/repo. | write owner/repo; on another host https://host/owner/repo")]
    [DataRow("actions:\n  replace:\n  - { from: a/b, to: c/d@v1 }", "3:22 `c/d@v1` has `@`;")]
    [DataRow("actions:\n  replace:\n  - { from: a/b, to: c/d }\n  - { from: A/b, to: e/f }", "4:13 `A/b` is replaced twice. | remove one of them")]
    [DataRow("actions:\n  replace:\n  - { from: a/b, to: A/B }", "3:22 `A/B` would stand in for itself. | write another repository, or remove the replacement")]
    [DataRow("actions:\n  replace:\n  - { from: a/b, to: c/d }\n  - { from: c/d, to: A/b }", "4:22 `A/b` leads back to `c/d`, for which it stands in.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d }, { from: e/f, to: a/b }, { from: C/d, to: e/F }]", "2:78 `e/F` leads back to `C/d`, for which it stands in.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: evil/x }]\n  forbid: [evil/*]", "2:30 `evil/x` is forbidden by `evil/*`. | change `allow` or `forbid`, or write another repository")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d }]\n  allow: [a/*]", "2:30 `c/d` is on no allow-list entry. | change `allow` or `forbid`, or write another repository")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: [v4] }]", "2:41 actions.replace[0].refs has to be a mapping, and is a list.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v4: [v4] } }]", "2:47 actions.replace[0].refs.v4 has to be a text, and is a list.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v4: } }]", "2:47 actions.replace[0].refs.v4 is empty.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v*: v4 } }]", "2:43 `v*` is no tag or branch. | write a tag or branch on both sides, as in `v4: v4.1`, or `\"*\"` on the left for any other")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v4: '*' } }]", "2:47 `*` is no tag or branch.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v4: a..b } }]", "2:47 `a..b` is no tag or branch.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v4: x@y } }]", "2:47 `x@y` is no tag or branch.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v4: '${{ x }}' } }]", "2:47 `${{ x }}` is no tag or branch.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v4: 0e58ed8671d6b60d0890c21b07f8835ace038e67 } }]", "2:47 `0e58ed8671d6b60d0890c21b07f8835ace038e67` is a commit, and the lockfile has those.")]
    [DataRow("actions:\n  replace: [{ from: a/b, to: c/d, refs: { v4: v4, \"v4\": v5 } }]", "2:51 `v4` is there twice;")]
    // Images.
    [DataRow("images: { own: [a] }", "1:11 `own` is no key of images. | remove it, or write one of enforce, unpinned, allow, forbid, replace")]
    [DataRow("images: { unpinned: biuld }", "1:21 `biuld` is no value of images.unpinned; did you mean `build`? | write `build`")]
    [DataRow("images: { allow: alpine }", "1:18 images.allow has to be a list, and is a text.")]
    [DataRow("images: { allow: [alpine] }", "1:19 `alpine` is a short name, and here images are named in full. | write `docker.io/library/alpine`")]
    [DataRow("images: { allow: [alpine/*] }", "1:19 `alpine/*` is a short name, and here images are named in full. | write `docker.io/alpine/*`")]
    [DataRow("images: { allow: [library/alpine] }", "1:19 `library/alpine` is a short name, and here images are named in full. | write `docker.io/library/alpine`")]
    [DataRow("images: { allow: [docker.io/alpine] }", "1:19 `docker.io/alpine` is a short name, and here images are named in full. | write `docker.io/library/alpine`")]
    [DataRow("images: { allow: [index.docker.io/library/alpine] }", "1:19 `index.docker.io/library/alpine` is a short name, and here images are named in full. | write `docker.io/library/alpine`")]
    [DataRow("images: { allow: [mcr.microsoft.com] }", "1:19 `mcr.microsoft.com` is a short name, and here images are named in full. | write `docker.io/library/mcr.microsoft.com`")]
    [DataRow("images: { allow: [Ghcr.io/a] }", "1:19 `Ghcr.io/a` has upper-case letters, which no image has. | write `ghcr.io/a`")]
    [DataRow("images: { allow: ['ghcr.io/a:1'] }", "1:19 `ghcr.io/a:1` has a tag; an image is named for all of its tags. | remove the tag")]
    [DataRow("images: { allow: ['ghcr.io/a@sha256:0'] }", "1:19 `ghcr.io/a@sha256:0` has `@`; an image is named for all of its digests. | remove the digest")]
    [DataRow("images: { allow: ['ghcr.io/*/a'] }", "1:19 `ghcr.io/*/a` has `*` elsewhere than after the last `/`. | write registry/repository in full, as in docker.io/library/alpine, or docker.io/library/* for all below a path")]
    [DataRow("images: { allow: [ghcr.io/a*] }", "1:19 `ghcr.io/a*` has `*` elsewhere than after the last `/`.")]
    [DataRow("images: { allow: [ghcr.io/**] }", "1:19 `ghcr.io/**` has `*` elsewhere than after the last `/`.")]
    [DataRow("images: { allow: ['*.io/*'] }", "1:19 `*.io/*` has `*` elsewhere than after the last `/`.")]
    [DataRow("images: { allow: ['ghcr.io//a'] }", "1:19 `ghcr.io//a` is not of the form registry/repository.")]
    [DataRow("images: { allow: ['https://ghcr.io/*'] }", "1:19 `https://ghcr.io/*` is not of the form registry/* or registry/path/*.")]
    [DataRow("images: { allow: ['*'] }", "1:19 `*` permits every image. | remove `allow`, without which every image is permitted")]
    [DataRow("images: { forbid: ['*'] }", "1:20 `*` forbids every image. | remove it; to permit some and no other, list these in `allow`")]
    [DataRow("images: { forbid: ['*/*'] }", "1:20 `*/*` forbids every image.")]
    [DataRow("images: { forbid: ['/*'] }", "1:20 `/*` forbids every image.")]
    [DataRow("images: { forbid: ['**'] }", "1:20 `**` forbids every image.")]
    [DataRow("images: { forbid: [ghcr.io/*, ghcr.io/*] }", "1:31 `ghcr.io/*` is there twice. | remove one of them")]
    [DataRow("images: { replace: { a: b } }", "1:20 images.replace has to be a list, and is a mapping.")]
    [DataRow("images:\n  replace:\n  - { from: ghcr.io/a, to: ghcr.io/b, refs: {} }", "3:39 `refs` is no key of images.replace[0]. | remove it, or write one of from, to")]
    [DataRow("images:\n  replace:\n  - from: ghcr.io/a", "3:5 images.replace[0] has no `to`. | add `to`: the image that stands in for it, as in `to: registry/repository`")]
    [DataRow("images:\n  replace:\n  - to: ghcr.io/a", "3:5 images.replace[0] has no `from`. | add `from`: the image that another stands in for, as in `from: registry/repository`")]
    [DataRow("images:\n  replace:\n  - { from: node, to: ghcr.io/b }", "3:13 `node` is a short name, and here images are named in full. | write `docker.io/library/node`")]
    [DataRow("images:\n  replace:\n  - { from: ghcr.io/*, to: ghcr.io/b }", "3:13 `ghcr.io/*` has `*` elsewhere than after the last `/`. | write registry/repository in full, as in docker.io/library/alpine")]
    [DataRow("images:\n  replace:\n  - { from: ghcr.io/a, to: 'ghcr.io/b:1' }", "3:28 `ghcr.io/b:1` has a tag;")]
    [DataRow("images:\n  replace:\n  - { from: ghcr.io/a, to: ghcr.io/b }\n  - { from: ghcr.io/a, to: ghcr.io/c }", "4:13 `ghcr.io/a` is replaced twice. | remove one of them")]
    [DataRow("images:\n  replace:\n  - { from: ghcr.io/a, to: ghcr.io/a }", "3:28 `ghcr.io/a` would stand in for itself. | write another image, or remove the replacement")]
    [DataRow("images:\n  replace:\n  - { from: ghcr.io/a, to: ghcr.io/b }\n  - { from: ghcr.io/b, to: ghcr.io/a }", "4:28 `ghcr.io/a` leads back to `ghcr.io/b`, for which it stands in.")]
    [DataRow("images:\n  replace: [{ from: ghcr.io/a, to: evil.io/x }]\n  forbid: [evil.io/*]", "2:36 `evil.io/x` is forbidden by hardening.yml. | change `allow` or `forbid`, or write another image")]
    [DataRow("images:\n  replace: [{ from: ghcr.io/a, to: quay.io/x }]\n  allow: [ghcr.io/*]", "2:36 `quay.io/x` is not among the images that hardening.yml allows.")]
    [DataRow("exceptions: [{ code: HRD3003, input: alpine, reason: r, until: 2027-01-31 }]", "1:38 `alpine` is a short name, and here images are named in full. | write `docker.io/library/alpine`")]
    [DataRow("exceptions: [{ code: HRD3004, input: 'docker.io/alpine:3', reason: r, until: 2027-01-31 }]", "1:38 `docker.io/alpine:3` is a short name, and here images are named in full. | write `docker.io/library/alpine:3`")]
    [DataRow("version: 2", "1:10 The policy has version 2; this Hardening.Sdk reads version 1. | update Hardening.Sdk in global.json")]
    [DataRow("version: one", "1:10 `one` is no version of a policy. | write `version: 1`")]
    [DataRow("version: 01", "1:10 `01` is no version of a policy. | write `version: 1`")]
    [DataRow("version:", "1:9 version is empty. | write `version: 1`")]
    // Kinds of nodes.
    [DataRow("- a", "1:1 the policy has to be a mapping, and is a list.")]
    [DataRow("text", "1:1 the policy has to be a mapping, and is a text.")]
    [DataRow("nuget:", "1:7 nuget has to be a mapping, and has no value.")]
    [DataRow("nuget: ci", "1:8 nuget has to be a mapping, and is a text.")]
    [DataRow("nuget: { enforce: [ci] }", "1:19 nuget.enforce has to be a text, and is a list.")]
    [DataRow("nuget: { own: Hardening.Sdk }", "1:15 nuget.own has to be a list, and is a text. | begin each item with `- `, or remove the key")]
    [DataRow("exclude: { path: a }", "1:10 exclude has to be a list, and is a mapping.")]
    [DataRow("exclude: [samples]", "1:11 exclude[0] has to be a mapping, and is a text.")]
    // Exclusions.
    [DataRow("exclude:\n- reason: r", "2:3 exclude[0] has no `path`. | add `path`: the files that are not hardened, as in `path: samples/**`")]
    [DataRow("exclude:\n- path: a", "2:3 exclude[0] has no `reason`. | add `reason`: say why it is accepted and by whom")]
    [DataRow("exclude:\n- path: a\n  reason: ' '", "3:11 exclude[0].reason is empty. | say why it is accepted and by whom")]
    [DataRow("exclude:\n- path: a\n  reason: # later", "3:10 exclude[0].reason is empty.")]
    [DataRow("exclude: [{ path: ../a, reason: r }]", "1:19 `../a` leads out of a folder by `..`.")]
    [DataRow("exclude: [{ path: a/../b, reason: r }]", "1:19 `a/../b` leads out of a folder by `..`.")]
    [DataRow("exclude: [{ path: /etc, reason: r }]", "1:19 `/etc` is an absolute path;")]
    [DataRow("exclude: [{ path: 'C:/a', reason: r }]", "1:19 `C:/a` is an absolute path;")]
    [DataRow("exclude: [{ path: 'a\\b', reason: r }]", "1:19 `a\\b` has a backslash; folders are separated by `/`.")]
    [DataRow("exclude: [{ path: a//b, reason: r }]", "1:19 `a//b` has an empty folder name or `.`.")]
    [DataRow("exclude: [{ path: a?, reason: r }]", "1:19 `a?` has `?`; only `*` and `**` stand for something else.")]
    [DataRow("exclude: [{ path: '!a', reason: r }]", "1:19 `!a` has `!`;")]
    [DataRow("exclude: [{ path: a**b, reason: r }]", "1:19 `a**b` has `**` beside other letters;")]
    [DataRow("exclude: [{ path: '**', reason: r }]", "1:19 `**` covers the whole repository. | name a folder; to switch an ecosystem off, write `enforce: off` in its section")]
    [DataRow("exclude: [{ path: '**/*', reason: r }]", "1:19 `**/*` covers the whole repository.")]
    // Exceptions.
    [DataRow("exceptions:\n- { code: HRD1014, reason: r }", "2:3 exceptions[0] has no `until`. | add `until`: the last day on which it counts, as in `until: YYYY-MM-DD`")]
    [DataRow("exceptions:\n- { code: HRD1014, until: 2027-01-31 }", "2:3 exceptions[0] has no `reason`.")]
    [DataRow("exceptions:\n- { until: 2027-01-31, reason: r }", "2:3 exceptions[0] has no `code`. | add `code`: the code of the finding, as in `code: HRD1014`")]
    [DataRow("exceptions:\n- { code: HRD1014, reason: r, until: 2027-02-30 }", "2:38 `2027-02-30` is no date. | write the last day on which it counts as YYYY-MM-DD")]
    [DataRow("exceptions:\n- { code: HRD1014, reason: r, until: 31.01.2027 }", "2:38 `31.01.2027` is no date.")]
    [DataRow("exceptions:\n- { code: HRD1014, reason: r, until: never }", "2:38 `never` is no date.")]
    [DataRow("exceptions:\n- { code: hrd1014, reason: r, until: 2027-01-31 }", "2:11 There is no code `hrd1014`; did you mean `HRD1014`? | write `HRD1014`")]
    [DataRow("exceptions:\n- { code: NU1403, reason: r, until: 2027-01-31 }", "2:11 There is no code `NU1403`. | write the code of the finding, as in HRD1014")]
    [DataRow("exceptions:\n- { code: HRD1014, input: a b, reason: r, until: 2027-01-31 }", "2:27 `a b` is no input: it has a space.")]
    [DataRow("exceptions:\n- { code: HRD1014, input: '', reason: r, until: 2027-01-31 }", "2:27 exceptions[0].input is empty.")]
    [DataRow("exceptions:\n- { code: HRD1014, path: ../a, reason: r, until: 2027-01-31 }", "2:26 `../a` leads out of a folder by `..`.")]
    [DataRow("exceptions:\n- { code: HRD1001, reason: r, until: 2027-01-31 }", "2:11 There can be no exception for HRD1001 (A package is not in the lockfile). | accept it into the lockfile: dotnet msbuild -t:HardeningUpdate")]
    // What makes YAML mean something else than it seems.
    [DataRow("nuget: &a { enforce: ci }", "1:8 `&a` is an anchor, and none is permitted here. | remove it")]
    [DataRow("version: *a", "1:10 `*a` is an alias, and none is permitted here. | write the value itself")]
    [DataRow("nuget:\n  <<: { enforce: ci }", "2:3 `<<` is a merge key, and none is permitted here. | write the values themselves")]
    [DataRow("version: !!int 1", "1:10 The value has a tag, and none is permitted here. | remove the word that begins with `!`")]
    [DataRow("version: 1\n---\nversion: 1", "2:1 There is a second document. | remove it and the line `---` before it")]
    [DataRow("%YAML 1.2\n---\nversion: 1", "1:1 The text has a directive, and none is permitted here. | remove the line that begins with `%`")]
    [DataRow("? [a]\n: 1", "1:3 A key has to be a text. | write the key as a text")]
    [DataRow("a: b: c", "1:5 The text is no YAML: ")]
    [DataRow("nuget: { enforce: ci", "1:21 The text is no YAML: ")]
    [DataRow("nuget:\n\tenforce: ci", "2:1 The text is no YAML: ")]
    [DataRow("version: 1\n<<<<<<< HEAD\n", "2:1 The policy has merge-conflict markers. | solve the conflict")]
    // Characters that are read otherwise than they are shown.
    [DataRow("# a\u2028exceptions: []", "1:4 The text holds the character U+2028, which is read otherwise than it is shown. | remove the character")]
    [DataRow("version: 1\n# a\u0085b", "2:4 The text holds the character U+0085,")]
    [DataRow("# a\rexceptions: []", "1:4 The text holds a carriage return without a line feed,")]
    [DataRow("version: 1\n\0exclude: []", "2:1 The text holds the character U+0000,")]
    [DataRow("# \u202Ea", "1:3 The text holds the character U+202E,")]
    [DataRow("exclude: [{ path: a, reason: \"\\u202E\" }]", "1:30 The value holds the character U+202E by an escape. | remove the escape")]
    [DataRow("exclude: [{ path: \"\\0\", reason: a }]", "1:19 The value holds the character U+0000 by an escape.")]
    public void What_is_wrong_is_said_with_its_place_and_remedy(string text, string expected)
    {
        var finding = PolicySamples.Errors(text)[0];

        Assert.StartsWith(expected, PolicySamples.Say(finding));
    }

    [TestMethod]
    public void Columns_are_counted_in_UTF_16_units()
        => Assert.StartsWith("1:39 `b` is no key", PolicySamples.Say(PolicySamples.Errors("{ exclude: [{ path: a, reason: \U0001F600 }], b: 1 }")[0]));

    [TestMethod]
    public void All_errors_are_said_at_once_in_the_order_of_the_file()
    {
        const string text = """
            versoin: 1
            nuget:
              enforce: sometimes
              minimumAge: soon
              own: *ids
            exclude:
              - path: ../x
            exceptions:
              - code: HRD9999
                input: a
                until: tomorrow
            nuget: {}
            """;

        var lines = PolicySamples.Errors(text).Select(f => f.Place.Line).ToList();

        CollectionAssert.AreEqual(new[] { 1, 3, 4, 5, 7, 7, 9, 9, 11, 12 }, lines);
    }

    [TestMethod]
    public void Of_very_many_errors_a_hundred_are_said()
    {
        var findings = PolicySamples.Errors(string.Concat(Enumerable.Range(0, 500).Select(i => $"wrong{i}: 1\n")));

        Assert.HasCount(101, findings);
        Assert.AreEqual("101:1 There are 400 more errors from here on. | mend those before first", PolicySamples.Say(findings[^1]));
    }

    [TestMethod]
    public void What_is_too_large_too_deep_or_too_much_is_refused()
    {
        Assert.StartsWith("1:1 The file has 1048577 bytes, and may have 1048576.", PolicySamples.Say(PolicySamples.Errors(new string('#', PolicyReader.LargestFile + 1))[0]));
        Assert.StartsWith("1:17 The text is nested deeper than 16.", PolicySamples.Say(PolicySamples.Errors(new string('[', 1_000_000))[0]));
        Assert.StartsWith("1:33 The text is nested deeper than 16.", PolicySamples.Say(PolicySamples.Errors(string.Concat(Enumerable.Repeat("- ", 400_000)))[0]));
        Assert.StartsWith("1:", PolicySamples.Say(PolicySamples.Errors("[" + string.Concat(Enumerable.Repeat("a,", 400_000)) + "]")[0]));
        Assert.AreEqual(
            "1:5016 nuget.own has 1001 items, and may have 1000. | use globs, or fewer items",
            PolicySamples.Say(PolicySamples.Errors("nuget: { own: [" + string.Join(',', Enumerable.Range(1000, 1001)) + "] }")[0]));
    }

    [TestMethod]
    public void Lists_of_actions_are_bounded_too()
    {
        var names = string.Join(", ", Enumerable.Range(1000, 1001).Select(i => $"a/{i}"));
        var replacements = string.Join(", ", Enumerable.Range(1000, 1001).Select(i => $"{{ from: a/{i}, to: b/x }}"));
        var refs = string.Join(", ", Enumerable.Range(1000, 1001).Select(i => $"v{i}: v1"));
        Assert.StartsWith("actions.allow has 1001 items, and may have 1000.", PolicySamples.Errors($"actions: {{ allow: [{names}] }}").Single().Message);
        Assert.StartsWith("actions.forbid has 1001 items, and may have 1000.", PolicySamples.Errors($"actions: {{ forbid: [{names}] }}").Single().Message);
        Assert.StartsWith("actions.replace has 1001 items, and may have 1000.", PolicySamples.Errors($"actions: {{ replace: [{replacements}] }}").Single().Message);
        Assert.StartsWith("actions.replace[0].refs has 1001 items, and may have 1000.", PolicySamples.Errors($"actions: {{ replace: [{{ from: a/b, to: c/d, refs: {{ {refs} }} }}] }}").Single().Message);
    }

    [TestMethod]
    public void A_long_chain_of_replacements_is_fine_and_its_end_may_not_lead_back()
    {
        // Each leads to the one before, so that every step looks along the whole chain.
        var chain = string.Concat(Enumerable.Range(0, 999).Select(i => $"\n  - {{ from: a/{i + 1}, to: a/{i} }}"));

        Assert.HasCount(999, PolicySamples.Read($"actions:\n  replace:{chain}").Actions.Replace);
        Assert.AreEqual("`a/999` leads back to `a/0`, for which it stands in.", PolicySamples.Errors($"actions:\n  replace:{chain}\n  - {{ from: a/0, to: a/999 }}").Single().Message);
    }

    [TestMethod]
    public void A_list_that_is_wrong_judges_no_replacement()
        => Assert.AreEqual("`actions` is not of the form owner/repo or https://host/owner/repo.", PolicySamples.Errors("actions: { allow: [actions], replace: [{ from: a/b, to: actions/b }] }").Single().Message);

    [TestMethod]
    public void Names_of_refs_count_as_git_has_them()
    {
        var refs = PolicySamples.Read("actions: { replace: [{ from: a/b, to: c/d, refs: { v1: releases/v1, V1: \"1.0\", '*': main } }] }").Actions.Replace.Single().Refs;

        CollectionAssert.AreEqual(new[] { ("v1", "releases/v1"), ("V1", "1.0"), ("*", "main") }, refs.Select(r => (r.Key, r.Value)).ToArray());
    }

    [TestMethod]
    public void Lists_of_images_are_bounded_too()
    {
        var names = string.Join(", ", Enumerable.Range(1000, 1001).Select(i => $"ghcr.io/{i}"));
        var replacements = string.Join(", ", Enumerable.Range(1000, 1001).Select(i => $"{{ from: ghcr.io/{i}, to: quay.io/x }}"));
        Assert.StartsWith("images.allow has 1001 items, and may have 1000.", PolicySamples.Errors($"images: {{ allow: [{names}] }}").Single().Message);
        Assert.StartsWith("images.forbid has 1001 items, and may have 1000.", PolicySamples.Errors($"images: {{ forbid: [{names}] }}").Single().Message);
        Assert.StartsWith("images.replace has 1001 items, and may have 1000.", PolicySamples.Errors($"images: {{ replace: [{replacements}] }}").Single().Message);
        Assert.Contains("is not of the form registry/repository", PolicySamples.Errors($"images: {{ allow: [ghcr.io/{new string('a', 300)}] }}").Single().Message);
    }

    [TestMethod]
    public void A_list_of_images_that_is_wrong_judges_no_replacement()
        => Assert.Contains("`alpine` is a short name", PolicySamples.Errors("images: { allow: [alpine], replace: [{ from: ghcr.io/a, to: ghcr.io/b }] }").Single().Message);

    [TestMethod]
    [DataRow("HRD3003", "docker.io/library/alpine")]
    [DataRow("HRD3003", "docker.io/library/alpine:3.22")]
    [DataRow("HRD3007", "localhost:5000/x@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [DataRow("HRD3009", "base", DisplayName = "the name of a variable")]
    [DataRow("HRD3010", "${REGISTRY}/x:1", DisplayName = "a text that is no name")]
    public void An_exception_for_an_image_names_it_in_full(string code, string input)
        => Assert.AreEqual(input, PolicySamples.Read($"exceptions: [{{ code: {code}, input: '{input}', reason: r, until: 2027-01-31 }}]").Exceptions.Single().Input);

    [TestMethod]
    public void What_is_not_UTF_8_is_refused_at_its_place()
    {
        Assert.StartsWith("2:3 The text is not valid UTF-8. | save the file as UTF-8", PolicySamples.Say(PolicySamples.Errors([.. "# \u00E9\n# "u8, 0xFF])[0]));
        Assert.StartsWith("1:1 The text is not valid UTF-8.", PolicySamples.Say(PolicySamples.Errors(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("version: 1")).ToArray())[0]));
    }

    [TestMethod]
    public void No_exception_is_permitted_that_disarms_the_gate_or_belongs_into_the_lockfile()
    {
        var refused = FindingCodes.All.Where(code => ExceptionRules.InsteadOf(code) is not null).Select(code => code.Id).ToList();

        CollectionAssert.AreEqual(
            Range(1, 12).Concat(Range(14, 18)).Concat(Range(1001, 1002)).Append("HRD1009").Append("HRD1012").Concat(Range(1015, 1019)).Concat(Range(1021, 1022)).Append("HRD1024").Append("HRD1029")
                .Concat(Range(2001, 2002)).Concat(Range(2007, 2008)).Append("HRD2010").Append("HRD2017").Concat(Range(2019, 2020)).Concat(Range(2022, 2023)).Concat(Range(2025, 2032))
                .Concat(Range(3001, 3002)).Concat(Range(3005, 3006)).Append("HRD3008").Concat(Range(3012, 3021)).ToList(),
            refused);
        foreach (var code in FindingCodes.All)
        {
            var text = $"exceptions: [{{ code: {code.Id}, reason: r, until: 2027-01-31 }}]";
            if (refused.Contains(code.Id))
            {
                Assert.AreEqual(ExceptionRules.InsteadOf(code), PolicySamples.Errors(text).Single().Command);
            }
            else
            {
                Assert.AreEqual(code, PolicySamples.Read(text).Exceptions.Single().Code);
            }
        }

        static IEnumerable<string> Range(int from, int to) => Enumerable.Range(from, to - from + 1).Select(i => $"HRD{i:D4}");
    }
}
