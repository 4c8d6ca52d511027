using System.Globalization;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>
/// What happens to the databases of a random Composition: their endpoints come late, change, vanish, and they are deleted by hand. No secret is written with
/// an empty endpoint or with one that is over; and where all is calm, each has one version more for each change that its policy asks it to follow.
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

    /// <summary>A backup is about to be restored, and the outputs in it count until their objects were looked at.</summary>
    public void Restored() => isRestored = true;

    /// <summary>Something happens to databases, one after the other.</summary>
    /// <param name="quiet">Waits until everything is done that can be done.</param>
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
            // Whoever waits for an endpoint fails meanwhile, and goes on when it comes.
            steps.Add("more than the deployment timeout passes");
            await cluster.Advance(TimeSpan.FromMinutes(31));
            await Looked(quiet);
        }

        await Check();
        for (var left = random.Next(1, 4); left > 0 && await AnyDatabase() is var (id, endpoint); left--)
            await Move(id, endpoint, quiet);
    }

    /// <summary>Checks every secret that was written since the last time.</summary>
    /// <exception cref="InvalidOperationException">One has an endpoint that it may not have.</exception>
    public async Task Check()
    {
        CheckValues(await written.New());
        if (!await SequenceOfEdits.AwaitsBudget(cluster))
            postponed.Clear();
        Forget();
    }

    /// <summary>Gives every database the endpoint that it last had, or its first.</summary>
    /// <returns>Whether one had another.</returns>
    public async Task<bool> FillIn(IResourceStore store)
    {
        var did = false;
        foreach (var entry in composition.Entries.Where(e => e.Type == RandomEntry.Database))
        {
            var endpoint = endpoints.GetValueOrDefault(entry.Id) ?? Next(entry.Id);
            valid[entry.Id].Add(endpoint);
            if (PlayedDatabases.Endpoint(await store.Get(PlayedDatabases.Type, Key(entry.Id), Cancellation)) != endpoint)
                did |= await PlayedDatabases.Fill(store, Key(entry.Id), endpoint);
        }

        return did;
    }

    private async Task<(int Id, string? Endpoint)?> AnyDatabase()
    {
        var there = new List<(int Id, string? Endpoint)>();
        foreach (var entry in composition.Entries.Where(e => e.Type == RandomEntry.Database))
        {
            if (await cluster.Store.Get(PlayedDatabases.Type, Key(entry.Id), Cancellation) is { } live && live["metadata"]!["deletionTimestamp"] is null)
                there.Add((entry.Id, PlayedDatabases.Endpoint(live)));
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
            // It is applied again later, where hands delete it too often.
            if (await cluster.Store.Get(PlayedDatabases.Type, Key(id), Cancellation) is not null)
                await CheckOutput(id);
            if (changes == 0 || await IsCalm())
                CheckCounts(id, changes, now);
        }

        Forget();
    }

    // Nobody looks at a followed object more than once in a second.
    private async Task Looked(Func<Task> quiet)
    {
        for (var i = 0; i < Looks; i++)
        {
            await cluster.Advance(FollowedChanges.LeastGap);
            await quiet();
        }
    }

    // How often the endpoint changed.
    private async Task<int> Move(int id, string? before)
    {
        var last = endpoints.GetValueOrDefault(id);
        switch (random.Next(before is null ? 2 : 6))
        {
            case 2 or 3:
                steps.Add($"database {id} loses its endpoint {before}");
                await PlayedDatabases.Fill(cluster.Store, Key(id), null, hasPort: random.Next(2) == 0);
                return 0;
            case 4:
                steps.Add($"database {id} is deleted by hand");
                await cluster.Store.Delete(PlayedDatabases.Type, Key(id), new(), Cancellation);

                // What was asked for while it was there, and waits for the write budget, is written when that allows it.
                if (await SequenceOfEdits.AwaitsBudget(cluster))
                    postponed.UnionWith(valid[id]);
                valid[id].Clear();
                return 0;
            case 5:
                steps.Add($"database {id} changes twice at once: {Next(id)}, {Next(id)}");
                await PlayedDatabases.Fill(cluster.Store, Key(id), valid[id].First(e => e != last && e != endpoints[id]));
                await PlayedDatabases.Fill(cluster.Store, Key(id), endpoints[id]);
                return 2;
            case 0 when last is not null && before is null:
                steps.Add($"database {id} has its endpoint {last} again");
                valid[id].Add(last);
                await PlayedDatabases.Fill(cluster.Store, Key(id), last);
                return 0;
            default:
                steps.Add($"database {id} has the endpoint {Next(id)}");
                if (before is null && random.Next(2) == 0)
                    await PlayedDatabases.Fill(cluster.Store, Key(id), null, hasPort: true);
                await PlayedDatabases.Fill(cluster.Store, Key(id), endpoints[id]);
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

    // Nothing is under way, nothing is postponed, and all is there. The Composition's status alone may be a second old: the children say more.
    private async Task<bool> IsCalm()
    {
        var seen = await cluster.Composition(RandomComposition.Name);
        var children = (await cluster.Store.List(ResourceType.Component, RandomComposition.Namespace, Cancellation)).Items;
        return seen.Status?.Phase == Phase.Ready && seen.Status.ObservedGeneration == seen.Metadata.Generation
            && children.All(c => c["metadata"]!["deletionTimestamp"] is null) && !await SequenceOfEdits.AwaitsBudget(cluster);
    }

    // A path that vanishes keeps its last value; an object that was deleted and created again has its own to come.
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
            // Each way that a change takes may bring it at another moment; several changes at once may come as one.
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

    // From now on only the last one counts.
    private void Forget()
    {
        isRestored = false;
        foreach (var (id, those) in valid)
            those.RemoveWhere(e => e != endpoints[id]);
    }

    private static ObjectKey Key(int id) => new(RandomComposition.Namespace, PlayedDatabases.Name(id));

    [GeneratedRegex(@"ep(?<number>\d+)x\d+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EndpointPattern();
}
