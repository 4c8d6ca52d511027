using System.Globalization;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>
/// Every verb of a Composition's life on one store: once undisturbed, and again for some of its writes with the controllers killed right after that write
/// and replaced. Each run must end in the same state: children, specs, finalizers, statuses, objects, secrets and the number of their versions.
/// </summary>
public abstract class CompositionLife(ITestOutputHelper output)
{
    /// <summary>The number of writes of a verb at which the controllers are killed, each in its own run. If a verb has more writes, the kills are spread
    /// over them.</summary>
    protected virtual int Kills => 2;

    /// <summary>How many runs execute at once.</summary>
    protected virtual int AtOnce => 1;

    public static TheoryData<string> Verbs => [.. LifeVerbs.Table.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public Task An_operation_completes_although_the_controllers_die(string name) => RunVerb(name, Kills);

    /// <summary>Runs a verb undisturbed, and again for each kill.</summary>
    protected async Task RunVerb(string name, int kills)
    {
        var verb = LifeVerbs.Table.First(v => v.Name == name);
        var (end, writes) = await Run(verb);
        var deaths = Enumerable.Range(1, Math.Min(kills, writes)).Select(i => kills >= writes ? i : 1 + ((i - 1) * (writes - 1) / Math.Max(1, kills - 1)))
            .Distinct().ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{writes} writes; killed after {string.Join(", ", deaths)}; in the end\n{end}"));
        await Parallel.ForEachAsync(deaths, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (at, _) => await Run(verb, at, end));
    }

    /// <summary>A new world for one run.</summary>
    private protected abstract Task<ILifeWorld> NewWorld();

    private async Task<(string End, int Writes)> Run(LifeVerb verb, int killAt = 0, string? end = null)
    {
        await using var world = await NewWorld();
        var run = new LifeRun(world);
        return (await run.Of(verb, killAt, end), run.Writes);
    }
}
