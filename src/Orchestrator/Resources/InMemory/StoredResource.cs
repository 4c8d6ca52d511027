using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>
/// One state of a resource. It and its JSON are immutable: events, watchers and the current state share it. Its JSON went through text, like every answer
/// of a cluster, so a number in it reads as any type that it fits.
/// </summary>
internal sealed class StoredResource
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = JsonDepth.OfRecords };

    public StoredResource(JsonObject resource)
    {
        Json = JsonNode.Parse(resource.ToJsonString(), documentOptions: Deep)!.AsObject();
        Metadata = Json["metadata"].Deserialize(ApiJson.Default.ObjectMeta)!;
        Id = new(ResourceType.Of(Json), ObjectKey.Of(Metadata));
    }

    public ResourceId Id { get; }

    public JsonObject Json { get; }

    public ObjectMeta Metadata { get; }

    public string Uid => Metadata.Uid!;

    public IReadOnlyList<string> Finalizers => Metadata.Finalizers ?? [];

    public IReadOnlyList<OwnerReference> Owners => Metadata.OwnerReferences ?? [];

    /// <summary>A copy to hand out or to change.</summary>
    public JsonObject Copy() => (JsonObject)Json.DeepClone();
}
