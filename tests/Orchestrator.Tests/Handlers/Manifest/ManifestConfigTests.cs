using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

public sealed class ManifestConfigTests
{
    private const string Ok = "\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"";

    private readonly ManifestHandler handler =
        new(new InMemoryResourceStore(TimeProvider.System, (_, _) => "uid"), ReadinessRule.WhenApplied, new(), TimeProvider.System);

    [Theory]
    [InlineData("{}", "\"manifests\" is missing: it must be a list")]
    [InlineData("""{"manifests":[]}""", "manifests: is empty: write at least one manifest")]
    [InlineData("""{"manifests":{}}""", "manifests: must be a list, not an object")]
    [InlineData("""{"manifests":["x"]}""", "manifests[0]: must be an object, not a string")]
    [InlineData("""{"manifest":[]}""", "\"manifests\" is missing: it must be a list|manifest: unknown key \"manifest\"; did you mean \"manifests\"?")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\"}}],\"serviceAccountNam\":\"x\"}",
        "serviceAccountNam: unknown key \"serviceAccountNam\"; did you mean \"serviceAccountName\"?")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\"}}],\"serviceAccountName\":\"apps/x\"}",
        "serviceAccountName: \"apps/x\" is not a ServiceAccount name: lower-case letters, digits, - and ., at most 253 characters, without its namespace")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\"}}],\"serviceAccountName\":5}",
        "serviceAccountName: must be a string, not the number 5: quote it as it was written")]
    [InlineData("""{"manifests":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","namespace":"b"}}],"serviceAccountName":"x"}""",
        "manifests[0].metadata.namespace: a Namespace is cluster-scoped: leave it out")]
    [InlineData("""{"manifests":[{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":"""
        + """{"name":"components.deployment-orchestrator.io"}}],"serviceAccountName":"x"}""",
        "manifests[0].kind: a Component cannot apply a CustomResourceDefinition of dorch, whose deletion would wait for the Component: "
        + "install it with dorch crds")]
    [InlineData("""{"manifests":[{}]}""",
        "manifests[0]: \"apiVersion\" is missing: it must be a string|manifests[0]: \"kind\" is missing: it must be a string|manifests[0]: "
            + "\"metadata\" is missing: it must be an object")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{}}]}", "manifests[0].metadata: \"name\" is missing: it must be a string")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":7}}]}",
        "manifests[0].metadata.name: must be a string, not the number 7: quote it as it was written")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"../secrets\"}}]}",
        "manifests[0].metadata.name: \"../secrets\" is not a name: it has 1-253 characters, none of them / or %")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"..\"}}]}",
        "manifests[0].metadata.name: \"..\" is not a name: it has 1-253 characters, none of them / or %")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"generateName\":\"a-\"}}]}",
        "manifests[0].metadata.generateName: would make a new object at each apply: write a name")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\",\"uid\":\"1\",\"resourceVersion\":\"1\",\"managedFields\":[]}}]}",
        "manifests[0].metadata.managedFields: is written by the cluster: leave it out|manifests[0].metadata.resourceVersion: is written by the cluster: "
            + "leave it out|manifests[0].metadata.uid: is written by the cluster: leave it out")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\",\"labels\":{\"n\":1},\"annotations\":{\"on\":true}}}]}",
        "manifests[0].metadata.labels.n: must be a string, not the number 1: quote it as it was written|manifests[0].metadata.annotations.on: must be a "
            + "string, not the boolean true: quote it as it was written")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\",\"annotations\":{\"deployment-orchestrator.io/owner\":\"x\"}}}]}",
        "manifests[0].metadata.annotations.deployment-orchestrator.io/owner: is written by the manifest handler: leave it out")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\",\"ownerReferences\":[{\"controller\":true}]}}]}",
        "manifests[0].metadata.ownerReferences[0].controller: must not be true: the Component has the object, so no other controller can"
            + "|manifests[0].metadata.ownerReferences[0]: \"apiVersion\" is missing: it must be a string|manifests[0].metadata.ownerReferences[0]: "
                + "\"kind\" is missing: it must be a string|manifests[0].metadata.ownerReferences[0]: \"name\" is missing: it must be a "
                + "string|manifests[0].metadata.ownerReferences[0]: \"uid\" is missing: it must be a string")]
    [InlineData("""{"manifests":[{"apiVersion":"a/b/c","kind":"Config Map","metadata":{"name":"a"}}]}""",
        "manifests[0].apiVersion: \"a/b/c\" is not an API version: write one such as v1 or apps/v1|manifests[0].kind: \"Config Map\" is not a kind: write one "
            + "such as ConfigMap")]
    [InlineData("""{"manifests":[{"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Composition","metadata":{"name":"a"}}]}""",
        "manifests[0].kind: a Composition cannot be a manifest: apply it beside this one, as a cycle of them could never be deleted")]
    [InlineData("""{"manifests":[{"apiVersion":"v1","kind":"List","metadata":{"name":"a"},"items":[]}]}""",
        "manifests[0].kind: a List is not an object: write its items as manifests of their own")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\"}},{" + Ok + ",\"metadata\":{\"name\":\"a\"}},{" + Ok
        + ",\"metadata\":{\"name\":\"b\"}}]}",
        "manifests[1]: is the same ConfigMap a as manifests[0]: write each object once")]
    [InlineData(
        """{"manifests":[{"apiVersion":"g.io/v1","kind":"K","metadata":{"name":"a"}},{"apiVersion":"g.io/v1beta1","kind":"K","metadata":{"name":"a"}},"""
        + """{"apiVersion":"h.io/v1","kind":"K","metadata":{"name":"a"}}]}""",
        "manifests[1]: is the same K a as manifests[0]: write each object once")]
    [InlineData("{\"manifests\":[{},{" + Ok + ",\"metadata\":{}}],\"x\":1}",
        "manifests[0]: \"apiVersion\" is missing: it must be a string|manifests[0]: \"kind\" is missing: it must be a string|manifests[0]: "
            + "\"metadata\" is missing: it must be an object|manifests[1].metadata: \"name\" is missing: it must be a string|x: unknown key \"x\"; known "
            + "are manifests, outputs, readyWhen, serviceAccountName")]
    public void Every_problem_of_a_manifest_config_is_reported_with_its_path(string config, string expected) =>
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), Problems(config).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("{\"manifests\":[{" + Ok
        + ",\"metadata\":{\"name\":\"a\",\"namespace\":\"x\",\"labels\":{\"a\":\"b\"},\"finalizers\":[]},\"data\":{\"a\":\"b\"},\"anything\":[1]}]}")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":{\"name\":\"a\",\"namespace\":\"x\"}},{" + Ok
        + ",\"metadata\":{\"name\":\"a\",\"namespace\":\"y\"}}]}")]
    [InlineData("""{"manifests":[{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"app:reader"}}]}""")]
    // An unresolved reference is checked once it has a value.
    [InlineData("""{"manifests":"{{ .other.providerStatus.list }}","serviceAccountName":"{{ .other.providerStatus.account }}"}""")]
    [InlineData("""{"manifests":["{{ .other.providerStatus.object }}"]}""")]
    [InlineData(
        """{"manifests":[{"apiVersion":"{{ .a.providerStatus.v }}","kind":"{{ .a.providerStatus.k }}","metadata":{"name":"{{ .a.providerStatus.n """
        + """}}","namespace":"{{ .a.providerStatus.s }}"}}]}""")]
    [InlineData("{\"manifests\":[{" + Ok + ",\"metadata\":\"{{ .a.providerStatus.m }}\"}]}")]
    public void A_valid_manifest_config_has_no_problems(string config) => Assert.Empty(Problems(config));

    [Fact]
    public void A_cluster_scoped_kind_without_a_ServiceAccount_is_a_warning_as_the_operator_may_be_allowed_it()
    {
        const string manifests = """
            "manifests":[{"apiVersion":"external-secrets.io/v1","kind":"ClusterSecretStore","metadata":{"name":"a"}}]
            """;

        var warning = Assert.Single(handler.Validate(JsonNode.Parse($"{{{manifests}}}")!.AsObject()));

        Assert.True(warning.IsWarning);
        Assert.Equal(
            "manifests[0].kind: a ClusterSecretStore is cluster-scoped: in a cluster this needs serviceAccountName, a ServiceAccount that may write it, "
            + "or an operator that runs with --manifest-scope cluster", warning.ToString());
        Assert.Empty(handler.Validate(JsonNode.Parse($"{{{manifests},\"serviceAccountName\":\"x\"}}")!.AsObject()));
    }

    [Fact]
    public void Over_200_manifests_are_refused()
    {
        var manifests = Enumerable.Range(0, 201).Select(i => JsonNode.Parse("{" + Ok + ",\"metadata\":{\"name\":\"a" + i + "\"}}"));
        Assert.Equal(["manifests: has 201 manifests, at most 200 are allowed: spread them over several components"],
            Problems(new JsonObject { ["manifests"] = new JsonArray([.. manifests]) }.ToJsonString()));
    }

    private IEnumerable<string> Problems(string config) => handler.Validate(JsonNode.Parse(config)!.AsObject()).Select(p => p.ToString());
}
