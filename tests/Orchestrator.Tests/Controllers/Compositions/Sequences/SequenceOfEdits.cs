using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>
/// One random Composition and what random hands do to it, from a seed. In the end there must be what a fresh apply of its last version makes, and on the
/// way no child may be made or re-applied before what it needs is Ready, nor go after it.
/// </summary>
internal sealed class SequenceOfEdits : IAsyncDisposable
{
    /// <summary>How many ConfigMaps there are to read from.</summary>
    public const int Sources = 3;

    private const string Namespace = "default";
    private static readonly ResourceType[] Written = [ResourceType.Component, ResourceType.ConfigMap];

    private readonly Random random;
    private readonly EmbeddedCluster cluster;
    private readonly List<RandomEntry> entries = [];
    private readonly string[] sources = [.. Enumerable.Range(0, Sources).Select(i => $"v{i}")];
    private readonly ConcurrentDictionary<string, JsonObject> before = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> letGo = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> breaches = new();
    private readonly List<string> steps = [];
    private int names;
    private int deathIn;
    private volatile int edits;
    private volatile bool died;

    private SequenceOfEdits(int seed, EmbeddedCluster cluster) => (random, this.cluster) = (new(seed), cluster);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs the sequence of a seed.</summary>
    /// <returns>How many steps it had.</returns>
    /// <exception cref="InvalidOperationException">Something did not hold; the message names the steps.</exception>
    public static async Task<int> Of(int seed)
    {
        await using var run = new SequenceOfEdits(seed, await EmbeddedCluster.StartAsync());
        try
        {
            await run.Run();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}\n  {string.Join("\n  ", run.steps)}", e);
        }

        return run.steps.Count;
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private async Task Run()
    {
        cluster.Reach.Before = Remember;
        cluster.Reach.After = Watch;
        for (var i = 0; i < Sources; i++)
            await PutSource(i);
        var size = random.Next(10) == 0 ? random.Next(12, 51) : random.Next(1, 12);
        for (var i = 0; i < size; i++)
            Add();
        await Put();
        for (var left = random.Next(3, 9); left > 0; left--)
        {
            await Quiet();
            if (random.Next(4) == 0)
                Volatile.Write(ref deathIn, random.Next(1, 12));
            for (var at = random.Next(1, 4); at > 0; at--)
                await Step();
        }

        Volatile.Write(ref deathIn, 0);
        var (mine, steady) = await Settled(cluster, this);
        var fresh = await Fresh();
        if (!steady || mine != fresh)
            throw new InvalidOperationException($"it ended as\n{mine}\nand a fresh apply as\n{fresh}");
        if (!breaches.IsEmpty)
            throw new InvalidOperationException(string.Join("; ", breaches));
    }

    private async Task Step()
    {
        var children = (await cluster.Store.List(ResourceType.Component, Namespace, Cancellation)).Items.Select(c => ObjectKey.Of(c).Name).ToList();
        switch (random.Next(10))
        {
            case 0:
                Add();
                break;
            case 1 when entries.Count > 1:
                Remove(Any());
                break;
            case 2:
                Replace(Any(), e => e with { Name = NewName() }, "rename");
                break;
            case 3:
                Replace(Any(), e => e with { Type = RandomEntry.Types[random.Next(RandomEntry.Types.Length)] }, "retype");
                break;
            case 4:
                Replace(Any(), e => e with { Needs = Needs(entries.IndexOf(e)) }, "rewire");
                break;
            case 5:
                Replace(Any(), e => e with { Value = $"w{random.Next(100)}" }, "change");
                break;
            case 6:
                var at = random.Next(Sources);
                sources[at] = $"v{random.Next(100)}";
                steps.Add($"source {at} is {sources[at]}");
                await PutSource(at);
                return;
            case 7 when children.Count > 0:
                var gone = children[random.Next(children.Count)];
                steps.Add($"delete {gone} by hand");
                await ByHand(() => cluster.Store.Delete(ResourceType.Component, new(Namespace, gone), new(), Cancellation));
                return;
            case 8 when children.Count > 0:
                await EditByHand(children[random.Next(children.Count)]);
                return;
            default:
                steps.Add("restart");
                died = false;
                await cluster.Restart();
                return;
        }

        await Put();
    }

    private async Task EditByHand(string child)
    {
        var kind = random.Next(3);
        steps.Add($"edit {child} by hand: {kind}");
        await ByHand(async () =>
        {
            if (await cluster.Store.Get(ResourceType.Component, new(Namespace, child), Cancellation) is not { } resource || resource["metadata"]!["deletionTimestamp"] is not null)
                return;
            switch (kind)
            {
                case 0:
                    resource["spec"]!["deploymentTimeout"] = "7m";
                    break;
                case 1:
                    resource["metadata"]!["labels"] = new JsonObject { ["mine"] = "too" };
                    break;
                default:
                    resource["metadata"]!["finalizers"] = new JsonArray([.. resource["metadata"]!["finalizers"]!.AsArray().Where(f => (string?)f != ApiGroup.CoordinationFinalizer).Select(f => f!.DeepClone())]);
                    break;
            }

            await cluster.Store.Replace(resource, Cancellation);
        });
    }

    // What a hand does to a child while the controllers are at it has no right order: before and after it all is quiet.
    private async Task ByHand(Func<Task> act)
    {
        await Quiet();
        await Tolerant(act);
        await Quiet();
    }

    private RandomEntry Any() => entries[random.Next(entries.Count)];

    private string NewName() => $"e_{names++}";

    // Of those before it only, so that none go in a circle.
    private List<int> Needs(int before) =>
        before == 0 ? [] : [.. Enumerable.Range(0, random.Next(3)).Select(_ => entries[random.Next(before)].Id).Distinct()];

    private void Add()
    {
        var name = NewName();
        entries.Add(new(names, name, RandomEntry.Types[random.Next(RandomEntry.Types.Length)], $"w{random.Next(100)}", Needs(entries.Count)));
        steps.Add($"add {entries[^1].Type} {name} needing {string.Join(',', entries[^1].Needs)} as {entries[^1].Id}");
    }

    private void Remove(RandomEntry entry)
    {
        var gone = new HashSet<int> { entry.Id };
        if (random.Next(2) == 0)
        {
            // All that need one come after it.
            foreach (var dependent in entries.Where(e => e.Needs.Any(gone.Contains)))
                gone.Add(dependent.Id);
        }

        // A Composition has one entry at least.
        if (gone.Count == entries.Count)
            gone.IntersectWith([entry.Id]);
        steps.Add($"remove {string.Join(", ", entries.Where(e => gone.Contains(e.Id)).Select(e => e.Name))}");
        entries.RemoveAll(e => gone.Contains(e.Id));
        for (var i = 0; i < entries.Count; i++)
            entries[i] = entries[i] with { Needs = [.. entries[i].Needs.Where(id => !gone.Contains(id))] };
    }

    private void Replace(RandomEntry entry, Func<RandomEntry, RandomEntry> change, string what)
    {
        var changed = change(entry);
        steps.Add($"{what} {entry.Name}: {changed.Type} {changed.Name} {changed.Value} needing {string.Join(',', changed.Needs)}");
        entries[entries.IndexOf(entry)] = changed;
    }

    private JsonObject Composition()
    {
        var all = entries.ToDictionary(e => e.Id);
        return new()
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = "Composition",
            ["metadata"] = new JsonObject { ["name"] = "sys", ["namespace"] = Namespace },
            ["spec"] = new JsonObject { ["components"] = new JsonArray([.. entries.Select(e => e.Json(all))]) },
        };
    }

    private Task Put()
    {
        edits++;
        return Tolerant(() => cluster.Put(Composition()));
    }

    private async Task PutSource(int i) => await Put(cluster, Source(i));

    private JsonObject Source(int i) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = $"source-{i}", ["namespace"] = Namespace },
        ["data"] = new JsonObject { ["v"] = sources[i] },
    };

    private static async Task Put(EmbeddedCluster cluster, JsonObject map)
    {
        var key = ObjectKey.Of(map);
        if (await cluster.Store.Get(ResourceType.ConfigMap, key, Cancellation) is { } present)
        {
            present["data"] = map["data"]!.DeepClone();
            await cluster.Store.Replace(present, Cancellation);
        }
        else
        {
            await cluster.Store.Create(map, Cancellation);
        }
    }

    // As a user whose kubectl says that somebody wrote in between, and who tries again.
    private static async Task Tolerant(Func<Task> act)
    {
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                // Again.
            }
            catch (ResourceException e) when (e.Error == ResourceError.NotFound)
            {
                return;
            }
        }
    }

    // Everything that can be done now is done, by us and by the foreign handler; whoever died has a successor.
    private async Task Quiet()
    {
        do
        {
            await cluster.WhenQuiet();
            if (died)
            {
                steps.Add("died");
                died = false;
                await cluster.Restart();
                await cluster.WhenQuiet();
            }
        }
        while (await ForeignHandler.Play(cluster.Store, Namespace));
        edits = 0;
    }

    private async Task Remember(string call, string name)
    {
        if (call == "Replace" && IsChild(name) && await cluster.Store.Get(ResourceType.Component, new(Namespace, name), CancellationToken.None) is { } child)
            before[name] = child;
    }

    private Task Watch(string call, string name)
    {
        if (call is not ("Get" or "List"))
            Check(call, name);
        if (call is "Get" or "List" || Volatile.Read(ref deathIn) <= 0 || Interlocked.Decrement(ref deathIn) != 0)
            return Task.CompletedTask;
        died = true;
        cluster.Kill();
        return Task.FromException(new OperationCanceledException("killed"));
    }

    private void Check(string call, string name)
    {
        if (call is not ("Create" or "Replace") || !IsChild(name))
            return;
        // The in-memory store answers at once.
        var all = cluster.Store.List(ResourceType.Component, Namespace, CancellationToken.None).GetAwaiter().GetResult().Items;
        var child = all.FirstOrDefault(c => ObjectKey.Of(c).Name == name);
        if (call == "Create")
        {
            if (child is not null)
                CheckNeeds(name, "made", child, all);
            return;
        }

        if (!before.TryGetValue(name, out var old))
            return;
        var now = child is not null && Uid(child) == Uid(old) ? child : null;
        if ((long?)now?["metadata"]!["generation"] > (long?)old["metadata"]!["generation"])
            CheckNeeds(name, "re-applied", now!, all);
        // Once, when it is let go: what is done to others while its handler takes it down comes too late.
        if ((now is null || (IsGoing(now) && !HasCoordination(now))) && letGo.TryAdd(Uid(old), true))
            CheckDependents(name, (string?)old["spec"]!["name"], all);
    }

    private void CheckNeeds(string name, string what, JsonObject child, IReadOnlyList<JsonObject> all)
    {
        foreach (var need in Needs(child))
        {
            if (all.FirstOrDefault(c => (string?)c["spec"]!["name"] == need) is not { } found || (string?)found["status"]?["phase"] != Phase.Ready
                || (long?)found["status"]!["observedGeneration"] != (long?)found["metadata"]!["generation"])
                breaches.Enqueue($"{name} was {what} before {need} was Ready");
        }
    }

    private void CheckDependents(string name, string? entry, IReadOnlyList<JsonObject> all)
    {
        var spec = cluster.Store.Get(ResourceType.Composition, new(Namespace, "sys"), CancellationToken.None).GetAwaiter().GetResult()?["spec"];
        var wanted = (spec?["components"]?.AsArray() ?? []).Select(e => (string)e!["name"]!).ToHashSet(StringComparer.Ordinal);
        foreach (var late in all.Where(c => ObjectKey.Of(c).Name != name && Needs(c).Contains(entry, StringComparer.Ordinal)))
        {
            // Of several edits in a row nobody knows which one the controllers had read: that an entry has gone counts where there was one.
            if (IsGoing(late) || (edits < 2 && !wanted.Contains((string)late["spec"]!["name"]!)))
                breaches.Enqueue($"{ObjectKey.Of(late).Name} goes after {name}, which it needs");
        }
    }

    private static bool IsChild(string name) => name.StartsWith("sys-", StringComparison.Ordinal);

    private static bool IsGoing(JsonObject child) => child["metadata"]!["deletionTimestamp"] is not null;

    private static bool HasCoordination(JsonObject child) =>
        child["metadata"]!["finalizers"]?.AsArray().Any(f => (string?)f == ApiGroup.CoordinationFinalizer) == true;

    private static string Uid(JsonObject resource) => (string)resource["metadata"]!["uid"]!;

    private static IEnumerable<string> Needs(JsonObject child) => (child["spec"]!["dependsOn"]?.AsArray() ?? []).Select(n => (string)n!);

    private async Task<string> Fresh()
    {
        await using var fresh = await EmbeddedCluster.StartAsync();
        for (var i = 0; i < Sources; i++)
            await Put(fresh, Source(i));
        await fresh.Put(Composition());
        return (await Settled(fresh, null)).Text;
    }

    private static async Task<(string Text, bool Steady)> Settled(EmbeddedCluster cluster, SequenceOfEdits? run)
    {
        for (var i = 0; i < 90; i++)
        {
            if (run is not null)
                await run.Quiet();
            else
                await cluster.WhenQuiet();
            while (await ForeignHandler.Play(cluster.Store, Namespace))
                await cluster.WhenQuiet();
            var composition = await cluster.Store.Get(ResourceType.Composition, new(Namespace, "sys"), Cancellation);
            if ((string?)composition?["status"]?["phase"] == Phase.Ready && (long?)composition["status"]!["observedGeneration"] == (long?)composition["metadata"]!["generation"] && i > 2
                && !await AwaitsBudget(cluster))
                return (await Picture(cluster), true);
            await cluster.Advance(i < 10 ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(40));
        }

        var status = (await cluster.Store.Get(ResourceType.Composition, new(Namespace, "sys"), Cancellation))?["status"];
        return ($"{status?["phase"]}: {status?["message"]}\n{await Picture(cluster)}", false);
    }

    // A value over the write budget is not there yet, although its Component is Ready with the last one.
    private static async Task<bool> AwaitsBudget(EmbeddedCluster cluster) =>
        (await cluster.Store.List(ResourceType.Component, Namespace, Cancellation)).Items.Any(child =>
            child["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Limited" && (string?)c["reason"] == "WriteBudget") == true);

    private static async Task<string> Picture(EmbeddedCluster cluster)
    {
        var lines = new List<string>();
        foreach (var type in Written)
        {
            foreach (var resource in (await cluster.Store.List(type, Namespace, Cancellation)).Items)
            {
                var metadata = resource["metadata"]!;
                var finalizers = string.Join(',', (metadata["finalizers"]?.AsArray() ?? []).Select(f => (string)f!).Order(StringComparer.Ordinal));
                var labels = string.Join(',', (metadata["labels"] as JsonObject ?? []).Where(l => l.Key.StartsWith(ApiGroup.Name, StringComparison.Ordinal))
                    .Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal));
                var owner = metadata["ownerReferences"]?.AsArray().FirstOrDefault(o => (bool?)o!["controller"] == true)?["name"];
                lines.Add($"{metadata["name"]} {resource["status"]?["phase"]} <{finalizers}> [{labels}] of {owner} {resource["spec"]?.ToJsonString()}{resource["data"]?.ToJsonString()}");
                if (type == ResourceType.Component)
                    lines.Add($"  gives {await Outputs(cluster, resource)}");
            }
        }

        var secrets = (await cluster.ByHand("ListSecrets", new { MaxResults = 100 })).Ok()["SecretList"]!.AsArray();
        lines.AddRange(secrets.Select(s => string.Create(CultureInfo.InvariantCulture, $"secret {s!["Name"]}")).Order(StringComparer.Ordinal));
        return string.Join('\n', lines);
    }

    // Of a secret its name, as the rest of what it gives has times and ids in it; and its value, where that is to be the last one.
    private static async Task<string?> Outputs(EmbeddedCluster cluster, JsonObject child)
    {
        var outputs = child["status"]?["providerStatus"];
        var config = child["spec"]!["config"];
        if ((string?)child["spec"]!["handler"] != "secret-push")
            return outputs?.ToJsonString();
        if ((string?)config!["updatePolicy"] != RandomEntry.AlwaysUpdate)
            return (string?)outputs?["secretName"];
        var secret = await cluster.ByHand("GetSecretValue", new { SecretId = (string?)config["secretName"] });
        return $"{outputs?["secretName"]} with {JsonNode.Parse((string)secret.Ok()["SecretString"]!)!["value"]}";
    }
}
