using System.Globalization;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>
/// Every verb of a Composition's life, on one store: as it should be, and once more for some of the writes that it takes with the controllers killed right
/// after that write and others in their place. The same end must come: children, specs, finalizers, statuses, objects, secrets and how many versions of them.
/// </summary>
public abstract class CompositionLife(ITestOutputHelper output)
{
    /// <summary>At how many writes of a verb the controllers are killed, each in a run of its own; fewer than there are, and they are spread.</summary>
    protected virtual int Kills => 2;

    /// <summary>How many runs go on at once.</summary>
    protected virtual int AtOnce => 1;

    public static TheoryData<string> Verbs => [.. LifeVerbs.Table.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public Task An_operation_completes_although_the_controllers_die(string name) => Play(name, Kills);

    /// <summary>Plays a verb undisturbed, and again for each of so many deaths.</summary>
    protected async Task Play(string name, int kills)
    {
        var verb = LifeVerbs.Table.First(v => v.Name == name);
        var (end, writes) = await Run(verb);
        var deaths = Enumerable.Range(1, Math.Min(kills, writes)).Select(i => kills >= writes ? i : 1 + ((i - 1) * (writes - 1) / Math.Max(1, kills - 1)))
            .Distinct().ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{writes} writes; killed after {string.Join(", ", deaths)}; in the end\n{end}"));
        await Parallel.ForEachAsync(deaths, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (at, _) => await Run(verb, at, end));
    }

    /// <summary>A world of its own for a run.</summary>
    private protected abstract Task<ILifeWorld> NewWorld();

    private async Task<(string End, int Writes)> Run(LifeVerb verb, int killAt = 0, string? end = null)
    {
        await using var world = await NewWorld();
        var run = new LifeRun(world);
        return (await run.Of(verb, killAt, end), run.Writes);
    }
}
