using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator;

/// <summary>The handlers that come with the program.</summary>
internal static class StandardHandlers
{
    /// <summary>The config schema of a handler, without creating the handler.</summary>
    public static ConfigSchema SchemaOf(string? handler) => handler switch
    {
        HandlerNames.SecretPush => SecretPushSchema.Instance,
        HandlerNames.Manifest => ManifestSchema.Instance,
        HandlerNames.ConfigReader => ConfigReaderSchema.Instance,
        _ => ConfigSchema.Unknown,
    };

    /// <summary>Whether a handler comes with the program.</summary>
    public static bool Has(string handler) => SchemaOf(handler) != ConfigSchema.Unknown;

    /// <summary>Creates secret-push, manifest and config-reader.</summary>
    public static HandlerRegistry Create(HandlerContext context)
    {
        var (store, clients, view, readiness, time) = context;
        Func<Component, string, JsonNode?>? given = context.Given is null ? null : context.Given.Of;
        return new(
        [
            new SecretPushHandler(clients, view.Owners, new(store), view.Policies, SecretActionLog.To(context.Log)),
            new ManifestHandler(
                store, readiness, context.Rights, time, view.Wanted.IsCollectedByAccident, new(view.Wanted, view.ObjectIndex), given),
            new ConfigReaderHandler(store, context.Rights, given, hasNoControllers: given is not null),
        ]);
    }
}
