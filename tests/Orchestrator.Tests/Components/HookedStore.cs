using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Components;

/// <summary>A real store that a test steps into: somebody else acts, or the connection breaks, right before or after one call.</summary>
public sealed class HookedStore(IResourceStore store) : IResourceStore
{
    /// <summary>Called before each call with its name and the object's.</summary>
    public Func<string, string, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called after each call that was answered.</summary>
    public Func<string, string, Task> After { get; set; } = (_, _) => Task.CompletedTask;

    public Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) =>
        Call("Get", key.Name, () => store.Get(type, key, cancellation));

    public Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation) =>
        Call("List", type.Kind, () => store.List(type, @namespace, cancellation));

    public Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation) =>
        Call("Create", ObjectKey.Of(resource).Name, () => store.Create(resource, cancellation));

    public Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation) =>
        Call("Replace", ObjectKey.Of(resource).Name, () => store.Replace(resource, cancellation));

    public Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation) =>
        Call("ReplaceStatus", ObjectKey.Of(resource).Name, () => store.ReplaceStatus(resource, cancellation));

    public Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation) =>
        Call("Apply", ObjectKey.Of(resource).Name, () => store.Apply(resource, options, cancellation));

    public Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation) =>
        Call("Delete", key.Name, async () =>
        {
            await store.Delete(type, key, options, cancellation);
            return true;
        });

    public IAsyncEnumerable<WatchEvent> Watch(ResourceType type, string? @namespace, string resourceVersion, CancellationToken cancellation) =>
        store.Watch(type, @namespace, resourceVersion, cancellation);

    private async Task<T> Call<T>(string call, string name, Func<Task<T>> run)
    {
        await Before(call, name);
        var result = await run();
        await After(call, name);
        return result;
    }
}
