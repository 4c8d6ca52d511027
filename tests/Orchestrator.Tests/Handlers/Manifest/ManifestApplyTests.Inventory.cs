using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>The inventory of applied objects, and pruning by it.</summary>
public sealed partial class ManifestApplyTests
{
    [Fact]
    public async Task An_object_is_recorded_in_the_inventory_before_it_is_applied()
    {
        var component = Component(ConfigMap("a"), ConfigMap("b"));
        var request = component.Request();
        string? noted = null;
        await Handler(world.Store).Apply(request with
        {
            Remember = async (applied, _) =>
            {
                Assert.Empty(await world.Text());
                noted = applied.ToJsonString();
            },
        }, Cancellation);
        Assert.Equal(
            """{"resources":[{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"a"},"""
            + """{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"b"}]}""", noted);
    }

    [Fact]
    public async Task An_object_that_cannot_be_recorded_is_not_applied()
    {
        var request = Component(ConfigMap("a")).Request() with
        {
            Remember = (_, _) => throw new ResourceException(ResourceError.Conflict, "it changed"),
        };
        Failed(FailureKind.Transient, await Handler(world.Store).Apply(request, Cancellation));
        Assert.Empty(await world.Text());
    }

    [Fact]
    public async Task A_failure_in_the_middle_keeps_what_was_applied_in_the_inventory()
    {
        await world.Store.Apply(In("apps", ConfigMap("b", ("k", "theirs"))), new("gitops"), Cancellation);
        var failed = Failed(FailureKind.Conflict, await Component(ConfigMap("a"), ConfigMap("b", ("k", "ours")), ConfigMap("c")).Apply());

        Assert.Equal(["a"], Names(failed.ProviderStatus!, "appliedResources"));
        Assert.Equal(["a", "b", "c"], Names(failed.Applied!, "resources"));
        Assert.Null(await world.Get(ResourceType.ConfigMap, "c"));
    }

    [Fact]
    public async Task Objects_removed_from_the_list_are_pruned_after_the_rest_is_applied()
    {
        var store = new HookedStore(world.Store);
        var component = Component(store, ConfigMap("a"), ConfigMap("b"));
        await component.Apply();

        var calls = new List<string>();
        store.Before = (call, name) =>
        {
            if (call is not ("Get" or "IsNamespaced"))
                calls.Add($"{call} {name}");
            return Task.CompletedTask;
        };
        component.Config = Config(ConfigMap("b"), ConfigMap("c"));
        var answer = Done(await component.Apply());

        Assert.Equal(["Apply b", "Apply c", "Delete a"], calls);
        Assert.Equal(["b", "c"], Names(answer.ProviderStatus!, "appliedResources"));
        Assert.Equal(["b", "c"], Names(answer.Applied!, "resources"));
        Assert.Equal(["Created ConfigMap apps/c", "Deleted ConfigMap apps/a"], answer.Events.Select(e => e.Message));
    }

    [Fact]
    public async Task Nothing_is_pruned_while_the_rest_cannot_be_applied()
    {
        var component = Component(ConfigMap("a"));
        await component.Apply();
        await world.Store.Apply(In("apps", ConfigMap("b", ("k", "theirs"))), new("gitops"), Cancellation);
        component.Config = Config(ConfigMap("b", ("k", "ours")));

        var failed = Failed(FailureKind.Conflict, await component.Apply());
        Assert.Equal(["a"], Names(failed.ProviderStatus!, "appliedResources"));
        await world.ConfigMap("a");
    }

    [Fact]
    public async Task An_object_that_another_owner_took_over_is_not_pruned()
    {
        var component = Component(ConfigMap("a"), ConfigMap("b"), ConfigMap("c"), ConfigMap("stays"));
        await component.Apply();
        await world.Change(ResourceType.ConfigMap, "a", live => live["metadata"]!["annotations"]![OwnerAnnotation] = "apps/other");
        await world.Change(ResourceType.ConfigMap, "b", live => live["metadata"]!.AsObject().Remove("annotations"));
        var controller = await Controller();
        await world.Change(ResourceType.ConfigMap, "c", live => live["metadata"]!["ownerReferences"] = controller);

        component.Config = Config(ConfigMap("stays"));
        var answer = Done(await component.Apply());
        Assert.Equal(["stays"], Names(answer.ProviderStatus!, "appliedResources"));
        Assert.Equal(["ConfigMap apps/c is not deleted: it is controlled by App boss: use another name",
            "ConfigMap apps/a is not deleted: it belongs to Component apps/other: take it out of that one, or use another name"],
            answer.Events.Select(e => e.Message));
        Assert.All(answer.Events, e => Assert.True(e.IsWarning));
        foreach (var name in new[] { "a", "b", "c" })
            await world.ConfigMap(name);
    }

    [Fact]
    public async Task A_pruned_object_stays_in_the_inventory_until_it_is_gone()
    {
        var component = Component(In("apps", ConfigMap("a"), "finalizers", new JsonArray("example.org/held")), ConfigMap("b"));
        await component.Apply();
        component.Config = Config(ConfigMap("b"));

        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await component.Apply());
        Assert.Equal("waits until ConfigMap apps/a is gone: example.org/held holds it", waiting.Message);
        Assert.Equal(["a", "b"], Names(waiting.ProviderStatus!, "appliedResources"));
        Assert.Contains(new(ResourceType.ConfigMap, new("apps", "a")), waiting.Watches);

        await world.Change(ResourceType.ConfigMap, "a", live => live["metadata"]!.AsObject().Remove("finalizers"));
        Assert.Equal(["b"], Names(Done(await component.Apply()).ProviderStatus!, "appliedResources"));
    }

    [Fact]
    public async Task Another_version_of_a_kind_is_the_same_object_and_is_not_pruned()
    {
        var component = Component(Object("external-secrets.io/v1beta1", "ExternalSecret", "a"));
        await component.Apply();
        var calls = new List<string>();
        var store = new HookedStore(world.Store) { Before = (call, _) => { calls.Add(call); return Task.CompletedTask; } };
        var request = component.Request() with { Config = Config(Object("external-secrets.io/v1", "ExternalSecret", "a")) };

        var answer = Done(await Handler(store).Apply(request, Cancellation));
        Assert.DoesNotContain("Delete", calls);
        Assert.Equal("""{"resources":[{"apiVersion":"external-secrets.io/v1","kind":"ExternalSecret","namespace":"apps","name":"a"}]}""",
            answer.Applied!.ToJsonString());
    }
}
