using System.Globalization;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>
/// Changes of the databases of a random Composition: endpoints come late, change and vanish, and databases are deleted by hand. No secret is written with
/// an empty or outdated endpoint; and starting from a calm state, each gets one more version for each change that its policy follows.
/// </summary>
internal sealed partial class OutputMoves(Random random, EmbeddedCluster cluster, RandomComposition composition, List<string> steps)
{
    private const int Looks = 3;

    private readonly WrittenSecrets written = new(cluster);
    private readonly Dictionary<int, string> endpoints = [];
    private readonly Dictionary<int, HashSet<string>> valid = [];
    private readonly HashSet<string> postponed = new(StringComparer.Ordinal);
    private int count;
    private bool isRestored;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Announces a restore from a backup, whose outputs count until their objects have been read.</summary>
    public void Restored() => isRestored = true;

    /// <summary>Changes databases, one after the other.</summary>
    /// <param name="quiet">Waits until the controllers are idle.</param>
    public async Task Step(Func<Task> quiet)
    {
        await quiet();
        if (random.Next(2) == 0 && await FillIn(cluster.Store))
        {
            steps.Add("every database has its endpoint");
            await Looked(quiet);
        }

        if (random.Next(4) == 0)
        {
            // A Component that waits for an endpoint fails meanwhile, and continues when it appears.
            steps.Add("more than the deployment timeout passes");
            await cluster.Advance(TimeSpan.FromMinutes(31));
            await Looked(quiet);
        }

        await Check();
        for (var left = random.Next(1, 4); left > 0 && await AnyDatabase() is var (id, endpoint); left--)
            await Move(id, endpoint, quiet);
    }

    /// <summary>Checks every secret written since the last check.</summary>
    /// <exception cref="InvalidOperationException">A secret has a wrong endpoint.</exception>
    public async Task Check()
    {
        CheckValues(await written.New());
        if (!await SequenceOfEdits.AwaitsBudget(cluster))
            postponed.Clear();
        Forget();
    }

    /// <summary>Gives every database its last endpoint, or its first.</summary>
    /// <returns>Whether any had another one.</returns>
    public async Task<bool> FillIn(IResourceStore store)
    {
        var did = false;
        foreach (var entry in composition.Entries.Where(e => e.Type == RandomEntry.Database))
        {
            var endpoint = endpoints.GetValueOrDefault(entry.Id) ?? Next(entry.Id);
            valid[entry.Id].Add(endpoint);
            if (SimulatedDatabases.Endpoint(await store.Get(SimulatedDatabases.Type, Key(entry.Id), Cancellation)) != endpoint)
                did |= await SimulatedDatabases.Fill(store, Key(entry.Id), endpoint);
        }

        return did;
    }

    private async Task<(int Id, string? Endpoint)?> AnyDatabase()
    {
        var there = new List<(int Id, string? Endpoint)>();
        foreach (var entry in composition.Entries.Where(e => e.Type == RandomEntry.Database))
        {
            if (await cluster.Store.Get(SimulatedDatabases.Type, Key(entry.Id), Cancellation) is { } live && live["metadata"]!["deletionTimestamp"] is null)
                there.Add((entry.Id, SimulatedDatabases.Endpoint(live)));
        }

        return there.Count == 0 ? null : there[random.Next(there.Count)];
    }

    private async Task Move(int id, string? endpoint, Func<Task> quiet)
    {
        var wasCalm = await IsCalm();
        var first = steps.Count;
        var changes = await Move(id, endpoint);
        await quiet();
        await Looked(quiet);
        var now = await written.New();
        CheckValues(now);
        if (wasCalm && !steps.Skip(first).Contains("died"))
        {
            // It is re-applied later if it was deleted by hand too often.
            if (await cluster.Store.Get(SimulatedDatabases.Type, Key(id), Cancellation) is not null)
                await CheckOutput(id);
            if (changes == 0 || await IsCalm())
                CheckCounts(id, changes, now);
        }

        Forget();
    }

    // A followed object is read at most once a second.
    private async Task Looked(Func<Task> quiet)
    {
        for (var i = 0; i < Looks; i++)
        {
            await cluster.Advance(FollowedChanges.LeastGap);
            await quiet();
        }
    }

    // Returns how often the endpoint changed.
    private async Task<int> Move(int id, string? before)
    {
        var last = endpoints.GetValueOrDefault(id);
        switch (random.Next(before is null ? 2 : 6))
        {
            case 2 or 3:
                steps.Add($"database {id} loses its endpoint {before}");
                await SimulatedDatabases.Fill(cluster.Store, Key(id), null, hasPort: random.Next(2) == 0);
                return 0;
            case 4:
                steps.Add($"database {id} is deleted by hand");
                await cluster.Store.Delete(SimulatedDatabases.Type, Key(id), new(), Cancellation);

                // A value that became due earlier and waits for the write budget is written when that allows it.
                if (await SequenceOfEdits.AwaitsBudget(cluster))
                    postponed.UnionWith(valid[id]);
                valid[id].Clear();
                return 0;
            case 5:
                steps.Add($"database {id} changes twice at once: {Next(id)}, {Next(id)}");
                await SimulatedDatabases.Fill(cluster.Store, Key(id), valid[id].First(e => e != last && e != endpoints[id]));
                await SimulatedDatabases.Fill(cluster.Store, Key(id), endpoints[id]);
                return 2;
            case 0 when last is not null && before is null:
                steps.Add($"database {id} has its endpoint {last} again");
                valid[id].Add(last);
                await SimulatedDatabases.Fill(cluster.Store, Key(id), last);
                return 0;
            default:
                steps.Add($"database {id} has the endpoint {Next(id)}");
                if (before is null && random.Next(2) == 0)
                    await SimulatedDatabases.Fill(cluster.Store, Key(id), null, hasPort: true);
                await SimulatedDatabases.Fill(cluster.Store, Key(id), endpoints[id]);
                return 1;
        }
    }

    private string Next(int id)
    {
        if (!valid.TryGetValue(id, out var those))
            valid[id] = those = new(StringComparer.Ordinal);
        var endpoint = string.Create(CultureInfo.InvariantCulture, $"ep{id}x{++count}");
        those.Add(endpoint);
        return endpoints[id] = endpoint;
    }

    // Nothing is in progress or postponed, and everything exists. The Composition's status may be a second old, so the children count.
    private async Task<bool> IsCalm()
    {
        var seen = await cluster.Composition(RandomComposition.Name);
        var children = (await cluster.Store.List(ResourceType.Component, RandomComposition.Namespace, Cancellation)).Items;
        return seen.Status?.Phase == Phase.Ready && seen.Status.ObservedGeneration == seen.Metadata.Generation
            && children.All(c => c["metadata"]!["deletionTimestamp"] is null) && !await SequenceOfEdits.AwaitsBudget(cluster);
    }

    // A vanished path keeps its last value; a recreated object gets a value of its own later.
    private async Task CheckOutput(int id)
    {
        var entry = composition.Entries.First(e => e.Id == id);
        var child = await cluster.Component($"{RandomComposition.Name}-{entry.Name.Replace('_', '-')}");
        var output = (string?)child.Status?.ProviderStatus?["endpoint"];
        var expected = valid[id].Count == 0 ? null : endpoints[id];
        if ((child.Status?.Phase == Phase.Ready) != (expected is not null) || output != expected)
            throw new InvalidOperationException($"{entry.Name} is {child.Status?.Phase} with the endpoint {output}, not {expected}: {child.Status?.Message}");
        if (expected is not null && (await cluster.Composition(RandomComposition.Name)).Status is { Phase: not Phase.Ready } status)
            throw new InvalidOperationException($"the Composition is {status.Phase}: {status.Message}");
    }

    private void CheckValues(IReadOnlyList<(string Secret, string Value)> now)
    {
        foreach (var (secret, value) in now)
        {
            if (value.Split('-').Contains(""))
                throw new InvalidOperationException($"{secret} was written with an empty endpoint: {value}");
            foreach (Match endpoint in EndpointPattern().Matches(value))
            {
                var known = valid[int.Parse(endpoint.Groups["number"].Value, CultureInfo.InvariantCulture)];
                if (!isRestored && !postponed.Contains(endpoint.Value) && !known.Contains(endpoint.Value))
                    throw new InvalidOperationException($"{secret} was written with the old endpoint {endpoint.Value}: {value}");
            }
        }
    }

    private void CheckCounts(int id, int changes, IReadOnlyList<(string Secret, string Value)> now)
    {
        var all = composition.Entries.ToDictionary(e => e.Id);
        foreach (var entry in all.Values.Where(e => e.Type == "secret-push"))
        {
            var versions = now.Count(n => n.Secret == entry.Makes);
            // A change may arrive at another moment through each path; several changes at once may arrive as one.
            var ways = entry.KeepsItsValue ? 0 : Ways(id, entry, all);
            var (least, most) = (ways * changes == 0 ? 0 : 1, ways * changes);
            if (versions < least || versions > most)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"{entry.Makes} got {versions} versions for {changes} changes of database {id}, which it takes by {ways} ways"));
            }
        }
    }

    private static int Ways(int from, RandomEntry to, IReadOnlyDictionary<int, RandomEntry> all) =>
        to.TakesFrom(all).Sum(id => id == from ? 1 : all[id].PassesOn ? Ways(from, all[id], all) : 0);

    // From now on only the last endpoint counts.
    private void Forget()
    {
        isRestored = false;
        foreach (var (id, those) in valid)
            those.RemoveWhere(e => e != endpoints[id]);
    }

    private static ObjectKey Key(int id) => new(RandomComposition.Namespace, SimulatedDatabases.Name(id));

    [GeneratedRegex(@"ep(?<number>\d+)x\d+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EndpointPattern();
}
