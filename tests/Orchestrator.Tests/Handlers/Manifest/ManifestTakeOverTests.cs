using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>Objects applied by an earlier incarnation of the Component or by a deleted one, as after a restore from a backup.</summary>
public sealed class ManifestTakeOverTests
{
    private const string OwnerAnnotation = "deployment-orchestrator.io/owner";

    private readonly ManifestWorld world = new();
    private readonly HashSet<ObjectKey> gone = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drift_in_an_object_that_names_this_Component_is_corrected_although_its_status_is_lost()
    {
        var component = Component(world.Store, ConfigMap("a", ("k", "ours")));
        await component.Apply();
        await world.Change(ResourceType.ConfigMap, "a", live => live["data"]!["k"] = "drifted");

        component.ForgetStatus();
        Assert.IsType<HandlerAnswer.Done>(await component.Apply());
        Assert.Equal("ours", (string?)(await world.ConfigMap("a"))["data"]!["k"]);
    }

    // A backup tool writes everything under its own name.
    [Fact]
    public async Task An_object_that_a_backup_tool_brought_back_with_an_older_value_is_corrected()
    {
        await world.Store.Create(Named("apps/thing", ConfigMap("a", ("k", "older"))), Cancellation);
        Assert.IsType<HandlerAnswer.Done>(await Component(world.Store, ConfigMap("a", ("k", "ours"))).Apply());
        Assert.Equal("ours", (string?)(await world.ConfigMap("a"))["data"]!["k"]);
    }

    [Fact]
    public async Task A_field_applied_by_another_manager_is_a_conflict_and_not_contested()
    {
        var component = Component(world.Store, ConfigMap("a", ("k", "ours")));
        await component.Apply();
        await world.Store.Apply(In("apps", ConfigMap("a", ("k", "theirs"))), new("gitops", Force: true), Cancellation);

        component.ForgetStatus();
        var failed = Assert.IsType<HandlerAnswer.Failed>(await component.Apply());
        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Equal("theirs", (string?)(await world.ConfigMap("a"))["data"]!["k"]);
    }

    [Fact]
    public async Task The_object_of_a_deleted_Component_is_taken_over_with_an_event()
    {
        await ApplyAs("apps/gone", ConfigMap("a", ("k", "theirs"), ("old", "1")));
        gone.Add(new("apps", "gone"));
        var answer = Assert.IsType<HandlerAnswer.Done>(await Component(world.Store, ConfigMap("a", ("k", "ours"))).Apply());

        var live = await world.ConfigMap("a");
        Assert.Equal(("apps/thing", "ours"), ((string?)live["metadata"]!["annotations"]![OwnerAnnotation], (string?)live["data"]!["k"]));
        var happened = Assert.Single(answer.Events);
        Assert.Equal(("ResourceTakenOver", "took over ConfigMap apps/a from Component apps/gone, which is gone"), (happened.Reason, happened.Message));
    }

    [Fact]
    public async Task The_object_of_a_living_Component_is_a_conflict_until_that_Component_is_deleted()
    {
        await ApplyAs("apps/living", ConfigMap("a", ("k", "theirs")));
        var component = Component(world.Store, ConfigMap("a", ("k", "ours")));
        var failed = Assert.IsType<HandlerAnswer.Failed>(await component.Apply());
        Assert.Equal("ConfigMap apps/a belongs to Component apps/living: take it out of that one, or use another name", Assert.Single(failed.Problems).Message);
        Assert.Contains(failed.Watches, w => w.Id == new ObjectId(ResourceType.Component, new("apps", "living")));

        gone.Add(new("apps", "living"));
        Assert.IsType<HandlerAnswer.Done>(await component.Apply());
    }

    // Whether a Component of another namespace still exists is unknown here, and it may be another team's.
    [Theory]
    [InlineData("other/gone")]
    [InlineData("gone")]
    [InlineData("apps/gone/more")]
    public async Task The_object_of_a_Component_of_another_namespace_is_never_taken_over(string owner)
    {
        await ApplyAs(owner, ConfigMap("a", ("k", "theirs")));
        gone.UnionWith([new("other", "gone"), new("apps", "gone"), new("apps", "gone/more")]);
        var before = await world.Text();
        Assert.IsType<HandlerAnswer.Failed>(await Component(world.Store, ConfigMap("a", ("k", "ours"))).Apply());
        Assert.Equal(before, await world.Text());
    }

    [Fact]
    public async Task An_object_of_a_deleted_Component_stays_with_the_controller_that_owns_it()
    {
        await ApplyAs("apps/gone", ConfigMap("a", ("k", "theirs")));
        gone.Add(new("apps", "gone"));
        var boss = await world.Store.Create(In("apps", Object("example.org/v1", "App", "boss")), Cancellation);
        await world.Change(ResourceType.ConfigMap, "a", live => live["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "example.org/v1",
            ["kind"] = "App",
            ["name"] = "boss",
            ["uid"] = boss["metadata"]!["uid"]!.DeepClone(),
            ["controller"] = true,
        }));
        Assert.IsType<HandlerAnswer.Failed>(await Component(world.Store, ConfigMap("a", ("k", "ours"))).Apply());
        Assert.Equal("apps/gone", (string?)(await world.ConfigMap("a"))["metadata"]!["annotations"]![OwnerAnnotation]);
    }

    [Fact]
    public async Task Of_two_that_take_over_one_object_at_once_one_gets_it()
    {
        await ApplyAs("apps/gone", ConfigMap("a", ("k", "theirs")));
        gone.Add(new("apps", "gone"));
        var store = new HookedStore(world.Store);
        var other = false;
        store.Before = async (call, _) =>
        {
            if (call != "Apply" || other)
                return;
            other = true;
            await world.Store.Apply(Named("apps/other", ConfigMap("a", ("k", "other's"))), new("dorch-apps-other", Force: true), Cancellation);
        };
        var failed = Assert.IsType<HandlerAnswer.Failed>(await Component(store, ConfigMap("a", ("k", "ours"))).Apply());
        Assert.Equal(FailureKind.Transient, failed.Kind);
        Assert.Equal("apps/other", (string?)(await world.ConfigMap("a"))["metadata"]!["annotations"]![OwnerAnnotation]);
        Assert.Equal(FailureKind.Conflict, Assert.IsType<HandlerAnswer.Failed>(await Component(store, ConfigMap("a", ("k", "ours"))).Apply()).Kind);
    }

    private HandledComponent Component(IResourceStore store, params JsonObject[] manifests) =>
        new(new ManifestHandler(store, ReadinessRule.WhenApplied, new(), TimeProvider.System, desired: new(new(() => [], Living))), Config(manifests));

    // Every Component named in these tests lists the object, unless it is deleted.
    private IEnumerable<Component> Living() => new ObjectKey[]
        {
            new("apps", "thing"), new("apps", "living"), new("apps", "other"), new("apps", "gone"), new("other", "gone"),
        }
        .Where(key => !gone.Contains(key)).Select(key => new Component
        {
            Metadata = new() { Namespace = key.Namespace, Name = key.Name },
            Spec = new() { Handler = HandlerNames.Manifest, Config = Config(ConfigMap("a")) },
        });

    private Task<JsonObject> ApplyAs(string owner, JsonObject resource) =>
        world.Store.Apply(Named(owner, resource), new($"dorch-{owner.Replace('/', '-')}"), Cancellation);

    private static JsonObject Named(string owner, JsonObject resource) => In("apps", resource, "annotations", new JsonObject { [OwnerAnnotation] = owner });
}
