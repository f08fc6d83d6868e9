using System.Diagnostics;

namespace Hardening.Benchmarks;

/// <summary>Runs things in turn, A B C A B C …, so that a drifting machine touches all alike, and prints medians.</summary>
internal static class Measure
{
    internal static void Table(string title, int rounds, params (string Name, Func<double> Run)[] rows)
    {
        var times = rows.Select(_ => new List<double>()).ToArray();
        foreach (var (_, run) in rows)
        {
            run();
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                times[i].Add(rows[i].Run());
            }
        }

        Console.WriteLine();
        Console.WriteLine($"{title} ({rounds} rounds, in turn, after a warm-up)");
        Console.WriteLine($"{"",-44} {"min",9} {"median",9} {"max",9}  ms");
        for (var i = 0; i < rows.Length; i++)
        {
            var sorted = times[i].Order().ToList();
            Console.WriteLine($"{rows[i].Name,-44} {sorted[0],9:F1} {Median(sorted),9:F1} {sorted[^1],9:F1}");
        }

        for (var i = 1; i < rows.Length; i++)
        {
            var ratios = times[i].Zip(times[0], (b, a) => b / a).Order().ToList();
            Console.WriteLine($"{rows[i].Name} / {rows[0].Name}: pair by pair {ratios[0]:F3} … median {Median(ratios):F3} … {ratios[^1]:F3}");
        }
    }

    internal static double Time(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>Wall time of a process whose output is thrown away.</summary>
    internal static double Process(string folder, string file, params string[] arguments) => Time(() => Output(folder, file, arguments));

    internal static string Output(string folder, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment.Remove("CI");
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment.Remove("MSBuildExtensionsPath");
        start.Environment.Remove("MSBuildLoadMicrosoftTargetsReadOnly");
        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{output}{error.Result}");
    }

    internal static double Median(List<double> sorted) => sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
}
