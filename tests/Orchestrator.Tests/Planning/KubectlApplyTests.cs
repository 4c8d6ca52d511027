using System.Text.Json.Nodes;
using DeploymentOrchestrator.Planning;

namespace DeploymentOrchestrator.Tests.Planning;

public sealed class KubectlApplyTests
{
    private const string File = """
        {"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Composition","metadata":{"name":"app"},"spec":{"components":[{"name":"a","type":"manifest"}]}}
        """;

    // The object after `kubectl apply`, with the CRD's defaults and kubectl's last-applied annotation.
    private static JsonObject Live => Parse("""
        {"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Composition","metadata":{"name":"app","annotations":{
          "kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"deployment-orchestrator.io/v1alpha1\",\"kind\":\"Composition\",\"metadata\":{\"annotations\":{\"mine\":\"1\"},\"name\":\"app\"},\"spec\":{\"components\":[{\"name\":\"a\",\"type\":\"manifest\"}]}}",
          "mine":"1","theirs":"2"}},
         "spec":{"components":[{"name":"a","type":"manifest","deploymentTimeout":"30m","terminationTimeout":"30m"}]}}
        """);

    [Fact]
    public void Server_defaults_and_kubectl_annotations_are_no_change()
    {
        var file = Parse(File);
        file["metadata"]!["annotations"] = new JsonObject { ["mine"] = "1" };

        Assert.True(JsonNode.DeepEquals(Live, KubectlApply.Merge(Live, file)));
    }

    [Fact]
    public void An_annotation_removed_from_the_file_is_deleted_and_those_of_others_stay()
    {
        var annotations = KubectlApply.Merge(Live, Parse(File))["metadata"]!["annotations"]!.AsObject();

        Assert.Equal(["kubectl.kubernetes.io/last-applied-configuration", "theirs"], annotations.Select(a => a.Key));
    }

    [Fact]
    public void A_timeout_removed_from_the_file_returns_to_its_default()
    {
        var live = Live;
        live["spec"]!["components"]![0]!["deploymentTimeout"] = "5m";

        var entry = KubectlApply.Merge(live, Parse(File))["spec"]!["components"]![0]!.AsObject();

        Assert.False(entry.ContainsKey("deploymentTimeout"));
        Assert.Equal("30m", (string?)entry["terminationTimeout"]);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
