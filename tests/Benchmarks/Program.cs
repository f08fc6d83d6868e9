using Hardening.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- packages [COUNT]
// dotnet run -c Release --project tests/Benchmarks -- builds [PROJECTS] [ROUNDS]
// dotnet run -c Release --project tests/Benchmarks -- generate PROJECTS FOLDER
switch (args)
{
    case ["packages", .. var rest]:
        PackagesBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0], null) : 10_000);
        return 0;
    case ["builds", .. var rest]:
        BuildsBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0], null) : 100, rest.Length > 1 ? int.Parse(rest[1], null) : 7);
        return 0;
    case ["generate", var projects, var folder] when int.TryParse(projects, null, out var count) && count is > 0 and <= 10_000:
        RepositoryGenerator.Generate(count, folder);
        return 0;
    default:
        Console.Error.WriteLine("packages [COUNT] | builds [PROJECTS] [ROUNDS] | generate PROJECTS FOLDER");
        return 2;
}
