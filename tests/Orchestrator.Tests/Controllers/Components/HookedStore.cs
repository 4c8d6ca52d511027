using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>A real store with hooks: another writer acts, or the connection breaks, right before or after one call.</summary>
internal sealed class HookedStore(IResourceStore store) : IResourceStore
{
    private readonly ConcurrentDictionary<ResourceType, bool> written = new();

    /// <summary>Called before each call with its name and the object's.</summary>
    public Func<string, string, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called after each call that succeeded.</summary>
    public Func<string, string, Task> After { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The answer to a check for missing rights; null for the store's own answer.</summary>
    public MissingRights? Lacking { get; set; }

    /// <summary>Called with the name of a watched object; null for a whole kind.</summary>
    public Action<string?> Following { get; set; } = _ => { };

    /// <summary>The ServiceAccounts that it acted as.</summary>
    public ConcurrentBag<ServiceAccount> Accounts { get; } = [];

    /// <summary>The kinds that were written through it.</summary>
    public IReadOnlyCollection<ResourceType> Types => [.. written.Keys];

    public Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) =>
        Call("Get", key.Name, () => store.Get(type, key, cancellation));

    public Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation) =>
        Call("List", type.Kind, () => store.List(type, @namespace, cancellation));

    public Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation) =>
        Write("Create", resource, () => store.Create(resource, cancellation));

    public Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation) =>
        Write("Replace", resource, () => store.Replace(resource, cancellation));

    public Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation) =>
        Write("ReplaceStatus", resource, () => store.ReplaceStatus(resource, cancellation));

    public Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation) =>
        Write("Apply", resource, () => store.Apply(resource, options, cancellation));

    public Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation) =>
        Call("Delete", key.Name, async () =>
        {
            await store.Delete(type, key, options, cancellation);
            return true;
        });

    public IAsyncEnumerable<WatchEvent> Watch(ResourceType type, string? @namespace, string resourceVersion, CancellationToken cancellation) =>
        store.Watch(type, @namespace, resourceVersion, cancellation);

    public Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation) =>
        Call("IsNamespaced", type.Kind, () => store.IsNamespaced(type, cancellation));

    public Task<MissingRights> MissingRights(ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation) =>
        Call("MissingRights", key.Name, () => Lacking is null ? store.MissingRights(type, key, verbs, cancellation) : Task.FromResult(Lacking));

    public IResourceFeed MetadataOf(string? name)
    {
        Following(name);
        return name is null ? this : new NamedFeed(this, name);
    }

    public IResourceStore As(ServiceAccount account)
    {
        Accounts.Add(account);
        return this;
    }

    private Task<JsonObject> Write(string call, JsonObject resource, Func<Task<JsonObject>> run)
    {
        written[ResourceType.Of(resource)] = true;
        return Call(call, ObjectKey.Of(resource).Name, run);
    }

    private async Task<T> Call<T>(string call, string name, Func<Task<T>> run)
    {
        await Before(call, name);
        var result = await run();
        await After(call, name);
        return result;
    }
}
