using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Deploy;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>readyWhen in a manifest config: how it is read, and its effect on the Component.</summary>
public sealed class ReadyWhenTests
{
    // Two kinds Widget in different groups, and two ConfigMaps of the same name in different namespaces.
    private const string Manifests = """
        "manifests":[
          {"apiVersion":"rds.services.k8s.aws/v1alpha1","kind":"DBInstance","metadata":{"name":"orders"}},
          {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"}},
          {"apiVersion":"v1","kind":"Secret","metadata":{"name":"key"}},
          {"apiVersion":"g.io/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"size":"big"}},
          {"apiVersion":"h.io/v1","kind":"Widget","metadata":{"name":"a"}},
          {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}},
          {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"other"}},
          {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"r"}},
          {"apiVersion":"operator.victoriametrics.com/v1","kind":"VMUser","metadata":{"name":"u"}}],
        "serviceAccountName":"deployer"
        """;

    private readonly ManifestWorld world = new();

    [Theory]
    [InlineData("""[]""", "readyWhen: is empty: write a rule, or leave it out")]
    [InlineData("""{}""", "readyWhen: must be a list, not an object")]
    [InlineData("""["condition=Ready"]""", "readyWhen[0]: must be an object, not a string")]
    [InlineData("""[{}]""", "readyWhen[0]: \"kind\" is missing: it must be a string|readyWhen[0]: \"name\" is missing: it must be a string|readyWhen[0]: "
        + "\"for\" is missing: it must be a string")]
    [InlineData("""[{"kind":"DBInstance","name":"order","for":"condition=Ready"}]""",
        "readyWhen[0].name: manifests has no DBInstance \"order\"; did you mean \"orders\"?")]
    [InlineData("""[{"kind":"DBInstance","name":"billing","for":"condition=Ready"}]""",
        "readyWhen[0].name: manifests has no DBInstance \"billing\"; it has orders")]
    [InlineData("""[{"kind":"DBInstanc","name":"orders","for":"condition=Ready"}]""",
        "readyWhen[0].kind: manifests has no DBInstanc; did you mean \"DBInstance\"?")]
    [InlineData("""[{"kind":"Cluster","name":"orders","for":"condition=Ready"}]""",
        "readyWhen[0].kind: manifests has no Cluster; it has DBInstance, Service, Secret, Widget, ConfigMap, ClusterRole, VMUser")]
    [InlineData("""[{"kind":"DBInstance","name":"orders","apiVersion":"rds.services.k8s.aws/v1","for":"condition=Ready"}]""",
        "readyWhen[0].apiVersion: manifests[0] is DBInstance orders of rds.services.k8s.aws/v1alpha1, not of rds.services.k8s.aws/v1: write that version, or "
            + "leave it out")]
    [InlineData("""[{"kind":"Widget","name":"a","for":"condition=Ready"}]""",
        "readyWhen[0].name: Widget a may be manifests[3] or manifests[4]: add apiVersion: g.io/v1 or h.io/v1")]
    [InlineData("""[{"kind":"ConfigMap","name":"c","for":"create"}]""",
        "readyWhen[0].name: ConfigMap c may be manifests[5] or manifests[6]: add namespace: other or the Component's own")]
    [InlineData("""[{"kind":"ClusterRole","name":"r","namespace":"apps","for":"create"}]""",
        "readyWhen[0].namespace: a ClusterRole is cluster-scoped: leave it out")]
    [InlineData("""[{"kind":"Secret","name":"key","for":"jsonpath={.data.password}=x"}]""",
        "readyWhen[0].kind: a Secret is ready when it is applied, and no rule looks into one: leave it out")]
    [InlineData("""[{"kind":"Service","name":"web","for":"delete"}]""",
        "readyWhen[0].for: delete cannot be waited for: the Component keeps every object of its list; to delete one, take it out of manifests")]
    [InlineData("""[{"kind":"Service","name":"web","for":5}]""", "readyWhen[0].for: must be a string, not the number 5: quote it as it was written")]
    [InlineData("""[{"kind":"Service","name":"web","fro":"condition=Ready"}]""",
        "readyWhen[0]: \"for\" is missing: it must be a string|readyWhen[0].fro: unknown key \"fro\"; did you mean \"for\"?")]
    [InlineData("""[{"kind":"Service","name":"web","for":"condition=Ready"},{"kind":"Service","name":"web","for":"condition=ready=False"}]""",
        "readyWhen[1].for: can never hold together with readyWhen[0], which waits for condition Ready to be True: take one out")]
    [InlineData("""[{"kind":"Service","name":"web","for":"jsonpath={.status.phase}=a"},{"kind":"Service","name":"web","for":"jsonpath=.status.phase=b"}]""",
        "readyWhen[1].for: can never hold together with readyWhen[0], which waits for status.phase to be a: take one out")]
    [InlineData("""[{"kind":"VMUser","name":"u","for":"jsonpath={.spec.password}=x"}]""",
        "readyWhen[0].for: spec of VMUser.operator.victoriametrics.com cannot be read: it holds passwords or keys in plain text")]
    [InlineData("""[{"kind":"Widget","name":"a","apiVersion":"g.io/v1","for":"jsonpath={.spec.size.unit}"}]""",
        "readyWhen[0].for: can never hold: in manifests[3], spec.size is the text \"big\", which has no unit")]
    [InlineData("""[{"kind":"Service","name":"web","for":"jsonpath={.kind.name}"}]""",
        "readyWhen[0].for: can never hold: kind is a text: end the path there")]
    [InlineData("""[{"kind":"Service","name":"web","for":"jsonpath={.metadata.annotations.example.com}=x"}]""",
        "readyWhen[0].for: can never hold: metadata.annotations is a map of texts: write metadata.annotations[\"example.com\"] for a key with dots")]
    public void Every_problem_of_readyWhen_is_reported_with_its_path(string readyWhen, string expected) =>
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), Problems($"{{{Manifests},\"readyWhen\":{readyWhen}}}").Order(StringComparer.Ordinal));

    [Fact]
    public void A_misspelled_readyWhen_is_an_unknown_key_with_a_suggestion() => Assert.Equal(
        ["readywhen: unknown key \"readywhen\"; did you mean \"readyWhen\"?"], Problems($"{{{Manifests},\"readywhen\":[]}}"));

    [Theory]
    [InlineData("""[{"kind":"DBInstance","name":"orders","for":"condition=ACK.ResourceSynced"}]""")]
    [InlineData("""[{"kind":"Widget","name":"a","apiVersion":"h.io/v1","for":"condition=Ready"}]""")]
    [InlineData("""[{"kind":"Service","name":"web","namespace":"","for":"condition=Ready"}]""")]
    [InlineData("""[{"kind":"Service","name":"web","apiVersion":null,"namespace":null,"for":"condition=Ready"}]""")]
    [InlineData("""[{"kind":"ConfigMap","name":"c","namespace":"other","for":"create"},{"kind":"ConfigMap","name":"c","namespace":"apps","for":"create"}]""")]
    [InlineData("""[{"kind":"Service","name":"web","for":"jsonpath={.status.a}"},{"kind":"Service","name":"web","for":"jsonpath={.status.a}=x"}]""")]
    [InlineData("""[{"kind":"Service","name":"web","for":"jsonpath={.status.a}=x"},{"kind":"Service","name":"web","for":"jsonpath={.status.A}=y"}]""")]
    // An unresolved reference is checked once it has a value.
    [InlineData("""[{"kind":"{{ .a.providerStatus.k }}","name":"{{ .a.providerStatus.n }}","for":"{{ .a.providerStatus.f }}"}]""")]
    [InlineData("""[{"kind":"Service","name":"web","for":"jsonpath={.status.phase}={{ .a.providerStatus.phase }}"}]""")]
    [InlineData("\"{{ .a.providerStatus.rules }}\"")]
    public void A_valid_readyWhen_has_no_problems(string readyWhen) => Assert.Empty(Problems($"{{{Manifests},\"readyWhen\":{readyWhen}}}"));

    [Fact]
    public void An_object_whose_name_is_still_a_reference_may_be_the_one_that_is_meant() => Assert.Empty(Problems(
        """
        {"manifests":[{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{ .a.providerStatus.n }}"}}],
         "readyWhen":[{"kind":"Service","name":"web","for":"condition=Ready"}]}
        """));

    [Fact]
    public async Task A_rule_whose_reference_resolves_to_an_invalid_value_is_InvalidConfig()
    {
        var answer = await Component("""[{"kind":"Deployment","name":"web","for":"Ready"},{"kind":"Deployment","name":"wep","for":"create"}]""").Apply();
        var failed = Assert.IsType<HandlerAnswer.Failed>(answer);
        Assert.Equal(FailureKind.InvalidConfig, failed.Kind);
        Assert.Equal(["readyWhen[0].for", "readyWhen[1].name"], failed.Problems.Select(p => p.Path));
    }

    [Fact]
    public async Task A_readyWhen_rule_replaces_the_built_in_one_and_all_its_conditions_must_hold()
    {
        const string rules = """
            {"kind":"Deployment","name":"web","for":"jsonpath={.status.phase}=available"},{"kind":"Deployment","name":"web","for":"condition=Synced"}
            """;
        var component = Component($"[{rules}]");
        Assert.Equal("0 of 2 resources ready; Deployment apps/web: status.phase is not there yet, waiting for available", Says(await component.Apply()));

        await Status("""{"phase":"Creating","conditions":[{"type":"Synced","status":"True"}]}""");
        Assert.Equal("0 of 2 resources ready; Deployment apps/web: status.phase is Creating, waiting for available", Says(await component.Apply()));

        await Status("""{"phase":"available","conditions":[{"type":"Synced","status":"False","message":"no rights"}]}""");
        Assert.Equal("0 of 2 resources ready; Deployment apps/web: condition Synced is False, waiting for True: no rights", Says(await component.Apply()));

        // By the built-in rules it would be Failed, without a replica.
        await Status("""{"phase":"available","conditions":[{"type":"Synced","status":"True"},{"type":"Stalled","status":"True","message":"gave up"}]}""");
        Assert.Equal(
            "1 of 2 resources ready; ExternalSecret apps/pull: External Secrets Operator has not reported a status yet", Says(await component.Apply()));

        component.Config = Config($$"""[{{rules}},{"kind":"ExternalSecret","name":"pull","for":"create"}]""");
        Assert.Equal("Applied 2 resources, all ready", Says(await component.Apply()));
    }

    [Fact]
    public void An_object_whose_controller_gave_up_is_waited_for_with_the_controllers_message()
    {
        var problems = new List<Problem>();
        var config = ManifestConfig.Read(
            JsonNode.Parse($$"""{{{Manifests}},"readyWhen":[{"kind":"DBInstance","name":"orders","for":"jsonpath={.status.dbInstanceStatus}=available"}]}""")!
                .AsObject(), isResolved: true, problems, "apps");
        Assert.DoesNotContain(problems, p => !p.IsWarning);
        var live = ManifestWorld.Object("rds.services.k8s.aws/v1alpha1", "DBInstance", "orders");
        live["status"] = JsonNode.Parse(
            """{"dbInstanceStatus":"creating","conditions":[{"type":"ACK.Terminal","status":"True","message":"Invalid DB engine"}]}""");

        Assert.Equal(
            Readiness.InProgress("status.dbInstanceStatus is creating, waiting for available (Invalid DB engine)"),
            config.ReadyWhen.Of(config.Manifests[0], live));

        live["status"]!["dbInstanceStatus"] = "available";
        Assert.Equal(Readiness.Current, config.ReadyWhen.Of(config.Manifests[0], live));
    }

    [Fact]
    public void An_object_that_ACK_never_reports_as_synced_is_ready_by_its_rule()
    {
        var yaml = File.ReadAllText(Path.Combine(SourceTree.Field, "ack-never-synced", "input.yaml"));
        var problems = new List<Problem>();
        var config = ManifestConfig.Read(Assert.Single(DeployFolder.Parse(yaml))["spec"]!["config"]!.AsObject(), isResolved: true, problems, "platform");
        Assert.Empty(problems);
        var live = config.Manifests[0].Json.DeepClone().AsObject();
        live["status"] = JsonNode.Parse(
            """{"conditions":[{"type":"ACK.ResourceSynced","status":"False","message":"Access policy update pending; resource will be requeued"}]}""");

        Assert.Equal(Readiness.InProgress("Access policy update pending; resource will be requeued"), Readiness.Of(live));
        Assert.Equal(Readiness.InProgress("status.createdAt is not there yet, waiting for a value"), config.ReadyWhen.Of(config.Manifests[0], live));
        live["status"]!["createdAt"] = "2026-07-21T10:00:00Z";
        Assert.Equal(Readiness.Current, config.ReadyWhen.Of(config.Manifests[0], live));
    }

    [Fact]
    public async Task A_rule_that_can_never_hold_fails_at_once()
    {
        var component = Component("""[{"kind":"Deployment","name":"web","for":"jsonpath={.status.conditions.phase}=x"}]""");
        await component.Apply();
        await Status("""{"conditions":[]}""");
        var failed = Assert.IsType<HandlerAnswer.Failed>(await component.Apply());
        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Equal("Deployment apps/web failed: \"jsonpath={.status.conditions.phase}=x\" can never hold: status.conditions is a list: write [0] or "
            + "[?(@.type==\"Ready\")] after it", Assert.Single(failed.Problems).Message);
    }

    [Fact]
    public async Task A_place_that_an_administrator_forbids_reading_is_Denied_and_nothing_is_applied()
    {
        var rights = new OperatorRights { Unreadable = UnreadableKinds.Known.And([UnreadableKind.Parse("Deployment.apps")!]) };
        var handler = new ManifestHandler(world.Store, ReadinessRule.Kstatus, rights, TimeProvider.System);
        var answer = await new HandledComponent(handler, Config("""[{"kind":"Deployment","name":"web","for":"jsonpath={.status.phase}=x"}]""")).Apply();
        var failed = Assert.IsType<HandlerAnswer.Failed>(answer);
        Assert.Equal(FailureKind.Denied, failed.Kind);
        Assert.Equal("readyWhen[0].for: Deployment.apps cannot be read: the operator runs with --unreadable-kinds Deployment.apps",
            Assert.Single(failed.Problems).ToString());
        Assert.Null(await world.Get(ManifestWorld.Deployment, "web"));
    }

    [Fact]
    public void An_object_that_is_being_deleted_is_not_ready_whatever_readyWhen_says()
    {
        const string rules = """[{"kind":"Deployment","name":"web","for":"create"}]""";
        var live = ManifestWorld.Object("apps/v1", "Deployment", "web");
        live["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        var problems = new List<Problem>();
        var config = ManifestConfig.Read(Config(rules), isResolved: true, problems, "apps");
        Assert.Empty(problems);
        Assert.Equal(Readiness.InProgress("is being deleted"), config.ReadyWhen.Of(config.Manifests[0], live));
        Assert.Null(config.ReadyWhen.Of(config.Manifests[1], live));
    }

    [Fact]
    public async Task In_the_embedded_store_every_rule_holds()
    {
        var answer = await Component("""[{"kind":"Deployment","name":"web","for":"jsonpath={.status.phase}=available"}]""", ReadinessRule.WhenApplied).Apply();
        Assert.Equal("Applied 2 resources; the embedded store runs no controllers, so they count as ready", Says(answer));
    }

    private IEnumerable<string> Problems(string config) =>
        Handler(ReadinessRule.Kstatus).Validate(JsonNode.Parse(config)!.AsObject()).Select(p => p.ToString());

    private static JsonObject Config(string rules)
    {
        var config = ManifestWorld.Config(
            ManifestWorld.Object("apps/v1", "Deployment", "web"), ManifestWorld.Object("external-secrets.io/v1", "ExternalSecret", "pull"));
        config["readyWhen"] = JsonNode.Parse(rules);
        return config;
    }

    private HandledComponent Component(string rules, ReadinessRule rule = ReadinessRule.Kstatus) => new(Handler(rule), Config(rules));

    private ManifestHandler Handler(ReadinessRule rule) => new(world.Store, rule, new(), TimeProvider.System);

    private async Task Status(string status)
    {
        var live = (await world.Get(ManifestWorld.Deployment, "web"))!;
        live["status"] = JsonNode.Parse(status);
        await world.Store.ReplaceStatus(live, TestContext.Current.CancellationToken);
    }

    private static string Says(HandlerAnswer answer) => answer.Message ?? "";
}
