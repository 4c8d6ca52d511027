using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>A store with the Component's namespace and the objects of these tests.</summary>
internal sealed class ManifestWorld
{
    public static readonly ResourceType ExternalSecret = new("external-secrets.io", "v1", "ExternalSecret");
    public static readonly ResourceType Deployment = new("apps", "v1", "Deployment");

    private static readonly ResourceType[] Types = [ResourceType.ConfigMap, ExternalSecret, Deployment];

    private int uids;

    public ManifestWorld()
    {
        Store = new InMemoryResourceStore(TimeProvider.System, (_, _) => $"uid-{++uids}");
        Store.Create(NewResource.Namespace(HandledComponent.Namespace), Cancellation).GetAwaiter().GetResult();
    }

    public InMemoryResourceStore Store { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static JsonObject Config(params JsonObject[] manifests) => new() { ["manifests"] = new JsonArray([.. manifests]) };

    public static JsonObject Object(string apiVersion, string kind, string name) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
    };

    public static JsonObject ConfigMap(string name, params (string Key, string Value)[] data)
    {
        var configMap = Object("v1", "ConfigMap", name);
        configMap["data"] = new JsonObject(data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return configMap;
    }

    /// <summary>One of our resources with one metadata key changed.</summary>
    public static JsonObject In(string @namespace, JsonObject resource, string? metadataKey = null, JsonNode? value = null)
    {
        resource["metadata"]!["namespace"] = @namespace;
        if (metadataKey is not null)
            resource["metadata"]![metadataKey] = value;
        return resource;
    }

    public Task<JsonObject?> Get(ResourceType type, string name) => Store.Get(type, new(HandledComponent.Namespace, name), Cancellation);

    public async Task<JsonObject> ConfigMap(string name) => Assert.IsType<JsonObject>(await Get(ResourceType.ConfigMap, name));

    public async Task Change(ResourceType type, string name, Action<JsonObject> change)
    {
        var live = Assert.IsType<JsonObject>(await Get(type, name));
        change(live);
        await Store.Replace(live, Cancellation);
    }

    /// <summary>All objects of the tests' kinds.</summary>
    public async Task<string> Text() => (await Objects()).Aggregate(new StringBuilder(), (text, o) => text.AppendLine(o.ToJsonString())).ToString();

    /// <summary>The same without uids, versions and times.</summary>
    public async Task<string> Content()
    {
        var objects = await Objects();
        foreach (var metadata in objects.Select(o => o["metadata"]!.AsObject()))
        {
            foreach (var key in new[] { "uid", "resourceVersion", "creationTimestamp", "managedFields", "generation" })
                metadata.Remove(key);
        }

        return objects.Aggregate(new StringBuilder(), (text, o) => text.AppendLine(o.ToJsonString())).ToString();
    }

    private async Task<IReadOnlyList<JsonObject>> Objects()
    {
        var objects = new List<JsonObject>();
        foreach (var type in Types)
            objects.AddRange((await Store.List(type, null, Cancellation)).Items);
        return objects;
    }
}
