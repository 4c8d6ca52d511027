using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>The shipped CRDs keep every field of ours, set defaults, and refuse everything that a schema can refuse.</summary>
public sealed class CrdTests(KubernetesCluster cluster) : ClusterTest(cluster)
{
    private const string Conditions = """
        [{"type": "Ready", "status": "False", "reason": "Deploying", "message": "at work", "lastTransitionTime": "2026-01-02T03:04:05Z", "observedGeneration": 1}]
        """;

    [Fact]
    public async Task Every_field_of_a_Component_is_kept()
    {
        var spec = Parse("""
            {
              "handler": "secret-push", "name": "credentials", "dependsOn": ["database"], "deploymentTimeout": "1h30m", "terminationTimeout": "1.5h",
              "config": {"deep": {"list": [1, {"a": null}], "text": "{{ .database.providerStatus.endpoint }}"}}
            }
            """);
        var status = Parse($$$"""
            {
              "phase": "Deploying", "message": "at work", "observedGeneration": 1, "conditions": {{{Conditions}}},
              "providerStatus": {"fieldCount": 3, "deep": {"x": [true]}}, "applied": {"targets": [{"arn": "x"}]}
            }
            """);

        await KeepsAll(NewResource.Component(await Namespaces.New(Store), "a", spec), status);
    }

    [Fact]
    public async Task Every_field_of_a_Composition_is_kept()
    {
        var spec = Parse("""
            {"components": [{
              "name": "database", "type": "config-reader", "dependsOn": ["other"], "config": {"sources": [{"name": "x"}]},
              "deploymentTimeout": "5m", "terminationTimeout": "90s"
            }]}
            """);
        var status = Parse($$$"""
            {
              "phase": "Deploying", "message": "at work", "observedGeneration": 1, "conditions": {{{Conditions}}},
              "components": [{"name": "database", "component": "a-database", "type": "config-reader", "phase": "Pending", "message": "waits"}]
            }
            """);
        var composition = NewResource.CompositionOf(await Namespaces.New(Store), "a", spec);

        await KeepsAll(composition, status);
    }

    [Fact]
    public async Task Timeouts_have_a_default()
    {
        var created = await Store.Create(NewResource.Component(await Namespaces.New(Store), "a", new() { ["handler"] = "manifest" }), Cancellation);

        Assert.Equal("30m", (string?)created["spec"]!["deploymentTimeout"]);
        Assert.Equal("30m", (string?)created["spec"]!["terminationTimeout"]);
    }

    [Theory]
    [InlineData("Component", """{"handler": "Secret Push"}""", "spec.handler")]
    [InlineData("Component", """{}""", "spec.handler")]
    [InlineData("Component", """{"handler": "manifest", "name": "a-b"}""", "spec.name")]
    [InlineData("Component", """{"handler": "manifest", "deploymentTimeout": "5 minutes"}""", "spec.deploymentTimeout")]
    [InlineData("Component", """{"handler": "manifest", "config": "text"}""", "spec.config")]
    [InlineData("Composition", """{"components": []}""", "spec.components")]
    [InlineData("Composition", """{"components": [{"name": "a", "type": "manifest"}, {"name": "a", "type": "manifest"}]}""", "spec.components[1]")]
    [InlineData("Composition", """{"components": [{"name": "1a", "type": "manifest"}]}""", "spec.components")]
    public async Task The_schema_refuses_invalid_fields_with_their_place(string kind, string spec, string place)
    {
        var resource = NewResource.Component(await Namespaces.New(Store), "a", Parse(spec));
        resource["kind"] = kind;

        var refusal = await Assert.ThrowsAsync<ResourceException>(() => Store.Create(resource, Cancellation));

        Assert.Equal(ResourceError.Invalid, refusal.Error);
        Assert.Contains(refusal.Details, d => d.Contains(place, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_phase_is_refused()
    {
        var created = await Store.Create(NewResource.Component(await Namespaces.New(Store), "a", new() { ["handler"] = "manifest" }), Cancellation);
        created["status"] = new JsonObject { ["phase"] = "Thinking" };

        Assert.Equal(ResourceError.Invalid, (await Assert.ThrowsAsync<ResourceException>(() => Store.ReplaceStatus(created, Cancellation))).Error);
    }

    [Fact]
    public async Task A_Composition_name_that_does_not_fit_a_label_is_refused()
    {
        var composition = NewResource.CompositionOf(
            await Namespaces.New(Store), new string('a', 64), Parse("""{"components": [{"name": "a", "type": "manifest"}]}"""));

        Assert.Equal(ResourceError.Invalid, (await Assert.ThrowsAsync<ResourceException>(() => Store.Create(composition, Cancellation))).Error);
    }

    private async Task KeepsAll(JsonObject resource, JsonObject status)
    {
        var created = await Store.Create(resource, Cancellation);
        Assert.True(JsonNode.DeepEquals(resource["spec"], created["spec"]), created.ToJsonString());
        created["status"] = status.DeepClone();

        var written = await Store.ReplaceStatus(created, Cancellation);

        Assert.True(JsonNode.DeepEquals(status, written["status"]), written.ToJsonString());
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
