using System.Text;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>Objects and kinds that the store refuses.</summary>
public sealed partial class ManifestApplyTests
{
    [Fact]
    public async Task A_message_about_a_long_name_fits_a_status()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('n', 62), 4));
        var component = new HandledComponent(new ManifestHandler(world.Store, ReadinessRule.Kstatus, new(), TimeProvider.System),
            Config(Object("apps/v1", "Deployment", name)));
        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await component.Apply());
        Assert.InRange(Encoding.UTF8.GetByteCount(waiting.Message!), 200, MessageText.MaxBytes);
    }

    [Theory]
    [InlineData(ResourceError.NotServed, "external-secrets.io/v1beta1",
        "Failed Rejected manifests[0].apiVersion: external-secrets.io/v1 is not served for ExternalSecret: write external-secrets.io/v1beta1")]
    [InlineData(ResourceError.NotServed, "v1beta1",
        "Failed Rejected manifests[0].apiVersion: external-secrets.io/v1 is not served for ExternalSecret: write external-secrets.io/v1beta1")]
    [InlineData(ResourceError.NotServed, null, "InProgress waits for the kind ExternalSecret of external-secrets.io/v1, which is not served yet")]
    [InlineData(ResourceError.NotFound, null, "InProgress waits for the namespace of ExternalSecret apps/a: said so")]
    [InlineData(ResourceError.Invalid, "spec.x: Required",
        "Failed Rejected manifests[0]: ExternalSecret apps/a is refused: spec.x: Required; it is tried again every 5 minutes")]
    [InlineData(ResourceError.Invalid, null, "Failed Rejected manifests[0]: ExternalSecret apps/a is refused: said so; it is tried again every 5 minutes")]
    [InlineData(ResourceError.Forbidden, null, "Failed Denied manifests[0]: may not apply ExternalSecret apps/a: said so")]
    [InlineData(ResourceError.Unavailable, null, "Failed Transient cannot apply ExternalSecret apps/a: said so")]
    [InlineData(ResourceError.Conflict, null, "Failed Transient cannot apply ExternalSecret apps/a: said so")]
    public async Task A_refusal_says_who_has_to_act(object error, string? detail, string expected)
    {
        var store = new HookedStore(world.Store) { Before = (call, _) => call == "Apply" ? throw Refusal((ResourceError)error, detail) : Task.CompletedTask };
        Assert.Equal(expected, Say(await Component(store, Object("external-secrets.io/v1", "ExternalSecret", "a")).Apply()));
    }

    [Theory]
    [InlineData(ResourceError.Forbidden, "Failed Denied manifests[0]: may not apply ConfigMap apps/a: said so")]
    [InlineData(ResourceError.Unavailable, "Failed Transient cannot apply ConfigMap apps/a: said so")]
    public async Task A_refused_read_stops_before_anything_is_recorded(object error, string expected)
    {
        var store = new HookedStore(world.Store) { Before = (call, _) => call == "Get" ? throw Refusal((ResourceError)error, null) : Task.CompletedTask };
        var component = Component(store, ConfigMap("a"));
        Assert.Equal(expected, Say(await component.Apply()));
        Assert.Equal(0, component.Remembered);
    }

    [Fact]
    public async Task A_kind_that_is_not_served_yet_does_not_block_the_objects_before_it()
    {
        var store = new HookedStore(world.Store)
        {
            Before = (_, name) => name == "later" ? throw Refusal(ResourceError.NotServed, null) : Task.CompletedTask,
        };
        Assert.IsType<HandlerAnswer.InProgress>(await Component(store, ConfigMap("brings-the-kind"), Object("example.org/v1", "Thing", "later")).Apply());
        await world.ConfigMap("brings-the-kind");
    }

    [Fact]
    public async Task All_versions_that_are_not_served_are_reported_before_anything_is_applied()
    {
        var store = new HookedStore(world.Store)
        {
            Before = (call, name) => call == "IsNamespaced" && name != "ConfigMap" ? throw Refusal(ResourceError.NotServed, "v1") : Task.CompletedTask,
        };
        var failed = Failed(FailureKind.Rejected, await Component(
            store, ConfigMap("a"), Object("external-secrets.io/v1beta1", "ExternalSecret", "b"), Object("external-secrets.io/v1beta1", "SecretStore", "c"))
                .Apply());

        Assert.Equal(
            ["manifests[1].apiVersion: external-secrets.io/v1beta1 is not served for ExternalSecret: write external-secrets.io/v1",
             "manifests[2].apiVersion: external-secrets.io/v1beta1 is not served for SecretStore: write external-secrets.io/v1"],
            failed.Problems.Select(p => p.ToString()));
        Assert.Empty(await world.Text());
    }

    [Fact]
    public async Task An_object_of_a_kind_that_the_list_brings_is_noted_and_applied_once_the_kind_is_served()
    {
        var isServed = false;
        var store = new HookedStore(world.Store)
        {
            Before = (call, name) => call == "IsNamespaced" && name == "Thing" && !isServed ? throw Refusal(ResourceError.NotServed, null) : Task.CompletedTask,
        };
        var component = Component(store, Definition("Cluster"), Object("example.org/v1", "Thing", "a"));

        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await component.Apply());
        Assert.Equal(("waits for the kind Thing of example.org/v1, which is not served yet", TimeSpan.FromSeconds(2)), (waiting.Message, waiting.RecheckAfter));
        Assert.Equal(["things.example.org"], Names(waiting.Applied!, "resources"));

        // The kind appears while the list is applied.
        store.After = (call, name) =>
        {
            isServed |= (call, name) == ("Apply", "things.example.org");
            return Task.CompletedTask;
        };
        store.Before = (call, name) => (call, name) == ("Apply", "a") && component.Status!.Applied!["resources"]!.AsArray().Count != 2
            ? throw new InvalidOperationException("applied before it was noted")
            : call == "IsNamespaced" && name == "Thing" && !isServed ? throw Refusal(ResourceError.NotServed, null) : Task.CompletedTask;
        Done(await component.Apply());
        Assert.NotNull(await world.Store.Get(new("example.org", "v1", "Thing"), new(null, "a"), Cancellation));

        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.Null(await world.Store.Get(new("example.org", "v1", "Thing"), new(null, "a"), Cancellation));
    }

    [Fact]
    public async Task A_refused_change_of_an_object_that_is_there_says_to_delete_it_and_heals_when_it_is_gone()
    {
        var component = Component(ConfigMap("a", ("k", "1")));
        await component.Apply();
        var store = new HookedStore(world.Store)
        {
            Before = async (call, _) =>
            {
                if (call == "Apply" && await world.Get(ResourceType.ConfigMap, "a") is not null)
                    throw new ResourceException(ResourceError.Invalid, "said so",
                        ["data: Forbidden: field is immutable", "immutable: Forbidden: cannot be unset"]);
            },
        };
        var changing = Component(store, ConfigMap("a", ("k", "2")));

        var failed = Failed(FailureKind.Rejected, await changing.Apply());
        Assert.Equal(
            ["manifests[0]: ConfigMap apps/a is refused: data: Forbidden: field is immutable; delete the ConfigMap, and it is applied again, or give it a "
                + "new name",
             "manifests[0]: ConfigMap apps/a is refused: immutable: Forbidden: cannot be unset; delete the ConfigMap, and it is applied again, or give it "
                 + "a new name"],
            failed.Problems.Select(p => p.ToString()));
        Assert.Equal([new(ResourceType.ConfigMap, new("apps", "a"), await Version(ResourceType.ConfigMap, "a"))], failed.Watches);

        await world.Store.Delete(ResourceType.ConfigMap, new("apps", "a"), new(), Cancellation);
        Done(await changing.Apply());
        Assert.Equal("2", (string?)(await world.ConfigMap("a"))["data"]!["k"]);
    }
}
