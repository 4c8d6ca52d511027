using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

/// <summary>
/// The contract of every <see cref="IResourceStore"/>: the in-memory one and a real cluster (Kubernetes 1.20 or later, with kube-controller-manager and
/// our CRDs). Tests await what a cluster does asynchronously, and never assert that it has not happened yet.
/// </summary>
public abstract partial class ResourceStoreContract
{
    private protected abstract IResourceStore Store { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static string Unique(string prefix) => $"{prefix}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    protected async Task<string> NewNamespace()
    {
        var name = Unique("test");
        await Store.Create(NewResource.Namespace(name), Cancellation);
        return name;
    }

    protected static JsonObject ConfigMap(string @namespace, string name, params (string Key, string Value)[] data) =>
        NewResource.ConfigMap(@namespace, name, data);

    protected static JsonObject Component(string @namespace, string name, string timeout = "5m") =>
        NewResource.Component(@namespace, name, new() { ["handler"] = "contract-test", ["deploymentTimeout"] = timeout });

    protected static JsonObject With(JsonObject resource, Action<JsonObject> change)
    {
        var changed = (JsonObject)resource.DeepClone();
        change(changed);
        return changed;
    }

    protected static JsonObject WithFinalizers(JsonObject resource, params string[] finalizers) =>
        With(resource, r => r["metadata"]!["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create($"test.{ApiGroup.Name}/{f}"))]));

    protected static JsonObject WithLabel(JsonObject resource, string key, string value) =>
        With(resource, r => r["metadata"]!["labels"] = new JsonObject { [key] = value });

    protected static JsonObject WithTimeout(JsonObject component, string timeout) => With(component, c => c["spec"]!["deploymentTimeout"] = timeout);

    protected static JsonObject WithPhase(JsonObject component, string phase) => With(component, c => c["status"] = new JsonObject { ["phase"] = phase });

    protected static JsonObject WithData(JsonObject configMap, string key, string value) => With(configMap, c => (c["data"] ??= new JsonObject())[key] = value);

    protected static JsonObject WithOwners(JsonObject resource, params (JsonObject Owner, bool Blocks)[] owners) =>
        With(resource, r => r["metadata"]!["ownerReferences"] = new JsonArray([.. owners.Select(o => new JsonObject
        {
            ["apiVersion"] = (string)o.Owner["apiVersion"]!,
            ["kind"] = (string)o.Owner["kind"]!,
            ["name"] = ObjectKey.Of(o.Owner).Name,
            ["uid"] = Uid(o.Owner),
            ["blockOwnerDeletion"] = o.Blocks,
        })]));

    protected static string Uid(JsonObject resource) => (string)resource["metadata"]!["uid"]!;

    protected static string VersionOf(JsonObject resource) => (string)resource["metadata"]!["resourceVersion"]!;

    protected static long Number(JsonObject resource) => long.Parse(VersionOf(resource), CultureInfo.InvariantCulture);

    protected static long Generation(JsonObject resource) => (long)resource["metadata"]!["generation"]!;

    protected static bool IsTerminating(JsonObject? resource) => resource?["metadata"]?["deletionTimestamp"] is not null;

    protected static bool HasFinalizer(JsonObject? resource, string finalizer) =>
        resource?["metadata"]?["finalizers"]?.AsArray().Any(f => (string?)f == finalizer) == true;

    protected Task<JsonObject?> Get(JsonObject resource) => Store.Get(ResourceType.Of(resource), ObjectKey.Of(resource), Cancellation);

    private protected Task Delete(JsonObject resource, DeletePropagation propagation = DeletePropagation.Background) =>
        Store.Delete(ResourceType.Of(resource), ObjectKey.Of(resource), new(Propagation: propagation), Cancellation);

    private protected static async Task<ResourceException> Refused(ResourceError error, Task write)
    {
        var refusal = await Assert.ThrowsAsync<ResourceException>(() => write);
        Assert.Equal(error, refusal.Error);
        return refusal;
    }

    /// <summary>Waits until the resource (null: it does not exist) meets the condition, and returns it.</summary>
    protected async Task<JsonObject?> Eventually(JsonObject resource, Func<JsonObject?, bool> isSo)
    {
        var (type, key) = (ResourceType.Of(resource), ObjectKey.Of(resource));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience.Limit);
        var list = await Store.List(type, key.Namespace, limit.Token);
        var last = list.Items.FirstOrDefault(r => ObjectKey.Of(r) == key);
        if (isSo(last))
            return last;
        try
        {
            await foreach (var happened in Store.Watch(type, key.Namespace, list.ResourceVersion, limit.Token))
            {
                if (happened.Type == WatchEventType.Bookmark || ObjectKey.Of(happened.Resource) != key)
                    continue;
                last = happened.Type == WatchEventType.Deleted ? null : happened.Resource;
                if (isSo(last))
                    return last;
            }
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            // The time limit is reached.
        }

        Assert.Fail($"{type} {key} stayed as it was: {last?.ToJsonString() ?? "not there"}");
        return null;
    }

    protected Task Gone(JsonObject resource) => Eventually(resource, r => r is null || Uid(r) != Uid(resource));

    /// <summary>The next events, bookmarks left out.</summary>
    private protected async Task<IReadOnlyList<WatchEvent>> Events(ResourceType type, string? @namespace, string from, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience.Limit);
        var events = new List<WatchEvent>();
        await foreach (var happened in Store.Watch(type, @namespace, from, limit.Token))
        {
            if (happened.Type != WatchEventType.Bookmark)
                events.Add(happened);
            if (events.Count == count)
                break;
        }

        return events;
    }
}
