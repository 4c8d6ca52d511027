using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

public sealed class ManifestDeleteTests
{
    private const string OwnerAnnotation = "deployment-orchestrator.io/owner";

    private readonly ManifestWorld world = new();
    private readonly HookedStore store;

    public ManifestDeleteTests() => store = new(world.Store);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_are_deleted_in_reverse_order()
    {
        var component = await Applied(ConfigMap("a"), ConfigMap("b"), ConfigMap("c"));
        var deleted = new List<string>();
        store.Before = (call, name) =>
        {
            if (call == "Delete")
                deleted.Add(name);
            return Task.CompletedTask;
        };
        var answer = Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.Equal(["c", "b", "a"], deleted);
        Assert.Equal(["Deleted ConfigMap apps/c", "Deleted ConfigMap apps/b", "Deleted ConfigMap apps/a"], answer.Events.Select(e => e.Message));
    }

    [Fact]
    public async Task An_object_held_by_a_finalizer_is_waited_for_before_the_next_is_deleted()
    {
        var component = await Applied(ConfigMap("a"), In("apps", ConfigMap("b"), "finalizers", new JsonArray("example.org/held")), ConfigMap("c"));
        for (var tries = 0; tries < 2; tries++)
        {
            var waiting = Assert.IsType<HandlerAnswer.InProgress>(await component.Delete());
            Assert.Equal("waits until ConfigMap apps/b is gone: example.org/held holds it", waiting.Message);
            Assert.Equal(2, waiting.ProviderStatus!["appliedResources"]!.AsArray().Count);
            Assert.Equal(2, waiting.Applied!["resources"]!.AsArray().Count);
            Assert.Equal([new(ResourceType.ConfigMap, new("apps", "a")), new(ResourceType.ConfigMap, new("apps", "b"))], waiting.Watches);
            Assert.Null((await world.ConfigMap("a"))["metadata"]!["deletionTimestamp"]);
        }

        await world.Change(ResourceType.ConfigMap, "b", live => live["metadata"]!.AsObject().Remove("finalizers"));
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.Empty(await world.Text());
    }

    [Fact]
    public async Task An_object_of_another_owner_is_not_deleted()
    {
        var component = await Applied(ConfigMap("a"), ConfigMap("b"));
        await world.Change(ResourceType.ConfigMap, "a", live => live["metadata"]!["annotations"]![OwnerAnnotation] = "apps/other");
        await world.Change(ResourceType.ConfigMap, "b", live => live["metadata"]!.AsObject().Remove("annotations"));
        var before = await world.Text();

        var answer = Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.Equal("ResourceLeft", Assert.Single(answer.Events).Reason);
        Assert.Equal(before, await world.Text());
    }

    [Fact]
    public async Task An_object_that_was_there_before_and_was_never_applied_is_left()
    {
        await world.Store.Apply(In("apps", ConfigMap("a", ("k", "theirs"))), new("gitops"), Cancellation);
        var component = await Applied(ConfigMap("a", ("k", "ours")));
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        await world.ConfigMap("a");
    }

    [Fact]
    public async Task An_object_recreated_between_the_read_and_the_delete_is_left()
    {
        var component = await Applied(ConfigMap("a"));
        store.Before = async (call, _) =>
        {
            if (call != "Delete")
                return;
            await world.Store.Delete(ResourceType.ConfigMap, new("apps", "a"), new(), Cancellation);
            await world.Store.Create(In("apps", ConfigMap("a")), Cancellation);
        };
        Assert.Equal(FailureKind.Transient, Assert.IsType<HandlerAnswer.Failed>(await component.Delete()).Kind);
        await world.ConfigMap("a");

        store.Before = (_, _) => Task.CompletedTask;
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        await world.ConfigMap("a");
    }

    [Fact]
    public async Task An_object_deleted_concurrently_counts_as_deleted()
    {
        var component = await Applied(ConfigMap("a"));
        store.Before = async (call, _) =>
        {
            if (call == "Delete")
                await world.Store.Delete(ResourceType.ConfigMap, new("apps", "a"), new(), Cancellation);
        };
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
    }

    [Fact]
    public async Task A_kind_that_is_no_longer_served_has_no_objects_left_to_delete()
    {
        var component = await Applied(Object("external-secrets.io/v1", "ExternalSecret", "a"));
        store.Before = (_, _) => throw new ResourceException(ResourceError.NotServed, "no such kind");
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
    }

    [Fact]
    public async Task A_kind_that_is_served_in_another_version_only_is_deleted_in_that_one()
    {
        var component = await Applied(Object("external-secrets.io/v1", "ExternalSecret", "a"));
        var refused = false;
        store.Before = (_, _) =>
        {
            // Only the version of the inventory is not served.
            if (refused)
                return Task.CompletedTask;
            refused = true;
            throw new ResourceException(ResourceError.NotServed, "no such version", ["external-secrets.io/v1"]);
        };
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.True(refused);
        Assert.Empty(await world.Text());
    }

    [Theory]
    [InlineData(ResourceError.Forbidden, FailureKind.Denied, "may not delete ConfigMap apps/a: said so")]
    [InlineData(ResourceError.Invalid, FailureKind.Rejected, "cannot delete ConfigMap apps/a: said so")]
    [InlineData(ResourceError.Unavailable, FailureKind.Transient, "cannot delete ConfigMap apps/a: said so")]
    [InlineData(ResourceError.Conflict, FailureKind.Transient, "cannot delete ConfigMap apps/a: said so")]
    public async Task A_refused_deletion_is_retried_and_never_given_up(object error, FailureKind kind, string message)
    {
        var component = await Applied(ConfigMap("a"), ConfigMap("b"));
        store.Before = (call, name) => call == "Delete" && name == "a" ? throw new ResourceException((ResourceError)error, "said so") : Task.CompletedTask;

        var failed = Assert.IsType<HandlerAnswer.Failed>(await component.Delete());
        Assert.Equal(kind, failed.Kind);
        Assert.Equal(message, Assert.Single(failed.Problems).Message);
        Assert.Single(failed.Applied!["resources"]!.AsArray());

        store.Before = (_, _) => Task.CompletedTask;
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
    }

    [Fact]
    public async Task A_deletion_interrupted_at_any_call_orphans_no_object()
    {
        var untroubled = new ManifestWorld();
        await Run(untroubled, untroubled.Store);
        var expected = await untroubled.Content();

        var breaks = 0;
        for (var broke = true; broke; breaks++)
        {
            broke = false;
            foreach (var after in new[] { false, true })
            {
                var here = new ManifestWorld();
                var calls = 0;
                var breakAt = breaks;
                Task Break(string call, string name)
                {
                    if (calls++ != breakAt)
                        return Task.CompletedTask;
                    broke = true;
                    throw new ResourceException(ResourceError.Unavailable, "the connection broke");
                }

                var hooked = new HookedStore(here.Store);
                if (after)
                    hooked.After = Break;
                else
                    hooked.Before = Break;

                var component = await Run(here, hooked);
                Assert.Equal(expected, await here.Content());
                hooked.Before = hooked.After = (_, _) => Task.CompletedTask;
                Assert.IsType<HandlerAnswer.Done>(await component.Delete());
                Assert.Empty(await here.Content());
            }
        }

        Assert.True(breaks > 8, $"only {breaks} calls");

        static async Task<HandledComponent> Run(ManifestWorld world, IResourceStore store)
        {
            var component = new HandledComponent(new ManifestHandler(store, ReadinessRule.WhenApplied, new(), TimeProvider.System),
                Config(ConfigMap("a", ("k", "1")), ConfigMap("b")));
            await UntilDone(component);
            component.Config = Config(ConfigMap("c"), ConfigMap("a", ("k", "2")));
            await UntilDone(component);
            return component;
        }

        static async Task UntilDone(HandledComponent component)
        {
            var tries = 0;
            while (await component.Apply() is not HandlerAnswer.Done)
                Assert.True(++tries < 5);
        }
    }

    private async Task<HandledComponent> Applied(params JsonObject[] manifests)
    {
        var component = new HandledComponent(new ManifestHandler(store, ReadinessRule.WhenApplied, new(), TimeProvider.System), Config(manifests));
        await component.Apply();
        return component;
    }
}
