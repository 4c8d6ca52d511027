using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

public sealed partial class ManifestApplyTests
{
    private const string OwnerAnnotation = "deployment-orchestrator.io/owner";

    private readonly ManifestWorld world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_get_the_namespace_the_owner_and_a_field_manager_in_list_order()
    {
        var answer = Done(await Component(ConfigMap("b", ("k", "v")), ConfigMap("a", ("k", "v"))).Apply());

        var (b, a) = (await world.ConfigMap("b"), await world.ConfigMap("a"));
        Assert.Equal("apps/thing", (string?)a["metadata"]!["annotations"]![OwnerAnnotation]);
        Assert.Equal("dorch-apps-thing", (string?)a["metadata"]!["managedFields"]![0]!["manager"]);
        Assert.Equal("Apply", (string?)a["metadata"]!["managedFields"]![0]!["operation"]);
        Assert.True(Version(b) < Version(a));
        Assert.Equal(
            """{"appliedResources":[{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"b"},"""
            + """{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"a"}]}""",
            answer.ProviderStatus!.ToJsonString());
        Assert.Equal(["Created ConfigMap apps/b", "Created ConfigMap apps/a"], answer.Events.Select(e => e.Message));
    }

    [Fact]
    public async Task Strings_reach_the_store_byte_for_byte()
    {
        const string template = "{\n  \"user\": \"{{ .username }}\",\t'é' <&> {{- if eq .a \"}}\" -}} x {{- end }}\r\n}";
        await Component(ConfigMap("a", ("db-config", template))).Apply();
        Assert.Equal(template, (string?)(await world.ConfigMap("a"))["data"]!["db-config"]);
    }

    [Fact]
    public async Task A_manifest_in_another_namespace_is_refused_with_what_to_do()
    {
        var failed = Failed(FailureKind.Denied, await Component(ConfigMap("a"), In("myapp", ConfigMap("b")), In("apps", ConfigMap("c"))).Apply());
        Assert.Equal(
            ["manifests[1].metadata.namespace: \"myapp\" is not this Component's namespace \"apps\": name a ServiceAccount of \"apps\" that may write there "
            + "as serviceAccountName, or put the Composition into \"myapp\""], failed.Problems.Select(p => p.ToString()));
        Assert.Empty(await world.Text());
    }

    [Fact]
    public async Task The_same_object_with_and_without_its_namespace_is_a_duplicate()
    {
        var failed = Failed(FailureKind.InvalidConfig, await Component(ConfigMap("a"), In("apps", ConfigMap("a"))).Apply());
        Assert.Equal("manifests[1]: is the same ConfigMap apps/a as manifests[0]: write each object once", Assert.Single(failed.Problems).ToString());
    }

    [Fact]
    public async Task An_object_name_that_is_still_a_reference_is_refused()
    {
        var failed = Failed(FailureKind.InvalidConfig, await Component(ConfigMap("{{ .a.providerStatus.b }}")).Apply());
        Assert.Equal("manifests", Assert.Single(failed.Problems).Path);
    }

    [Fact]
    public async Task Objects_of_other_owners_are_all_reported_as_conflicts_and_not_touched()
    {
        await Create(ConfigMap("theirs"), "annotations", new JsonObject { [OwnerAnnotation] = "apps/other" });
        await Create(ConfigMap("controlled"), "ownerReferences", await Controller());
        var before = await world.Text();

        var component = Component(ConfigMap("free"), ConfigMap("theirs", ("k", "v")), ConfigMap("controlled", ("k", "v")));
        var failed = Failed(FailureKind.Conflict, await component.Apply());

        Assert.Equal(
            ["manifests[1]: ConfigMap apps/theirs belongs to Component apps/other: take it out of that one, or use another name",
             "manifests[2]: ConfigMap apps/controlled is controlled by App boss: use another name"],
            failed.Problems.Select(p => p.ToString()));
        Assert.Equal(0, component.Remembered);
        Assert.Contains(new(ResourceType.ConfigMap, new("apps", "theirs"), await Version(ResourceType.ConfigMap, "theirs")), failed.Watches);
        Assert.Contains(new(ResourceType.ConfigMap, new("apps", "free"), "0"), failed.Watches);
        Assert.Equal(before, await world.Text());
    }

    [Fact]
    public async Task The_first_apply_of_an_object_reports_field_conflicts_and_so_does_every_further_try()
    {
        await world.Store.Apply(In("apps", ConfigMap("a", ("k", "theirs"))), new("gitops"), Cancellation);
        var before = await world.Text();

        var component = Component(ConfigMap("a", ("k", "ours")));
        for (var tries = 0; tries < 3; tries++)
        {
            var problem = Assert.Single(Failed(FailureKind.Conflict, await component.Apply()).Problems);
            Assert.Equal("manifests[0]", problem.Path);
            Assert.Contains("gitops", problem.Message, StringComparison.Ordinal);
            Assert.Contains("data.k", problem.Message, StringComparison.Ordinal);
            Assert.Equal(before, await world.Text());
        }
    }

    [Fact]
    public async Task A_field_conflict_after_a_lost_status_is_not_forced_either()
    {
        var component = Component(ConfigMap("a", ("k", "ours")));
        await component.Apply();
        await world.Store.Apply(In("apps", ConfigMap("a", ("k", "theirs"))), new("gitops", Force: true), Cancellation);

        component.ForgetStatus();
        Failed(FailureKind.Conflict, await component.Apply());
        Failed(FailureKind.Conflict, await component.Apply());
        Assert.Equal("theirs", (string?)(await world.ConfigMap("a"))["data"]!["k"]);
    }

    [Fact]
    public async Task An_object_without_an_owner_is_taken_over()
    {
        await Create(ConfigMap("a", ("theirs", "1")));
        var answer = Done(await Component(ConfigMap("a", ("ours", "2"))).Apply());
        Assert.Equal("""{"theirs":"1","ours":"2"}""", (await world.ConfigMap("a"))["data"]!.ToJsonString());
        Assert.Empty(answer.Events);
    }

    [Fact]
    public async Task Drift_in_our_fields_is_corrected_and_other_fields_stay()
    {
        var component = Component(ConfigMap("a", ("k", "ours")));
        await component.Apply();
        await world.Change(ResourceType.ConfigMap, "a", live =>
        {
            live["data"]!["k"] = "drifted";
            live["data"]!["more"] = "kept";
        });

        Done(await component.Apply());
        Assert.Equal("""{"k":"ours","more":"kept"}""", (await world.ConfigMap("a"))["data"]!.ToJsonString());
    }

    [Fact]
    public async Task An_object_taken_over_by_another_Component_is_not_adopted_again()
    {
        var component = Component(ConfigMap("a", ("k", "ours")));
        await component.Apply();
        await world.Change(ResourceType.ConfigMap, "a", live => live["metadata"]!["annotations"]![OwnerAnnotation] = "apps/other");
        var before = await world.Text();

        Failed(FailureKind.Conflict, await component.Apply());
        Assert.Equal(before, await world.Text());
    }

    [Fact]
    public async Task Our_object_without_its_annotation_is_not_forced()
    {
        var component = Component(ConfigMap("a", ("k", "ours")));
        await component.Apply();
        await world.Change(ResourceType.ConfigMap, "a", live =>
        {
            live["metadata"]!.AsObject().Remove("annotations");
            live["data"]!["k"] = "theirs";
        });

        Failed(FailureKind.Conflict, await component.Apply());
        Assert.Equal("theirs", (string?)(await world.ConfigMap("a"))["data"]!["k"]);
    }

    [Fact]
    public async Task Two_components_that_apply_one_object_at_once_do_not_both_get_it()
    {
        var store = new HookedStore(world.Store);
        store.Before = async (call, _) =>
        {
            if (call == "Apply")
                await world.Store.Apply(In("apps", ConfigMap("a"), "annotations", new JsonObject { [OwnerAnnotation] = "apps/other" }),
                    new("dorch-apps-other"), Cancellation);
        };
        Failed(FailureKind.Conflict, await Component(store, ConfigMap("a", ("k", "v"))).Apply());
        Assert.Equal("apps/other", (string?)(await world.ConfigMap("a"))["metadata"]!["annotations"]![OwnerAnnotation]);
    }

    [Fact]
    public async Task An_object_that_is_being_deleted_is_waited_for()
    {
        var component = Component(In("apps", ConfigMap("a"), "finalizers", new JsonArray("example.org/held")));
        await component.Apply();
        await world.Store.Delete(ResourceType.ConfigMap, new("apps", "a"), new(), Cancellation);
        var before = await world.Text();

        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await component.Apply());
        Assert.Equal("waiting for ConfigMap apps/a to finish deleting before it is applied again", waiting.Message);
        Assert.Equal(before, await world.Text());
    }

    [Theory]
    [InlineData(1, "Applied 1 resource; the embedded store runs no controllers, so it counts as ready")]
    [InlineData(2, "Applied 2 resources; the embedded store runs no controllers, so they count as ready")]
    public async Task Without_a_cluster_an_applied_object_counts_as_ready(int count, string message)
    {
        var deployments = Enumerable.Range(0, count).Select(i => Object("apps/v1", "Deployment", $"d{i}"));
        var answer = Done(await Component([.. deployments]).Apply());
        Assert.Equal(message, answer.Message);
        Assert.Equal(TimeSpan.FromMinutes(10), answer.RecheckAfter);
        Assert.Equal(count, answer.Watches.Count);
    }

    [Fact]
    public async Task In_a_cluster_the_Component_waits_until_all_objects_are_ready()
    {
        var component = new HandledComponent(new ManifestHandler(world.Store, ReadinessRule.Kstatus, new(), TimeProvider.System),
            Config(ConfigMap("a"), Object("apps/v1", "Deployment", "d")));
        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await component.Apply());
        Assert.Equal("1 of 2 resources ready; Deployment apps/d: replicas: 0 of 1", waiting.Message);
        Assert.Equal(
            [
                new(ResourceType.ConfigMap, new("apps", "a"), await Version(ResourceType.ConfigMap, "a")),
                new(Deployment, new("apps", "d"), await Version(Deployment, "d")),
            ],
            waiting.Watches);

        await SetStatus("d", """{"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"timed out"}]}""");
        var failed = Failed(FailureKind.Conflict, await component.Apply());
        Assert.Equal("Deployment apps/d failed: timed out", Assert.Single(failed.Problems).ToString());
        Assert.Equal(waiting.Watches.Select(w => w.Key), failed.Watches.Select(w => w.Key));

        await SetStatus("d",
            """{"replicas":1,"updatedReplicas":1,"availableReplicas":1,"readyReplicas":1,"conditions":[{"type":"Available","status":"True"}]}""");
        var done = Done(await component.Apply());
        Assert.Equal("Applied 2 resources, all ready", done.Message);
        Assert.Equal(TimeSpan.FromMinutes(10), done.RecheckAfter);
    }

    private static JsonObject Definition(string scope)
    {
        var definition = Object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "things.example.org");
        definition["spec"] = new JsonObject { ["group"] = "example.org", ["scope"] = scope, ["names"] = new JsonObject { ["kind"] = "Thing" } };
        return definition;
    }

    private static ManifestHandler Handler(IResourceStore store) => new(store, ReadinessRule.WhenApplied, new(), TimeProvider.System);

    private static HandledComponent Component(IResourceStore store, params JsonObject[] manifests) =>
        new(new ManifestHandler(store, ReadinessRule.WhenApplied, OperatorRights.Everything, TimeProvider.System), Config(manifests));

    private HandledComponent Component(params JsonObject[] manifests) => new(Handler(world.Store), Config(manifests));

    private async Task Create(JsonObject resource, string? metadataKey = null, JsonNode? value = null) =>
        await world.Store.Create(In("apps", resource, metadataKey, value), Cancellation);

    private async Task<string?> Version(ResourceType type, string name) =>
        (string?)(await world.Store.Get(type, new("apps", name), TestContext.Current.CancellationToken))?["metadata"]?["resourceVersion"];

    private async Task SetStatus(string name, string status)
    {
        var live = Assert.IsType<JsonObject>(await world.Get(Deployment, name));
        live["status"] = JsonNode.Parse(status);
        await world.Store.ReplaceStatus(live, Cancellation);
    }

    private async Task<JsonArray> Controller()
    {
        var boss = await world.Store.Create(In("apps", Object("example.org/v1", "App", "boss")), Cancellation);
        var uid = boss["metadata"]!["uid"]!.DeepClone();
        return [new JsonObject { ["apiVersion"] = "example.org/v1", ["kind"] = "App", ["name"] = "boss", ["uid"] = uid, ["controller"] = true }];
    }

    private static ResourceException Refusal(ResourceError error, string? detail) => new(error, "said so", detail is null ? [] : [detail]);

    private static long Version(JsonObject resource) => long.Parse((string)resource["metadata"]!["resourceVersion"]!);

    private static IEnumerable<string> Names(JsonObject status, string key) => status[key]!.AsArray().Select(e => (string)e!["name"]!);

    private static HandlerAnswer.Done Done(HandlerAnswer answer) => answer as HandlerAnswer.Done ?? throw new InvalidOperationException(Say(answer));

    private static HandlerAnswer.Failed Failed(FailureKind kind, HandlerAnswer answer)
    {
        var failed = Assert.IsType<HandlerAnswer.Failed>(answer);
        Assert.Equal(kind, failed.Kind);
        return failed;
    }

    private static string Say(HandlerAnswer answer) => answer is HandlerAnswer.Failed failed
        ? $"Failed {failed.Kind} {string.Join("; ", failed.Problems)}"
        : $"{answer.GetType().Name} {answer.Message}";
}
