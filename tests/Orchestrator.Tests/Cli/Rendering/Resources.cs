using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

/// <summary>Resources as the controllers leave them, and table rows.</summary>
internal static class Resources
{
    public static Component Component(
        string name, string? phase = Phase.Ready, string message = "", string handler = "secret-push", string @namespace = "default", JsonObject? config =
            null) => new()
            {
                Metadata = new() { Name = name, Namespace = @namespace, Generation = 1 },
                Spec = new() { Handler = handler, Config = config },
                Status = phase is null ? null : new() { Phase = phase, Message = message, ObservedGeneration = 1 },
            };

    public static Component Secret(string name, string region = "us-east-1", params string[] fields) =>
        Component(name.Replace('/', '-'),
            config: new() { ["fields"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f, (JsonNode?)new JsonObject()))) }) is var component
            ? component with { Status = component.Status! with { ProviderStatus = new() { ["secretName"] = name, ["region"] = region } } }
            : throw new InvalidOperationException();

    public static Composition Composition(string name, params string[] entries) => new()
    {
        Metadata = new() { Name = name, Namespace = "default", Generation = 1 },
        Spec = new() { Components = [.. entries.Select(e => new CompositionEntry { Name = e, Type = "manifest" })] },
    };

    public static StatusRow Row(string name, string phase = Phase.Ready, string message = "", string handler = "secret-push") =>
        new(handler == DeploymentOrchestrator.Api.Composition.KindName ? ResourceType.Composition : ResourceType.Component, new("default", name), name,
            handler, phase, message);
}
