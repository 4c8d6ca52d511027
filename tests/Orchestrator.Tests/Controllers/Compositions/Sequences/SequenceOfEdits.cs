using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>
/// One random Composition under random changes, from a seed. The end state must equal that of a fresh apply of its last version, and no child may be
/// created or re-applied before its dependencies are Ready, or deleted after them.
/// </summary>
internal sealed class SequenceOfEdits : IAsyncDisposable
{
    private readonly Random random;
    private readonly EmbeddedCluster cluster;
    private readonly RandomComposition composition;
    private readonly ChildOrder order;
    private readonly LossAndRestore loss;
    private readonly OutputMoves? outputs;
    private readonly List<string> steps = [];
    private int deathIn;
    private volatile bool died;

    private SequenceOfEdits(int seed, EmbeddedCluster cluster, bool hasOutputs)
    {
        (random, this.cluster, order) = (new(seed), cluster, new(cluster.Store));
        // If versions are counted, none may be due just because time passes.
        composition = hasOutputs ? new(random, steps, RandomEntry.TypesWithOutputs, "720h") : new(random, steps, RandomEntry.Types);
        loss = new(random, cluster, composition, order, steps);
        if (hasOutputs)
            outputs = new(random, cluster, composition, steps);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs the sequence of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="hasOutputs">Whether there are objects whose status another controller fills in, and outputs from them.</param>
    /// <returns>The number of its steps.</returns>
    /// <exception cref="InvalidOperationException">An invariant did not hold; the message has the steps.</exception>
    public static async Task<int> Of(int seed, bool hasOutputs)
    {
        await using var run = new SequenceOfEdits(seed, await EmbeddedCluster.StartAsync(), hasOutputs);
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
        cluster.Hooked.Before = order.Before;
        cluster.Hooked.After = After;
        await PutSources(cluster);
        var size = random.Next(10) == 0 ? random.Next(12, 51) : random.Next(1, 12);
        for (var i = 0; i < size; i++)
            composition.Add();
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
        var (mine, isSteady) = await RunUntilSteady(cluster, Quiet, loss.IsLeftOver);
        if (outputs is not null)
            await outputs.Check();
        var fresh = await Fresh();
        if (!isSteady || mine != fresh)
            throw new InvalidOperationException($"it ended as\n{mine}\nand a fresh apply as\n{fresh}");
        if (order.Breaches.Count > 0)
            throw new InvalidOperationException(string.Join("; ", order.Breaches));
    }

    private async Task Step()
    {
        if (outputs is not null && random.Next(2) == 0)
        {
            await outputs.Step(Quiet);
            return;
        }

        switch (random.Next(12))
        {
            case 0:
                composition.Add();
                break;
            case 1 when composition.Entries.Count > 1:
                composition.Remove();
                break;
            case 2:
                composition.Rename();
                break;
            case 3:
                composition.Retype();
                break;
            case 4:
                composition.Rewire();
                break;
            case 5:
                composition.Change();
                break;
            case 6:
                composition.ChangeSource();
                await PutSources(cluster);
                return;
            case 7 when await AnyChild() is { } gone:
                steps.Add($"delete {gone} by hand");
                await ByHand(() => cluster.Store.Delete(ResourceType.Component, new(RandomComposition.Namespace, gone), new(), Cancellation));
                return;
            case 8 when await AnyChild() is { } edited:
                await EditByHand(edited);
                return;
            case 9:
                await loss.BackUp(Quiet);
                return;
            case 10 when loss.HasBackup:
                outputs?.Restored();
                await loss.Restore(Quiet);
                return;
            default:
                steps.Add("restart");
                died = false;
                await cluster.Restart();
                return;
        }

        await Put();
    }

    private async Task<string?> AnyChild()
    {
        var children = (await cluster.Store.List(ResourceType.Component, RandomComposition.Namespace, Cancellation)).Items;
        return children.Count == 0 ? null : ObjectKey.Of(children[random.Next(children.Count)]).Name;
    }

    private async Task EditByHand(string child)
    {
        var kind = random.Next(3);
        steps.Add($"edit {child} by hand: {kind}");
        await ByHand(async () =>
        {
            if (await cluster.Store.Get(ResourceType.Component, new(RandomComposition.Namespace, child), Cancellation) is not { } resource
                || resource["metadata"]!["deletionTimestamp"] is not null)
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
                    resource["metadata"]!["finalizers"] = new JsonArray(
                        [.. (resource["metadata"]!["finalizers"]?.AsArray() ?? []).Where(f => (string?)f != ApiGroup.CoordinationFinalizer)
                            .Select(f => f!.DeepClone())]);
                    break;
            }

            await cluster.Store.Replace(resource, Cancellation);
        });
    }

    // Changes a child by hand between idle moments: during the controllers' work no order of the two would be the right one.
    private async Task ByHand(Func<Task> act)
    {
        await Quiet();
        await Tolerant(act);
        await Quiet();
    }

    private Task Put()
    {
        order.Edited();
        return Tolerant(() => cluster.Put(composition.Json));
    }

    private async Task PutSources(EmbeddedCluster into)
    {
        foreach (var map in composition.ConfigMaps)
        {
            if (await into.Store.Get(ResourceType.ConfigMap, ObjectKey.Of(map), Cancellation) is not { } present)
            {
                await into.Store.Create(map, Cancellation);
            }
            else if (!JsonNode.DeepEquals(present["data"], map["data"]))
            {
                present["data"] = map["data"]!.DeepClone();
                await into.Store.Replace(present, Cancellation);
            }
        }
    }

    // Acts as a user whose kubectl reports a conflict and who retries.
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
                // A conflict: retry.
            }
            catch (ResourceException e) when (e.Error == ResourceError.NotFound)
            {
                return;
            }
        }
    }

    // Waits until the controllers and the foreign handler are idle. Killed controllers are replaced.
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
        while (await ForeignHandler.Run(cluster.Store, RandomComposition.Namespace));
        await loss.Look();
        order.Quiet();
    }

    private async Task After(string call, string name)
    {
        if (call is "Get" or "List")
            return;
        await order.After(call, name);
        if (Volatile.Read(ref deathIn) <= 0 || Interlocked.Decrement(ref deathIn) != 0)
            return;
        died = true;
        cluster.Kill();
        throw new OperationCanceledException("killed");
    }

    private async Task<string> Fresh()
    {
        await using var fresh = await EmbeddedCluster.StartAsync();
        await PutSources(fresh);
        await fresh.Put(composition.Json);
        return (await RunUntilSteady(fresh, fresh.WhenQuiet, _ => false)).Text;
    }

    private async Task<(string Text, bool IsSteady)> RunUntilSteady(EmbeddedCluster cluster, Func<Task> quiet, Func<string, bool> isLeftOver)
    {
        for (var i = 0; i < 90; i++)
        {
            await quiet();
            while (await ForeignHandler.Run(cluster.Store, RandomComposition.Namespace) || (outputs is not null && await outputs.FillIn(cluster.Store)))
                await cluster.WhenQuiet();
            var seen = await cluster.Composition(RandomComposition.Name);
            if (seen.Status?.Phase == Phase.Ready && seen.Status.ObservedGeneration == seen.Metadata.Generation && i > 2
                && !await AwaitsBudget(cluster))
                return (await WorldPicture.Of(cluster, isLeftOver), true);
            await cluster.Advance(i < 10 ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(40));
        }

        var status = (await cluster.Composition(RandomComposition.Name)).Status;
        return ($"{status?.Phase}: {status?.Message}\n{await WorldPicture.Of(cluster, isLeftOver)}", false);
    }

    // A value over the write budget is not written yet, although its Component is Ready with the last one.
    internal static async Task<bool> AwaitsBudget(EmbeddedCluster cluster) =>
        (await cluster.Store.List(ResourceType.Component, RandomComposition.Namespace, Cancellation)).Items.Any(child =>
            child["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Limited" && (string?)c["reason"] == "WriteBudget") == true);
}
