using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources;

/// <summary>A store seen through one of our own records.</summary>
internal sealed class ResourceClient<T>(IResourceStore store, ResourceType type, JsonTypeInfo<T> json)
    where T : class
{
    /// <summary>The record's kind.</summary>
    public ResourceType Type => type;

    /// <summary>The record in a resource. Invalid if the resource does not have the record's shape.</summary>
    public T Read(JsonObject resource) =>
        TryRead(resource, out var problem) ?? throw new ResourceException(ResourceError.Invalid, problem);

    /// <summary>The record of a resource; null if the resource does not have the record's shape.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="problem">What is wrong with which resource; empty if it is valid.</param>
    public T? TryRead(JsonObject resource, out string problem)
    {
        try
        {
            problem = "";
            // Larger than the rest of many resources, and not used here: a server keeps what a write does not mention.
            (resource["metadata"] as JsonObject)?.Remove("managedFields");
            return resource.Deserialize(json)!;
        }
        // The second: an object that is deeper than a record may be.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problem = $"{type} {ObjectKey.Of(resource)}: {e.Message}";
            return null;
        }
    }

    /// <summary>See <see cref="IResourceStore.Get"/>.</summary>
    public async Task<T?> Get(ObjectKey key, CancellationToken cancellation) =>
        await store.Get(type, key, cancellation) is { } found ? Read(found) : null;

    /// <summary>The record as stored now, or null: for a caller with an informer's rights, to list and watch.</summary>
    public async Task<T?> Current(ObjectKey key, CancellationToken cancellation) =>
        (await store.Named(key.Name).List(type, key.Namespace, cancellation)).Items is [var found, ..] ? Read(found) : null;

    /// <summary>See <see cref="IResourceStore.Create"/>.</summary>
    public async Task<T> Create(T record, CancellationToken cancellation) => Read(await store.Create(WriteWhole(record), cancellation));

    /// <summary>See <see cref="IResourceStore.Replace"/>.</summary>
    public async Task<T> Replace(T record, CancellationToken cancellation) => Read(await store.Replace(WriteWhole(record), cancellation));

    /// <summary>See <see cref="IResourceStore.ReplaceStatus"/>.</summary>
    public async Task<T> ReplaceStatus(T record, CancellationToken cancellation) => Read(await store.ReplaceStatus(WriteWhole(record), cancellation));

    /// <summary>See <see cref="IResourceStore.Delete"/>; does nothing if the resource is already gone.</summary>
    public async Task Delete(ObjectKey key, DeleteOptions options, CancellationToken cancellation)
    {
        try
        {
            await store.Delete(type, key, options, cancellation);
        }
        catch (ResourceException e) when (e.Error == ResourceError.NotFound)
        {
            // It was deleted in the meantime.
        }
    }

    // The rest would be lost.
    private JsonObject WriteWhole(T record) => record is Component { Spec.IsTrimmed: true } or Composition { Spec.IsTrimmed: true }
        ? throw new InvalidOperationException(
            $"{type} {ObjectKey.Of(((IResourceRecord)record).Metadata)} is kept without its whole spec: it cannot be written as it is")
        : Write(record);

    /// <summary>The resource of a record.</summary>
    public JsonObject Write(T record) => (JsonObject)JsonSerializer.SerializeToNode(record, json)!;
}
