using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

public sealed class ManifestApplyTests
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
        Assert.Equal("""{"appliedResources":[{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"b"},{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"a"}]}""",
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
    public async Task A_manifest_in_another_namespace_is_refused_with_the_way_out()
    {
        var failed = Failed(FailureKind.Denied, await Component(ConfigMap("a"), In("myapp", ConfigMap("b")), In("apps", ConfigMap("c"))).Apply());
        Assert.Equal(["manifests[1].metadata.namespace: \"myapp\" is not this Component's namespace \"apps\": name a ServiceAccount of \"apps\" that may write there "
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
    public async Task A_name_that_stayed_a_reference_is_refused()
    {
        var failed = Failed(FailureKind.InvalidConfig, await Component(ConfigMap("{{ .a.providerStatus.b }}")).Apply());
        Assert.Equal("manifests", Assert.Single(failed.Problems).Path);
    }

    [Fact]
    public async Task Objects_of_others_are_conflicts_all_told_and_nothing_is_touched()
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
    public async Task An_object_that_nobody_has_is_taken()
    {
        await Create(ConfigMap("a", ("theirs", "1")));
        var answer = Done(await Component(ConfigMap("a", ("ours", "2"))).Apply());
        Assert.Equal("""{"theirs":"1","ours":"2"}""", (await world.ConfigMap("a"))["data"]!.ToJsonString());
        Assert.Empty(answer.Events);
    }

    [Fact]
    public async Task Drift_in_our_fields_is_put_right_and_other_fields_stay()
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
    public async Task What_another_component_took_from_us_is_not_taken_back()
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
                await world.Store.Apply(In("apps", ConfigMap("a"), "annotations", new JsonObject { [OwnerAnnotation] = "apps/other" }), new("dorch-apps-other"), Cancellation);
        };
        Failed(FailureKind.Conflict, await Component(store, ConfigMap("a", ("k", "v"))).Apply());
        Assert.Equal("apps/other", (string?)(await world.ConfigMap("a"))["metadata"]!["annotations"]![OwnerAnnotation]);
    }

    [Fact]
    public async Task An_object_is_noted_before_it_is_applied()
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
        Assert.Equal("""{"resources":[{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"a"},{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"b"}]}""", noted);
    }

    [Fact]
    public async Task Where_it_cannot_be_noted_nothing_is_applied()
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
    public async Task What_leaves_the_list_is_pruned_after_the_rest_was_applied()
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
    public async Task What_somebody_took_over_is_not_pruned()
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
        Assert.Equal(["ConfigMap apps/c is left as it is: it is controlled by App boss: use another name",
            "ConfigMap apps/a is left as it is: it belongs to Component apps/other: take it out of that one, or use another name"],
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
        Assert.Equal("""{"resources":[{"apiVersion":"external-secrets.io/v1","kind":"ExternalSecret","namespace":"apps","name":"a"}]}""", answer.Applied!.ToJsonString());
    }

    [Fact]
    public async Task An_object_that_is_being_deleted_is_waited_for()
    {
        var component = Component(In("apps", ConfigMap("a"), "finalizers", new JsonArray("example.org/held")));
        await component.Apply();
        await world.Store.Delete(ResourceType.ConfigMap, new("apps", "a"), new(), Cancellation);
        var before = await world.Text();

        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await component.Apply());
        Assert.Equal("waits until ConfigMap apps/a, which is being deleted, is gone, to apply it anew", waiting.Message);
        Assert.Equal(before, await world.Text());
    }

    [Theory]
    [InlineData(1, "Applied 1 resource; the embedded store runs no controllers, so it counts as ready")]
    [InlineData(2, "Applied 2 resources; the embedded store runs no controllers, so they count as ready")]
    public async Task Where_no_controllers_run_what_is_applied_is_ready(int count, string message)
    {
        var deployments = Enumerable.Range(0, count).Select(i => Object("apps/v1", "Deployment", $"d{i}"));
        var answer = Done(await Component([.. deployments]).Apply());
        Assert.Equal(message, answer.Message);
        Assert.Equal(TimeSpan.FromMinutes(10), answer.RecheckAfter);
        Assert.Equal(count, answer.Watches.Count);
    }

    [Fact]
    public async Task In_a_cluster_it_waits_until_all_are_ready()
    {
        var component = new HandledComponent(new ManifestHandler(world.Store, ReadinessRule.Kstatus, new(), TimeProvider.System), Config(ConfigMap("a"), Object("apps/v1", "Deployment", "d")));
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

        await SetStatus("d", """{"replicas":1,"updatedReplicas":1,"availableReplicas":1,"readyReplicas":1,"conditions":[{"type":"Available","status":"True"}]}""");
        var done = Done(await component.Apply());
        Assert.Equal("Applied 2 resources, all ready", done.Message);
        Assert.Equal(TimeSpan.FromMinutes(10), done.RecheckAfter);
    }

    [Fact]
    public async Task A_message_about_a_long_name_fits_a_status()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('n', 62), 4));
        var component = new HandledComponent(new ManifestHandler(world.Store, ReadinessRule.Kstatus, new(), TimeProvider.System), Config(Object("apps/v1", "Deployment", name)));
        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await component.Apply());
        Assert.InRange(Encoding.UTF8.GetByteCount(waiting.Message!), 200, MessageText.MaxBytes);
    }

    [Theory]
    [InlineData(ResourceError.NotServed, "external-secrets.io/v1beta1", "Failed Rejected manifests[0].apiVersion: external-secrets.io/v1 is not served for ExternalSecret: write external-secrets.io/v1beta1")]
    [InlineData(ResourceError.NotServed, "v1beta1", "Failed Rejected manifests[0].apiVersion: external-secrets.io/v1 is not served for ExternalSecret: write external-secrets.io/v1beta1")]
    [InlineData(ResourceError.NotServed, null, "InProgress waits for the kind ExternalSecret of external-secrets.io/v1, which is not served yet")]
    [InlineData(ResourceError.NotFound, null, "InProgress waits for the namespace of ExternalSecret apps/a: said so")]
    [InlineData(ResourceError.Invalid, "spec.x: Required", "Failed Rejected manifests[0]: ExternalSecret apps/a is refused: spec.x: Required; it is tried again every 5 minutes")]
    [InlineData(ResourceError.Invalid, null, "Failed Rejected manifests[0]: ExternalSecret apps/a is refused: said so; it is tried again every 5 minutes")]
    [InlineData(ResourceError.Forbidden, null, "Failed Denied manifests[0]: may not apply ExternalSecret apps/a: said so")]
    [InlineData(ResourceError.Unavailable, null, "Failed Transient cannot apply ExternalSecret apps/a: said so")]
    [InlineData(ResourceError.Conflict, null, "Failed Transient cannot apply ExternalSecret apps/a: said so")]
    public async Task A_refusal_says_who_has_to_do_what(object error, string? detail, string expected)
    {
        var store = new HookedStore(world.Store) { Before = (call, _) => call == "Apply" ? throw Refusal((ResourceError)error, detail) : Task.CompletedTask };
        Assert.Equal(expected, Say(await Component(store, Object("external-secrets.io/v1", "ExternalSecret", "a")).Apply()));
    }

    [Theory]
    [InlineData(ResourceError.Forbidden, "Failed Denied manifests[0]: may not apply ConfigMap apps/a: said so")]
    [InlineData(ResourceError.Unavailable, "Failed Transient cannot apply ConfigMap apps/a: said so")]
    public async Task A_refusal_to_look_stops_before_anything_is_noted(object error, string expected)
    {
        var store = new HookedStore(world.Store) { Before = (call, _) => call == "Get" ? throw Refusal((ResourceError)error, null) : Task.CompletedTask };
        var component = Component(store, ConfigMap("a"));
        Assert.Equal(expected, Say(await component.Apply()));
        Assert.Equal(0, component.Remembered);
    }

    [Fact]
    public async Task A_kind_that_is_not_served_yet_does_not_hold_what_stands_before_it()
    {
        var store = new HookedStore(world.Store)
        {
            Before = (_, name) => name == "later" ? throw Refusal(ResourceError.NotServed, null) : Task.CompletedTask,
        };
        Assert.IsType<HandlerAnswer.InProgress>(await Component(store, ConfigMap("brings-the-kind"), Object("example.org/v1", "Thing", "later")).Apply());
        await world.ConfigMap("brings-the-kind");
    }

    [Fact]
    public async Task Versions_that_are_not_served_are_told_all_at_once_before_anything_is_applied()
    {
        var store = new HookedStore(world.Store)
        {
            Before = (call, name) => call == "IsNamespaced" && name != "ConfigMap" ? throw Refusal(ResourceError.NotServed, "v1") : Task.CompletedTask,
        };
        var failed = Failed(FailureKind.Rejected, await Component(
            store, ConfigMap("a"), Object("external-secrets.io/v1beta1", "ExternalSecret", "b"), Object("external-secrets.io/v1beta1", "SecretStore", "c")).Apply());

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

        // It comes while the list is applied.
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
                    throw new ResourceException(ResourceError.Invalid, "said so", ["data: Forbidden: field is immutable", "immutable: Forbidden: cannot be unset"]);
            },
        };
        var changing = Component(store, ConfigMap("a", ("k", "2")));

        var failed = Failed(FailureKind.Rejected, await changing.Apply());
        Assert.Equal(
            ["manifests[0]: ConfigMap apps/a is refused: data: Forbidden: field is immutable; delete the ConfigMap, and it is applied anew, or give it a new name",
             "manifests[0]: ConfigMap apps/a is refused: immutable: Forbidden: cannot be unset; delete the ConfigMap, and it is applied anew, or give it a new name"],
            failed.Problems.Select(p => p.ToString()));
        Assert.Equal([new(ResourceType.ConfigMap, new("apps", "a"), await Version(ResourceType.ConfigMap, "a"))], failed.Watches);

        await world.Store.Delete(ResourceType.ConfigMap, new("apps", "a"), new(), Cancellation);
        Done(await changing.Apply());
        Assert.Equal("2", (string?)(await world.ConfigMap("a"))["data"]!["k"]);
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
