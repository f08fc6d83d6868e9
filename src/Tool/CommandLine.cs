using System.CommandLine;
using Hardening.Files;
using Hardening.Reporting;
using Hardening.Verification;

namespace Hardening.Tool;

/// <summary>The verbs and options of <c>dotnet hardening</c>.</summary>
internal static class CommandLine
{
    private const string Json = "json";
    private const string Table = "table";

    private static readonly Dictionary<string, EcosystemSet> Names = new(StringComparer.Ordinal)
    {
        ["nuget"] = EcosystemSet.NuGet,
        ["actions"] = EcosystemSet.Actions,
        ["images"] = EcosystemSet.Images,
    };

    /// <summary>Parses and runs.</summary>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(SinkText.ForLog(string.Join(" ", error.Message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)))).ConfigureAwait(false);
            }

            await Console.Error.WriteLineAsync("dotnet hardening --help tells what there is.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
    }

    private static RootCommand Root() => new("What a repository takes from outside, compared with its lockfile. Opens no connection, runs and evaluates nothing of the repository.")
    {
        Inventory(),
        Verify(),
    };

    private static Command Inventory()
    {
        var (root, ecosystem) = (RootOption(), EcosystemOption());
        var format = new Option<string>("--format") { Description = "How to print it.", DefaultValueFactory = _ => Table };
        format.AcceptOnlyFromAmong(Table, Json);
        var command = new Command("inventory", "Lists every reference to something from outside, with its lock entry.") { root, format, ecosystem };
        command.SetAction(parsed => InventoryCommand.Run(
            Folder(parsed.GetValue(root)) ?? Environment.CurrentDirectory, EcosystemsOf(parsed.GetValue(ecosystem)), parsed.GetValue(format) == Json));
        return command;
    }

    private static Command Verify()
    {
        var (root, ecosystem) = (RootOption(), EcosystemOption());
        var baseline = new Option<string>("--baseline") { Description = "Compare with this revision too, as in origin/main: what is weaker than there is a finding.", HelpName = "REV" };
        var command = new Command("verify", "Compares the text of the repository with its lockfile. Exit code: 0 clean, 1 findings, 2 usage, 3 could not decide.") { root, baseline, ecosystem };
        command.SetAction((parsed, cancellation) => VerifyCommand.RunAsync(
            Folder(parsed.GetValue(root)), parsed.GetValue(baseline), EcosystemsOf(parsed.GetValue(ecosystem)), cancellation));
        return command;
    }

    private static Option<string> RootOption()
    {
        var option = new Option<string>("--root") { Description = "The repository root; without it the repository around the current folder.", HelpName = "DIR" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } folder && !Directory.Exists(folder))
            {
                result.AddError($"The folder {folder} is not there.");
            }
        });
        return option;
    }

    // Null where there is no repository around the current folder.
    private static string? Folder(string? given) => given is null ? RepositoryRoot.Find(Environment.CurrentDirectory) : Path.TrimEndingDirectorySeparator(Path.GetFullPath(given));

    private static Option<string> EcosystemOption()
    {
        var option = new Option<string>("--ecosystem") { Description = "Only this ecosystem." };
        option.AcceptOnlyFromAmong([.. Names.Keys]);
        return option;
    }

    private static EcosystemSet EcosystemsOf(string? name) => name is null ? EcosystemSet.All : Names[name];
}
