using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>Problems in the outputs of a config: what is wrong, where, and what to write.</summary>
public sealed class ManifestOutputConfigTests
{
    private const string Manifests = """
        [{"apiVersion": "rds.services.k8s.aws/v1alpha1", "kind": "DBInstance", "metadata": {"name": "orders", "labels": {"app": "x"}},
          "spec": {"engine": "postgres", "tags": [{"key": "a"}]}},
         {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}, {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pw"}},
         {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "both", "namespace": "one"}},
         {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "both", "namespace": "two"}},
         {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "web"}}]
        """;

    private readonly ManifestHandler handler =
        new(new InMemoryResourceStore(TimeProvider.System, (_, _) => "uid"), ReadinessRule.WhenApplied, new(), TimeProvider.System);

    [Theory]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": "status.endpoint.address"}""")]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": "status.conditions[type=Ready].status", "default": {"any": ["JSON", 1, null]}}""")]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": "metadata.annotations[\"a.b/c\"]"}""")]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": "metadata.labels.app"}""")]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": "metadata.ownerReferences[0].name"}""")]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": "spec.tags[3].key"}""")]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": "status.secret.arn"}""")]
    [InlineData("""{"kind": "Service", "name": "web", "apiVersion": "v1", "path": "spec.clusterIP"}""")]
    [InlineData("""{"kind": "Service", "name": "both", "namespace": "one", "path": "spec.clusterIP"}""")]
    [InlineData("""{"kind": "{{ .a.providerStatus.b }}", "name": "{{ .a.providerStatus.b }}", "path": "{{ .a.providerStatus.b }}"}""")]
    [InlineData("\"{{ .a.providerStatus.b }}\"")]
    public void An_output_of_an_object_of_the_list_is_valid(string output) => Assert.Empty(Problems($$"""{"endpoint": {{output}}}"""));

    [Theory]
    [InlineData("""{"kind": "DBInstance", "name": "order", "path": "status.a"}""",
        "outputs.x.name: manifests has no DBInstance \"order\"; did you mean \"orders\"?")]
    [InlineData("""{"kind": "DBinstance", "name": "orders", "path": "status.a"}""",
        "outputs.x.kind: manifests has no DBinstance; did you mean \"DBInstance\"?")]
    [InlineData("""{"kind": "DBInstance", "apiVersion": "v1", "name": "orders", "path": "status.a"}""",
        "outputs.x.apiVersion: manifests[0] is DBInstance orders of rds.services.k8s.aws/v1alpha1, not of v1: write that version, or leave it out")]
    [InlineData("""{"kind": "Service", "name": "web", "path": "status.a"}""",
        "outputs.x.name: Service web may be manifests[1] or manifests[5]: add apiVersion: serving.knative.dev/v1 or v1")]
    [InlineData("""{"kind": "Service", "name": "both", "path": "status.a"}""",
        "outputs.x.name: Service both may be manifests[3] or manifests[4]: add namespace: one or two")]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": "status.a", "pathh": 1}""",
        "outputs.x.pathh: unknown key \"pathh\"; did you mean \"path\"?")]
    [InlineData("""{"kind": "DBInstance", "name": "orders"}""", "outputs.x: \"path\" is missing: it must be a string")]
    [InlineData("""{"kind": "DBInstance", "name": "orders", "path": 5}""",
        "outputs.x.path: must be a string, not the number 5: quote it as it was written")]
    [InlineData("\"status.endpoint\"", "outputs.x: must be an object, not a string")]
    [InlineData("null", "outputs.x: has no value: it must be an object")]
    public void What_is_wrong_with_an_output_is_reported_with_its_path(string output, string expected) =>
        Assert.Equal([expected], Problems($$"""{"x": {{output}}}"""));

    [Theory]
    [InlineData("", "is empty: write a path such as status.endpoint.address")]
    [InlineData("status.list[-1]", "[-1] is a negative index, and a list begins with [0]")]
    [InlineData("status..a", "..a names more than one place: write one, such as [0] or [type=Ready]")]
    [InlineData("kind.x", "kind is a text: end the path there")]
    [InlineData("apiVersion[0]", "apiVersion is a text: end the path there")]
    [InlineData("metadata.name.x", "metadata.name is a text: end the path there")]
    [InlineData("metadata.uid.x", "metadata.uid is a text: end the path there")]
    [InlineData("metadata.generation.x", "metadata.generation is a number: end the path there")]
    [InlineData("metadata.nam", "metadata has no nam; did you mean \"name\"?")]
    [InlineData("metadata[0]", "metadata is an object, not a list: write a key after it")]
    [InlineData("status[type=Ready]", "status is an object, not a list: write a key after it")]
    [InlineData("metadata.annotations.example.com", "metadata.annotations is a map of texts: write metadata.annotations[\"example.com\"] for a key with dots")]
    [InlineData("metadata.annotations[0]", "metadata.annotations is a map of texts: write a key after it")]
    [InlineData("metadata.finalizers.x", "metadata.finalizers is a list: write [0] after it")]
    [InlineData("spec.engine.version", "in manifests[0], spec.engine is the text \"postgres\", which has no version")]
    [InlineData("spec.tags.key", "in manifests[0], spec.tags is a list: write [0] or [type=Ready] after it")]
    public void A_path_that_no_object_can_have_is_refused(string path, string expected) => Assert.Equal(
        [$"outputs.x.path: {expected}"], Problems($$$"""{"x": {"kind": "DBInstance", "name": "orders", "path": "{{{path}}}"}}"""));

    [Theory]
    [InlineData("appliedResources", "\"appliedResources\" is the handler's own output: take another name")]
    [InlineData("db.host", "\"db.host\" cannot be used in a reference: write letters, digits, - and _ only, such as db_host")]
    [InlineData("", "\"\" cannot be used in a reference: write letters, digits, - and _ only")]
    public void A_name_that_no_reference_can_use_is_refused(string name, string expected) => Assert.Contains(
        Problems($$$"""{"{{{name}}}": {"kind": "DBInstance", "name": "orders", "path": "status.a"}}"""), p => p.EndsWith(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("\"kind\": \"Secret\"")]
    [InlineData("\"kind\": \"secret\"")]
    [InlineData("\"kind\": \"SECRETS\"")]
    [InlineData("\"kind\": \"secrets\"")]
    [InlineData("\"kind\": \"Secret\", \"apiVersion\": \"v1\"")]
    [InlineData("\"kind\": \"secret\", \"apiVersion\": \"v2beta1\"")]
    [InlineData("\"kind\": \"Secret\", \"apiVersion\": \"core/v1\"")]
    public void A_Secret_is_refused_by_every_spelling(string kind)
    {
        foreach (var name in new[] { "pw", "another" })
        {
            var problem = Assert.Single(Problems($$$"""{"x": { {{{kind}}}, "name": "{{{name}}}", "path": "data.password"}}"""));

            Assert.StartsWith("outputs.x.kind: ", problem, StringComparison.Ordinal);
            Assert.Contains("cannot be read: its values would be visible in the status", problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("spec.template.data.password")]
    [InlineData("spec.template.data.password.x")]
    [InlineData("spec.template")]
    public void A_Secret_within_an_object_is_refused_and_not_quoted(string path)
    {
        const string Work = """
            [{"apiVersion": "example.com/v1", "kind": "Work", "metadata": {"name": "w"},
              "spec": {"template": {"apiVersion": "v1", "kind": "Secret", "data": {"password": "bWFkZS11cA"}}}}]
            """;

        var problem = Assert.Single(Problems($$$"""{"x": {"kind": "Work", "name": "w", "path": "{{{path}}}"}}""", Work));

        Assert.StartsWith("outputs.x.path: in manifests[0], ", problem, StringComparison.Ordinal);
        Assert.Contains("a Secret", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("bWFk", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_over_64_KiB_and_defaults_over_192_KiB_are_refused()
    {
        static string Output(string name, int length) =>
            $$$"""
            "{{{name}}}": {"kind": "DBInstance", "name": "orders", "path": "status.a", "default": "{{{new string('x', length)}}}"}
            """;

        Assert.Equal(["outputs.x.default: has 65537 bytes, and at most 65536 are allowed: write a smaller one"], Problems($"{{{Output("x", 65_535)}}}"));
        Assert.Equal(["outputs: the defaults have 240008 bytes, and at most 196608 fit into the status: write smaller ones"],
            Problems($"{{{string.Join(",", new[] { "a", "b", "c", "d" }.Select(name => Output(name, 60_000)))}}}"));
    }

    [Fact]
    public void More_outputs_than_fit_are_refused() => Assert.Equal(
        ["outputs: has 201 outputs, at most 200 are allowed: spread the manifests over several components"],
        Problems($"{{{string.Join(",", Enumerable.Range(0, 201).Select(i => $$"""
            "x{{i}}": {"kind": "DBInstance", "name": "orders", "path": "status.a"}
            """))}}}"));

    [Fact]
    public void An_object_whose_name_is_a_reference_may_be_the_one_that_is_meant() => Assert.Empty(Problems(
        """{"x": {"kind": "Bucket", "name": "b", "path": "status.a"}}""",
        """[{"apiVersion": "s3/v1", "kind": "Bucket", "metadata": {"name": "{{ .a.providerStatus.b }}"}}]"""));

    [Fact]
    public void A_path_into_a_text_that_is_still_a_reference_may_be_right() => Assert.Empty(Problems(
        """{"x": {"kind": "Bucket", "name": "b", "path": "spec.a.b"}}""",
        """[{"apiVersion": "s3/v1", "kind": "Bucket", "metadata": {"name": "b"}, "spec": {"a": "{{ .a.providerStatus.b }}"}}]"""));

    [Theory]
    [InlineData("""{"x": {"kind": "ConfigMap", "name": "b", "path": "data.k"}}""", "outputs.x.name: manifests has no ConfigMap \"b\"; it has a")]
    [InlineData("""{"x": {"kind": "ConfigMap", "name": "a", "path": "data.k.x"}}""",
        "outputs.x.path: in manifests[0], data.k is the text \"v\", which has no x")]
    [InlineData("""{"x": {"kind": "ConfigMap", "name": "a", "path": "data.k", "namespace": "other"}}""",
        "outputs.x.namespace: manifests[0] is ConfigMap a in the Component's own namespace, not in \"other\": write that one's namespace, or leave it out")]
    [InlineData("""{"x": {"kind": "ConfigMap", "name": "{{ .a.providerStatus.b }}", "path": "data.k"}}""",
        "outputs: the parts of an output must be values, not references")]
    public async Task Resolved_references_are_checked_before_anything_is_applied(string outputs, string expected)
    {
        var world = new ManifestWorld();
        var config = ManifestWorld.Config(ManifestWorld.ConfigMap("a", ("k", "v")));
        config["outputs"] = JsonNode.Parse(outputs);

        var answer = await new HandledComponent(new ManifestHandler(world.Store, ReadinessRule.WhenApplied, new(), TimeProvider.System), config).Apply();

        var failed = Assert.IsType<HandlerAnswer.Failed>(answer);
        Assert.Equal(FailureKind.InvalidConfig, failed.Kind);
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), failed.Problems.Select(p => p.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(await world.Text());
    }

    [Fact]
    public async Task A_kind_that_an_administrator_does_not_let_be_read_is_Denied()
    {
        var world = new ManifestWorld();
        var rights = new OperatorRights { Unreadable = UnreadableKinds.Known.And([UnreadableKind.Parse("ConfigMap")!]) };
        var config = ManifestWorld.Config(ManifestWorld.ConfigMap("a", ("k", "v")));
        config["outputs"] = JsonNode.Parse("""{"x": {"kind": "ConfigMap", "name": "a", "path": "data.k"}}""");

        var answer = await new HandledComponent(new ManifestHandler(world.Store, ReadinessRule.WhenApplied, rights, TimeProvider.System), config).Apply();

        var failed = Assert.IsType<HandlerAnswer.Failed>(answer);
        Assert.Equal((FailureKind.Denied, "outputs.x.kind: ConfigMap cannot be read: the operator runs with --unreadable-kinds ConfigMap"),
            (failed.Kind, Assert.Single(failed.Problems).ToString()));
    }

    private IEnumerable<string> Problems(string outputs, string manifests = Manifests) =>
        handler.Validate((JsonObject)JsonNode.Parse($$"""{"manifests": {{manifests}}, "outputs": {{outputs}}}""")!).Select(p => p.ToString());
}
