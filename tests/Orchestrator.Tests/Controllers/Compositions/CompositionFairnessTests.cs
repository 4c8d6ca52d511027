using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>One namespace's Compositions of many entries keep no other namespace's waiting.</summary>
public sealed class CompositionFairnessTests
{
    private const int Heavy = 6;
    private const int Entries = 350;

    [Fact]
    public async Task A_Composition_has_its_turn_between_the_writes_of_another_namespace_s_large_ones()
    {
        await using var cluster = new ScriptedCluster(new ScriptedHandler("make"));
        var (created, others) = (0, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Hooks.Before = async (call, name) =>
        {
            if (call != "Create")
                return;
            if (name == "small-e0")
                others.TrySetResult(created);
            // The first waits for the small one to be there, and the others are behind it: one child of each large one at most.
            else if (Interlocked.Increment(ref created) <= Heavy)
                await begun.Task;
        };
        foreach (var ns in (string[])["heavy", "other"])
            await cluster.Store.Create(NewResource.Namespace(ns), TestContext.Current.CancellationToken);
        for (var i = 0; i < Heavy; i++)
            await cluster.Store.Create(Composition("heavy", $"large-{i}", Entries), TestContext.Current.CancellationToken);
        await cluster.Store.Create(Composition("other", "small", 1), TestContext.Current.CancellationToken);
        await cluster.WhenSeen();
        begun.SetResult();
        await cluster.RunUntilQuiet();

        // Four workers write a hundred each in a turn, and 1,400 until four Compositions are done.
        Assert.InRange(await others.Task, 0, 1_000);
        Assert.Equal(Heavy * Entries, created);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Children_that_are_taken_back_or_released_leave_others_their_turn(bool back)
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

        var (replaced, others) = (0, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Hooks.Before = async (call, name) =>
        {
            if ((call, name) == ("Create", "small-e0"))
                others.TrySetResult(replaced);
            else if (call == "Replace" && name.StartsWith("large-", StringComparison.Ordinal) && Interlocked.Increment(ref replaced) <= Heavy)
                await begun.Task;
        };
        for (var i = 0; back && i < Heavy; i++)
            await cluster.Store.Create(Composition("heavy", $"large-{i}", Children), TestContext.Current.CancellationToken);
        if (!back)
            await Orphan(thenSettle: false);
        await cluster.Store.Create(Composition("other", "small", 1), TestContext.Current.CancellationToken);
        await cluster.WhenSeen();
        begun.SetResult();
        await cluster.RunUntilQuiet();

        // Four workers write a hundred each in a turn, and 1,000 until four Compositions are done.
        Assert.InRange(await others.Task, 0, 700);
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
    public async Task Children_that_the_store_refuses_keep_no_other_from_being_created()
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
}
