using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Hardening.EndToEnd.Tests;

/// <summary>Feeds that demand credentials, which come from wherever NuGet takes them: the update and its quarantine, the restore and the build work, and nothing tells them.</summary>
[TestClass]
public sealed class PrivateFeedTests : WorksWithTest
{
    private const string Password = "Tr0ub4dor&3-hidden";
    private const string FromEnvironment = "NuGetPackageSourceCredentials_private";

    private readonly List<CommandResult> results = [];
    private PrivateFeed feed = null!;

    [TestCleanup]
    public void Close() => feed.Dispose();

    [TestMethod]
    public void Credentials_of_the_users_configuration()
    {
        var repository = Private();
        UserConfig(repository, Password);

        Works(repository, [], []);
    }

    [TestMethod]
    public void Credentials_of_the_environment()
    {
        var repository = Private();
        repository.Environment[FromEnvironment] = $"Username={PrivateFeed.User};Password={Password}";

        Works(repository, [], []);
        Works(repository, ["-p:RestoreUseStaticGraphEvaluation=true"], ["-p:RestoreUseStaticGraphEvaluation=true"]);
    }

    [TestMethod]
    public void Credentials_of_a_provider_that_may_ask()
    {
        var repository = Private();
        var log = Provider(repository, "NUGET_NETCORE_PLUGIN_PATHS");

        repository.Update().FailsWith("NU1301");
        Assert.IsFalse(File.Exists(repository.Lockfile));
        Assert.IsTrue(Asked(log).All(r => r["IsNonInteractive"]!.GetValue<bool>()), File.ReadAllText(log));
        File.Delete(log);

        WorksInteractively(repository);
        Assert.IsTrue(Asked(log).All(r => !r["IsNonInteractive"]!.GetValue<bool>() && r["CanShowDialog"]!.GetValue<bool>()), File.ReadAllText(log));
    }

    [TestMethod]
    public void Credentials_of_a_provider_for_every_kind_of_process()
    {
        var repository = Private();
        Provider(repository, "NUGET_PLUGIN_PATHS");

        WorksInteractively(repository);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Wrong_credentials_fail_and_leave_the_lockfile_alone(bool locked)
    {
        const string Wrong = "wr0ng-hidden";
        var repository = Private();
        UserConfig(repository, Password);
        if (locked)
        {
            Quiet(repository.Update());
            new TestPackage("Good", "2.0.0").WriteTo(repository.Feed);
            repository.Write("app/app.csproj", repository.Read("app/app.csproj").Replace("1.0.0", "2.0.0", StringComparison.Ordinal));
        }

        var before = locked ? repository.Read("hardening.lock.json") : null;
        UserConfig(repository, Wrong);
        var update = repository.Update().FailsWith("NU1301").Says("401");
        foreach (var secret in PrivateFeed.Secrets(Wrong))
        {
            update.DoesNotSay(secret);
        }

        Assert.AreEqual(before, locked ? repository.Read("hardening.lock.json") : null);
        Assert.AreEqual(locked, File.Exists(repository.Lockfile));
        if (locked)
        {
            Forget(repository);
            repository.Write("app/app.csproj", repository.Read("app/app.csproj").Replace("2.0.0", "1.0.0", StringComparison.Ordinal));
            repository.Run("restore").FailsWith("NU1301");
            UserConfig(repository, Password);
            Quiet(repository.Build());
        }
    }

    // dotnet msbuild has no --interactive, and the other commands overrule the property.
    private void WorksInteractively(TestRepository repository) => Works(repository, ["-p:NuGetInteractive=true"], ["--interactive"]);

    private void Works(TestRepository repository, string[] update, string[] command)
    {
        Forget(repository);
        File.Delete(repository.Lockfile);
        feed.Served.Clear();
        Run(repository.Update(update));
        Assert.IsNotEmpty(feed.Served.Where(path => path.EndsWith(".nupkg", StringComparison.Ordinal)), "the quarantine was filled from the feed");
        Run(repository.Build(command));
        Forget(repository);
        Run(repository.Run(["restore", .. command]));
        Run(repository.Build(command));
        Forget(repository);
        File.Delete(repository.Lockfile);
        Run(repository.Build(["-p:HardeningUpdate=true", .. command]));
        Assert.Contains(feed.Address, repository.Read("hardening.lock.json"));
        NothingTells(repository);
    }

    private void Run(CommandResult result) => results.Add(Quiet(result));

    private void NothingTells(TestRepository repository)
    {
        Assert.IsNotEmpty(feed.Presented, "the feed was asked with credentials");
        foreach (var secret in PrivateFeed.Secrets(Password))
        {
            foreach (var result in results)
            {
                result.DoesNotSay(secret);
            }

            foreach (var file in Directory.GetFiles(repository.Root, "*", SearchOption.AllDirectories))
            {
                Assert.DoesNotContain(secret, File.ReadAllText(file), file);
            }

            foreach (var log in Directory.GetFiles(repository.Base, "*.binlog"))
            {
                using var stream = new GZipStream(File.OpenRead(log), CompressionMode.Decompress);
                using var content = new MemoryStream();
                stream.CopyTo(content);
                Assert.AreEqual(-1, content.GetBuffer().AsSpan(0, (int)content.Length).IndexOf(Encoding.UTF8.GetBytes(secret)), log);
            }
        }
    }

    // As on another machine; the SDK itself comes from a folder.
    private static void Forget(TestRepository repository)
    {
        foreach (var id in (string[])["good", "deep"])
        {
            if (Directory.Exists(Path.Combine(repository.Packages, id)))
            {
                Directory.Delete(Path.Combine(repository.Packages, id), recursive: true);
            }
        }

        var cache = repository.Environment["NUGET_HTTP_CACHE_PATH"]!;
        if (Directory.Exists(cache))
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private TestRepository Private()
    {
        var repository = NewRepository();
        repository.Environment["NUGET_HTTP_CACHE_PATH"] = Path.Combine(repository.Base, "http-cache");
        Packages(repository, "Deep");
        new TestPackage("Good").DependsOn("Deep", "1.0.0").With("build/Good.props", "<Project />").WriteTo(repository.Feed);
        feed = new PrivateFeed(repository.Feed, Password);
        repository.Write("nuget.config", repository.NuGetConfig()
            .Replace("""<add key="feed" value="../feed" />""", $"""<add key="private" value="{feed.Address}" allowInsecureConnections="true" />""", StringComparison.Ordinal)
            .Replace("<packageSource key=\"feed\">", "<packageSource key=\"private\">", StringComparison.Ordinal));
        Library(repository, "app/app.csproj", TestRepository.Reference("Good"));
        Solution(repository, "app/app.csproj");
        return repository;
    }

    private static void UserConfig(TestRepository repository, string password) => repository.Write(Path.Combine(repository.Base, "home", ".nuget", "NuGet", "NuGet.Config"), $"""
        <configuration>
          <packageSourceCredentials>
            <private>
              <add key="Username" value="{PrivateFeed.User}" />
              <add key="ClearTextPassword" value="{System.Security.SecurityElement.Escape(password)}" />
            </private>
          </packageSourceCredentials>
        </configuration>
        """);

    private static string Provider(TestRepository repository, string variable)
    {
        var log = Path.Combine(repository.Base, "provider.log");
        repository.Environment[variable] = TestRepository.CredentialProvider;
        repository.Environment["TEST_PROVIDER_LOG"] = log;
        repository.Environment["TEST_PROVIDER_PASSWORD"] = Password;
        return log;
    }

    private static List<JsonObject> Asked(string log) => [.. File.ReadAllLines(log).Select(line => JsonNode.Parse(line)!.AsObject())];
}
