namespace Hardening.EndToEnd.Tests;

/// <summary>Gives each test repositories of its own and removes them after it, unless it failed.</summary>
public abstract class EndToEndTest
{
    private readonly List<TestRepository> repositories = [];

    public TestContext TestContext { get; set; } = null!;

    [TestCleanup]
    public void Remove()
    {
        foreach (var repository in repositories)
        {
            repository.Dispose();
        }
    }

    protected TestRepository NewRepository(string name = "repo")
    {
        var repository = new TestRepository(TestContext, name);
        repositories.Add(repository);
        return repository;
    }
}
