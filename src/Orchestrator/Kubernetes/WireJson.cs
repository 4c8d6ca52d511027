using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// JSON on its way to and from an API server, as deep as servers take it: with the usual limit of 64, one deep object in one Namespace would make every list
/// of its kind unreadable for good. What cannot be read as a record is then that object alone.
/// </summary>
internal static class WireJson
{
    // Go's decoder refuses what is deeper than 10,000; a list or a watch puts a few levels around it.
    private const int MaxDepth = 10_100;

    /// <summary>Any object.</summary>
    public static JsonTypeInfo<JsonObject> Object { get; } = new ApiJson(new() { MaxDepth = MaxDepth }).JsonObject;
}
