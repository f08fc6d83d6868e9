using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text;
using Hardening.Findings;
using Hardening.Policies;

namespace Hardening.Tests;

[TestClass]
public sealed class PolicyStoreTests
{
    [TestMethod]
    public void No_file_is_the_default_policy()
    {
        using var folder = new TemporaryFolder();

        var stored = PolicyStore.Load(folder.Path, folder.At("cache"));

        Assert.AreSame(Policy.Default, stored.Policy);
        Assert.AreEqual((folder.At("hardening.yml"), string.Empty), (stored.Path, stored.Digest));
        Assert.IsEmpty(stored.Findings);
        Assert.IsFalse(Directory.Exists(folder.At("cache")));
    }

    [TestMethod]
    public void A_policy_is_parsed_once_until_it_is_written()
    {
        using var folder = new TemporaryFolder();
        folder.File(Policy.FileName, PolicySamples.Full);
        var first = PolicyStore.Load(folder.Path, null);
        Assert.AreSame(first, PolicyStore.Load(folder.Path, null));
        PolicySamples.AreSame(PolicySamples.Read(PolicySamples.Full), first.Policy!);
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PolicySamples.Full))), first.Digest);

        folder.WaitForAnotherTick();
        folder.File(Policy.FileName, "version: 1");
        var second = PolicyStore.Load(folder.Path, null);
        Assert.AreNotEqual(first.Digest, second.Digest);
        PolicySamples.AreSame(Policy.Default, second.Policy!);

        File.Delete(folder.At(Policy.FileName));
        Assert.AreSame(Policy.Default, PolicyStore.Load(folder.Path, null).Policy);
    }

    [TestMethod]
    public void A_link_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Folder("repo"), Policy.FileName), folder.File("elsewhere.yml", "version: 1"));

        var stored = PolicyStore.Load(folder.At("repo"), null);

        Assert.IsNull(stored.Policy);
        Assert.AreEqual(FindingCodes.PolicyInvalid, stored.Findings.Single().Code);
    }

    [TestMethod]
    public void A_folder_in_its_place_cannot_be_read()
    {
        using var folder = new TemporaryFolder();
        folder.Folder(Policy.FileName);

        var stored = PolicyStore.Load(folder.Path, null);

        Assert.IsNull(stored.Policy);
        Assert.AreEqual(FindingCodes.Unreadable, stored.Findings.Single().Code);
    }

    [TestMethod]
    public void A_policy_that_is_too_large_is_refused_unread()
    {
        using var folder = new TemporaryFolder();
        folder.File(Policy.FileName, new byte[PolicyReader.LargestFile + 1]);

        var stored = PolicyStore.Load(folder.Path, folder.At("cache"));

        Assert.IsNull(stored.Policy);
        Assert.AreEqual((FindingCodes.PolicyInvalid, "The policy has 1048577 bytes, and may have 1048576."), (stored.Findings.Single().Code, stored.Findings[0].Message));
    }

    [TestMethod]
    public void Another_common_name_is_not_passed_over()
    {
        using var folder = new TemporaryFolder();
        folder.File("hardening.yaml", "version: 1");

        var stored = PolicyStore.Load(folder.Path, null);

        Assert.IsNull(stored.Policy);
        Assert.AreEqual((FindingCodes.PolicyInvalid, "git mv hardening.yaml hardening.yml"), (stored.Findings.Single().Code, stored.Findings[0].Command));
    }

    [TestMethod]
    public void An_invalid_policy_has_its_findings_and_is_not_kept()
    {
        using var folder = new TemporaryFolder();
        folder.File(Policy.FileName, "nuget:\n  enforc: ci\n");

        var stored = PolicyStore.Load(folder.Path, folder.At("cache"));

        Assert.IsNull(stored.Policy);
        Assert.AreEqual((folder.At(Policy.FileName), 2, 3), (stored.Findings.Single().Place.File, stored.Findings[0].Place.Line, stored.Findings[0].Place.Column));
        Assert.IsFalse(Directory.Exists(folder.At("cache")));
    }

    [TestMethod]
    public void What_was_kept_is_found_for_its_repository_and_content_only()
    {
        using var folder = new TemporaryFolder();
        var policy = PolicySamples.Read(PolicySamples.Full);
        var cache = folder.At("cache");

        CompiledPolicy.Keep(cache, "/a", "digest", policy);

        PolicySamples.AreSame(policy, CompiledPolicy.Find(cache, "/a", "digest")!);
        Assert.IsNull(CompiledPolicy.Find(cache, "/b", "digest"));
        Assert.IsNull(CompiledPolicy.Find(cache, "/a", "other"));
        CompiledPolicy.Keep(cache, "/a", "other", Policy.Default);
        PolicySamples.AreSame(Policy.Default, CompiledPolicy.Find(cache, "/a", "other")!);
        Assert.IsNull(CompiledPolicy.Find(cache, "/a", "digest"));
        Assert.HasCount(1, Directory.GetFileSystemEntries(cache));
    }

    [TestMethod]
    public void What_was_kept_and_damaged_is_not_found()
    {
        using var folder = new TemporaryFolder();
        CompiledPolicy.Keep(folder.Path, "/a", "digest", PolicySamples.Read(PolicySamples.Full));
        var path = CompiledPolicy.PathOf(folder.Path, "/a");
        var bytes = File.ReadAllBytes(path);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 1;
            File.WriteAllBytes(path, damaged);
            Assert.IsNull(CompiledPolicy.Find(folder.Path, "/a", "digest"));
            File.WriteAllBytes(path, bytes[..i]);
            Assert.IsNull(CompiledPolicy.Find(folder.Path, "/a", "digest"));
        }

        File.WriteAllBytes(path, bytes);
        Assert.IsNotNull(CompiledPolicy.Find(folder.Path, "/a", "digest"));
    }

    [TestMethod]
    public void A_cache_that_cannot_be_read_or_written_costs_time_only()
    {
        using var folder = new TemporaryFolder();
        folder.File(Policy.FileName, PolicySamples.Full);
        var file = folder.File("cache");
        Assert.IsNotNull(PolicyStore.Load(folder.Path, file).Policy);

        Directory.CreateDirectory(CompiledPolicy.PathOf(folder.At("folders"), folder.Path));
        folder.WaitForAnotherTick();
        folder.File(Policy.FileName, PolicySamples.Full);
        Assert.IsNotNull(PolicyStore.Load(folder.Path, folder.At("folders")).Policy);
    }

    [TestMethod]
    public void A_policy_that_is_known_does_not_load_the_YAML_library()
    {
        using var folder = new TemporaryFolder();
        folder.File(Policy.FileName, PolicySamples.Full);
        var cache = folder.At("cache");

        CollectionAssert.Contains(LoadedBy(folder.Path, cache), "YamlDotNet");
        CollectionAssert.DoesNotContain(LoadedBy(folder.Path, cache), "YamlDotNet");

        folder.File(Policy.FileName, PolicySamples.Full + "# changed\n");
        CollectionAssert.Contains(LoadedBy(folder.Path, cache), "YamlDotNet");
    }

    // A fresh copy of the engine asks for the libraries that it needs.
    private static List<string> LoadedBy(string root, string cache)
    {
        var context = new RecordingContext();
        var load = context.LoadFromAssemblyPath(typeof(PolicyStore).Assembly.Location).GetType(typeof(PolicyStore).FullName!)!.GetMethod(nameof(PolicyStore.Load))!;
        var stored = load.Invoke(null, [root, cache])!;
        Assert.IsNotNull(stored.GetType().GetProperty(nameof(StoredPolicy.Policy))!.GetValue(stored));
        context.Unload();
        return context.Asked;
    }

    private sealed class RecordingContext() : AssemblyLoadContext(isCollectible: true)
    {
        public List<string> Asked { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            Asked.Add(assemblyName.Name!);
            return null;
        }
    }
}
