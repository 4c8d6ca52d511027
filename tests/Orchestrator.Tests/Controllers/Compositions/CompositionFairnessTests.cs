using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>Compositions of many entries in one namespace do not keep another namespace waiting.</summary>
public sealed class CompositionFairnessTests
{
    private const int Heavy = 6;
    private const int Entries = 350;

    [Fact]
    public async Task A_Composition_gets_its_turn_between_the_writes_of_another_namespaces_large_ones()
    {
        await using var cluster = new ScriptedCluster(new ScriptedHandler("make"));
        var turns = new Turns("Create");
        cluster.Hooks.Before = turns.Before;
        cluster.Hooks.After = turns.After;
        foreach (var ns in (string[])["heavy", "other"])
            await cluster.Store.Create(NewResource.Namespace(ns), TestContext.Current.CancellationToken);
        for (var i = 0; i < Heavy; i++)
            await cluster.Store.Create(Composition("heavy", $"large-{i}", Entries), TestContext.Current.CancellationToken);
        await cluster.Store.Create(Composition("other", "small", 1), TestContext.Current.CancellationToken);
        await cluster.WhenSeen();

        await turns.UntilSmall();
        await cluster.RunUntilQuiet();

        Assert.Equal(Heavy * Entries, turns.Writes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Adopting_or_releasing_children_does_not_keep_others_waiting(bool back)
    {
        const int Children = 250;
        await using var cluster = new ScriptedCluster(new ScriptedHandler("make"));
        foreach (var ns in (string[])["heavy", "other"])
            await cluster.Store.Create(NewResource.Namespace(ns), TestContext.Current.CancellationToken);
        for (var i = 0; i < Heavy; i++)
            await cluster.Store.Create(Composition("heavy", $"large-{i}", Children), TestContext.Current.CancellationToken);
        await cluster.RunUntilQuiet();
        if (back)
            await Orphan();

        var turns = new Turns("Replace");
        cluster.Hooks.Before = turns.Before;
        cluster.Hooks.After = turns.After;
        for (var i = 0; back && i < Heavy; i++)
            await cluster.Store.Create(Composition("heavy", $"large-{i}", Children), TestContext.Current.CancellationToken);
        if (!back)
            await Orphan(thenSettle: false);
        await cluster.Store.Create(Composition("other", "small", 1), TestContext.Current.CancellationToken);
        await cluster.WhenSeen();

        await turns.UntilSmall();
        await cluster.RunUntilQuiet();

        var children = (await cluster.Store.List(ResourceType.Component, "heavy", TestContext.Current.CancellationToken)).Items;
        Assert.Equal(Heavy * Children, children.Count);
        Assert.All(children, child => Assert.Equal(back, child["metadata"]!["ownerReferences"] is not null));
        Assert.All(children, child => Assert.Equal(
            back, child["metadata"]!["finalizers"]!.AsArray().Select(f => (string?)f).Contains(ApiGroup.CoordinationFinalizer)));

        async Task Orphan(bool thenSettle = true)
        {
            for (var i = 0; i < Heavy; i++)
                await cluster.Store.Delete(
                    ResourceType.Composition, new("heavy", $"large-{i}"), new(null, DeletePropagation.Orphan), TestContext.Current.CancellationToken);
            if (thenSettle)
                await cluster.RunUntilQuiet();
        }
    }

    [Fact]
    public async Task Children_that_the_store_refuses_do_not_block_the_creation_of_others()
    {
        await using var cluster = new ScriptedCluster(new ScriptedHandler("make"));
        cluster.Hooks.Before = (call, name) => call == "Create" && int.Parse(name["large-e".Length..], CultureInfo.InvariantCulture) < 120
            ? throw new ResourceException(ResourceError.Forbidden, "exceeded quota")
            : Task.CompletedTask;
        await cluster.Store.Create(Composition("default", "large", 200), TestContext.Current.CancellationToken);
        await cluster.RunUntilQuiet();

        Assert.Equal(80, (await cluster.Store.List(ResourceType.Component, "default", TestContext.Current.CancellationToken)).Items.Count);
    }

    private static JsonObject Composition(string ns, string name, int entries) => NewResource.Composition(ns, name,
        [.. Enumerable.Range(0, entries).Select(i => new JsonObject { ["name"] = $"e{i}", ["type"] = "make", ["config"] = new JsonObject() })]);

    // The first writes wait until everything is queued. Four workers write a hundred each in a turn, so writes of a large Composition after two of its
    // turns may wait for the small one. Without turns, all workers would wait there.
    private sealed class Turns(string write)
    {
        private const int TwoTurns = 200;

        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource small = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<string, int> writes = new(StringComparer.Ordinal);

        public int Writes => writes.Values.Sum();

        public async Task Before(string call, string name)
        {
            if ((call, name) == ("Create", "small-e0"))
                small.TrySetResult();
            if (call != write || !name.StartsWith("large-", StringComparison.Ordinal))
                return;
            await begun.Task;
            if (writes.GetValueOrDefault(CompositionOf(name)) >= TwoTurns)
                await small.Task;
        }

        // A refused call is not a write.
        public Task After(string call, string name)
        {
            if (call == write && name.StartsWith("large-", StringComparison.Ordinal))
                writes.AddOrUpdate(CompositionOf(name), 1, (_, count) => count + 1);
            return Task.CompletedTask;
        }

        private static string CompositionOf(string name) => name[.."large-0".Length];

        public async Task UntilSmall()
        {
            begun.SetResult();
            try
            {
                await small.Task.Soon();
            }
            finally
            {
                small.TrySetResult();
            }
        }
    }
}
