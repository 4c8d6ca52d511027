using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Tests.Api;

/// <summary>A packed record reads as it did before.</summary>
public sealed class PackedJsonTests
{
    private const string Text = """
        {"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Component","metadata":{"name":"a"},
        "spec":{"handler":"x","config":{"n":1.50,"deep":[{"k":"\u00e9\n"}]}},
        "status":{"providerStatus":{"host":"h"},"applied":{"targets":[]}}}
        """;

    [Fact]
    public void A_packed_Component_is_the_same_resource()
    {
        var component = JsonSerializer.Deserialize(Text, ApiJson.Default.Component)!;

        Assert.InRange(((IResourceRecord)component).Pack(), 1, Text.Length);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Text), ApiJson.ToJson(component, ApiJson.Default.Component)));
        Assert.Equal("1.50", component.Spec.Config!["n"]!.ToJsonString());
        Assert.Equal("h", (string)component.Status!.ProviderStatus!["host"]!);
    }

    [Fact]
    public void Concurrent_readers_of_packed_JSON_get_the_same_tree()
    {
        var component = JsonSerializer.Deserialize(Text, ApiJson.Default.Component)!;
        ((IResourceRecord)component).Pack();

        var held = component.Spec.Config;

        Assert.Same(held, component.Spec.Config);
        Assert.Same(held, (component with { Status = null }).Spec.Config);
    }
}
