using Hardening.Ecosystems.NuGet;
using Hardening.Lockfiles;
using NuGet.Configuration;

namespace Hardening.Tests;

[TestClass]
public sealed class SourcesFileTests
{
    private const string Source = "<add key=\"a\" value=\"https://a.example/v3/index.json\" />";

    [TestMethod]
    public void What_else_it_says_of_NuGet_is_told_by_a_hash_and_credentials_are_not()
    {
        static string Other(string sections) => Read($"<configuration><packageSources><clear />{Source}</packageSources>{sections}</configuration>").Other;
        var signed = "<config><add key=\"signatureValidationMode\" value=\"require\" /></config>";

        Assert.AreEqual(string.Empty, Other(string.Empty));
        Assert.AreEqual(string.Empty, Other("<packageSourceCredentials><a><add key=\"ClearTextPassword\" value=\"p\" /></a></packageSourceCredentials><apikeys><add key=\"a\" value=\"k\" /></apikeys>"));
        Assert.AreEqual(88, Other(signed).Length);
        Assert.AreEqual(Other(signed), Other("\n  <!-- why -->\n  " + signed.Replace("><add", ">\r\n <add", StringComparison.Ordinal)));
        foreach (var other in (string[])["<config />", signed.Replace("require", "accept", StringComparison.Ordinal), signed + "<fallbackPackageFolders><add key=\"f\" value=\"x\" /></fallbackPackageFolders>", "<trustedSigners />", "<disabledPackageSources><add key=\"a\" value=\"true\" /></disabledPackageSources>"])
        {
            Assert.AreNotEqual(Other(signed), Other(other), other);
        }

        var locked = new SourcesEntry(true) { Other = Other(signed) };
        StringAssert.Contains(SourcesVerifier.Differences(locked, locked with { Other = string.Empty }).Single(), "trustedSigners");
        Assert.IsEmpty(SourcesVerifier.Differences(locked, locked));
    }

    [TestMethod]
    public void Sources_and_mapping_are_read_as_they_are_written()
    {
        var entry = Read("""
            <?xml version="1.0" encoding="utf-8"?>
            <configuration>
              <!-- a comment -->
              <packageSources>
                <clear />
                <add key="nuget.org" value="https://api.nuget.org/v3/index.json" protocolVersion="3" />
                <add key="local" value="../packages" />
                <add key="variable" value="%HOME%/packages" />
              </packageSources>
              <packageSourceMapping>
                <packageSource key="nuget.org"><package pattern="*" /><package pattern="B.*" /><package pattern="*" /></packageSource>
                <packageSource key="local"><package pattern="Contoso.*" /></packageSource>
              </packageSourceMapping>
              <config><add key="globalPackagesFolder" value="x" /></config>
            </configuration>
            """);

        Assert.IsTrue(entry.Clear);
        CollectionAssert.AreEquivalent(
            new[] { KeyValuePair.Create("nuget.org", "https://api.nuget.org/v3/index.json"), new("local", "../packages"), new("variable", "%HOME%/packages") }, entry.Sources.ToArray());
        CollectionAssert.AreEqual(new[] { "*", "B.*" }, entry.Mapping["nuget.org"].ToArray());
        CollectionAssert.AreEqual(new[] { "Contoso.*" }, entry.Mapping["local"].ToArray());
    }

    [TestMethod]
    [DataRow("<packageSources><clear/>@</packageSources>")]
    [DataRow("<packageSources><CLEAR/><ADD key='b' value='https://b.example/'/></packageSources>")]
    [DataRow("<packageSources>@<clear/></packageSources>")]
    [DataRow("<PackageSources><clear/>@</PackageSources>")]
    [DataRow("<packageSources><clear/><group>@</group></packageSources>")]
    [DataRow("<packageSources><clear/><![CDATA[@]]></packageSources>")]
    [DataRow("<x:packageSources xmlns:x='urn:x'><clear/>@</x:packageSources>")]
    [DataRow("<packageSources><clear/>@</packageSources><packageSourceMapping><PackageSource key='a'><PACKAGE pattern='X.*'/></PackageSource></packageSourceMapping>")]
    public void What_is_read_is_what_NuGet_reads(string sections)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("nuget.config", $"<configuration>{sections.Replace("@", Source, StringComparison.Ordinal)}</configuration>");

        var entry = SourcesFile.Read(path);

        var settings = Settings.LoadSpecificSettings(folder.Path, "nuget.config");
        CollectionAssert.AreEquivalent(
            new PackageSourceProvider(settings).LoadPackageSources().Select(s => $"{s.Name} {Path.GetFileName(s.Source)}").ToArray(), entry.Sources.Select(s => $"{s.Key} {Path.GetFileName(s.Value)}").ToArray());
        CollectionAssert.AreEquivalent(
            new PackageSourceMappingProvider(settings).GetPackageSourceMappingItems().Select(m => $"{m.Key} {string.Join(',', m.Patterns.Select(p => p.Pattern))}").ToArray(),
            entry.Mapping.Select(m => $"{m.Key} {string.Join(',', m.Value)}").ToArray());
    }

    [TestMethod]
    // NuGet takes the first of two; a reader of the review the last.
    [DataRow("<packageSources><clear/><add key='a' value='https://evil.example/'/>@</packageSources>")]
    [DataRow("<packageSources><clear/><add key='A' value='https://evil.example/'/>@</packageSources>")]
    [DataRow("<packageSources><clear/><add key='b' value='https://evil.example/'/></packageSources><packageSources>@</packageSources>")]
    [DataRow("<packageSourceMapping><packageSource key='a'/><packageSource key='A'/></packageSourceMapping>")]
    [DataRow("<packageSourceMapping/><packageSourceMapping/>")]
    // NuGet disregards the second clear, so that what stands before it counts.
    [DataRow("<packageSources><clear/><add key='b' value='https://evil.example/'/><clear/>@</packageSources>")]
    // No XML
    [DataRow("<packageSources>")]
    [DataRow("&undefined;")]
    public void What_can_be_read_in_two_ways_is_refused(string sections) => Refused($"<configuration>{sections.Replace("@", Source, StringComparison.Ordinal)}</configuration>");

    [TestMethod]
    [DataRow("")]
    [DataRow("configuration")]
    [DataRow("<!DOCTYPE configuration><configuration />")]
    [DataRow("<!DOCTYPE configuration [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><configuration>&e;</configuration>")]
    [DataRow("<!DOCTYPE configuration SYSTEM 'https://evil.example/a.dtd'><configuration />")]
    public void What_is_no_plain_configuration_is_refused(string text) => Refused(text);

    [TestMethod]
    [DataRow("https://user:secret@a.example/v3", "https://a.example/v3")]
    [DataRow("https://secret@a.example/v3", "https://a.example/v3")]
    [DataRow("https://us\u00E9r:s\u00E9cret@a.example/v3?x=1", "https://a.example/v3?x=1")]
    [DataRow("https://user:%73ecret@a.example", "https://a.example")]
    [DataRow("https://user:se@cret@a.example/", "https://a.example/")]
    [DataRow("HTTPS://user:secret@a.example:8080#x", "HTTPS://a.example:8080#x")]
    [DataRow("https://user:secret%TOKEN%@a.example/", "https://a.example/")]
    [DataRow("https://a.example/@scope/index.json", "https://a.example/@scope/index.json")]
    [DataRow("https://a.example?mail=u@b.example", "https://a.example?mail=u@b.example")]
    [DataRow("/home/u@b.example/packages", "/home/u@b.example/packages")]
    public void A_credential_in_an_address_is_not_kept(string written, string kept) =>
        Assert.AreEqual(kept, Read($"<configuration><packageSources><add key=\"a\" value=\"{written}\" /></packageSources></configuration>").Sources["a"]);

    [TestMethod]
    public void The_files_of_a_folder_are_those_from_the_root_down_to_it()
    {
        using var folder = new TemporaryFolder();
        folder.File("nuget.config");
        var root = folder.File("repo/nuget.config");
        var inner = folder.File("repo/src/app/NuGet.Config");
        folder.File("repo/src/other/nuget.config");

        CollectionAssert.AreEqual(new[] { root, inner }, SourcesFile.Find(folder.At("repo"), folder.At("repo/src/app")).ToArray());
        CollectionAssert.AreEqual(new[] { root }, SourcesFile.Find(folder.At("repo"), folder.At("repo")).ToArray());
        Assert.IsEmpty(SourcesFile.Find(folder.At("repo"), folder.Path));
    }

    [TestMethod]
    public void Of_several_spellings_the_one_counts_that_NuGet_takes()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "NuGet.Config", "NuGet.config", "nuget.config" })
        {
            // Each is preferred to those before it.
            var path = folder.File(name, "<configuration />");
            CollectionAssert.AreEqual(new[] { path }, SourcesFile.Find(folder.Path, folder.Path).ToArray());
            Assert.AreEqual(path, Settings.LoadDefaultSettings(folder.Path).GetConfigFilePaths()[0]);
        }

        folder.File("sub/NUGET.CONFIG");
        Assert.HasCount(1, SourcesFile.Find(folder.Path, folder.At("sub")));
    }

    private static SourcesEntry Read(string text)
    {
        using var folder = new TemporaryFolder();
        return SourcesFile.Read(folder.File("nuget.config", text));
    }

    private static void Refused(string text) => Assert.ThrowsExactly<InvalidDataException>(() => Read(text));
}
