using Hardening.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- packages [COUNT]
// dotnet run -c Release --project tests/Benchmarks -- builds [PROJECTS] [ROUNDS]
// dotnet run -c Release --project tests/Benchmarks -- text [PROJECTS]
// dotnet run -c Release --project tests/Benchmarks -- actions [WORKFLOWS]
// dotnet run -c Release --project tests/Benchmarks -- resolve SERVER REPOSITORY...
// dotnet run -c Release --project tests/Benchmarks -- images [DOCKERFILES]
// dotnet run -c Release --project tests/Benchmarks -- registry [LOOKUPS]
// dotnet run -c Release --project tests/Benchmarks -- generate PROJECTS FOLDER
switch (args)
{
    case ["packages", .. var rest]:
        PackagesBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0], null) : 10_000);
        return 0;
    case ["builds", .. var rest]:
        BuildsBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0], null) : 100, rest.Length > 1 ? int.Parse(rest[1], null) : 7);
        return 0;
    case ["text", .. var rest]:
        TextBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0], null) : 500);
        return 0;
    case ["actions", .. var rest]:
        ActionsBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0], null) : 200);
        return 0;
    case ["actions-cold", var root, var memory]:
        ActionsBenchmark.Cold(root, memory);
        return 0;
    case ["resolve", var server, .. var repositories]:
        ActionsBenchmark.Resolve(new Uri(server), repositories);
        return 0;
    case ["images", .. var rest]:
        ImagesBenchmark.Run(rest.Length > 0 ? int.Parse(rest[0], null) : 1000);
        return 0;
    case ["images-cold", var root, var memory]:
        ImagesBenchmark.Cold(root, memory);
        return 0;
    case ["registry", .. var rest]:
        await ImagesBenchmark.RegistryAsync(rest.Length > 0 ? int.Parse(rest[0], null) : 200);
        return 0;
    case ["generate", var projects, var folder] when int.TryParse(projects, null, out var count) && count is > 0 and <= 10_000:
        RepositoryGenerator.Generate(count, folder);
        return 0;
    default:
        Console.Error.WriteLine("packages [COUNT] | builds [PROJECTS] [ROUNDS] | text [PROJECTS] | actions [WORKFLOWS] | resolve SERVER REPOSITORY... | images [DOCKERFILES] | registry [LOOKUPS] | generate PROJECTS FOLDER");
        return 2;
}
