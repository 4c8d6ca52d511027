using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Handlers.ConfigReader;

/// <summary>A store with some ConfigMaps and their namespaces.</summary>
internal sealed class ConfigMaps
{
    private int uids;

    public ConfigMaps(params (string Namespace, string Name, JsonObject Data)[] maps)
    {
        Store = new InMemoryResourceStore(TimeProvider.System, (_, _) => $"uid-{++uids}");
        foreach (var name in maps.Select(m => m.Namespace).Append(HandledComponent.Namespace).Distinct())
            Store.Create(Head("Namespace", null, name), Cancellation).GetAwaiter().GetResult();
        foreach (var (@namespace, name, data) in maps)
            Create(@namespace, name, data).GetAwaiter().GetResult();
    }


    public InMemoryResourceStore Store { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task Create(string @namespace, string name, JsonObject data, string field = "data")
    {
        var map = Head("ConfigMap", @namespace, name);
        map[field] = data;
        return Store.Create(map, Cancellation);
    }

    public async Task Change(string name, JsonObject data)
    {
        var map = Assert.IsType<JsonObject>(await Store.Get(ResourceType.ConfigMap, new(HandledComponent.Namespace, name), Cancellation));
        map["data"] = data;
        await Store.Replace(map, Cancellation);
    }

    public async Task<string> Text() =>
        string.Join('\n', (await Store.List(ResourceType.ConfigMap, null, Cancellation)).Items.Select(i => i.ToJsonString()));

    private static JsonObject Head(string kind, string? @namespace, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace is not null)
            metadata["namespace"] = @namespace;
        return new() { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = metadata };
    }
}
