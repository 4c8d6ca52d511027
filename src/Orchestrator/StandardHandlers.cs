using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator;

/// <summary>The handlers that come with the program.</summary>
internal static class StandardHandlers
{
    /// <summary>The config schema of a handler, without creating the handler.</summary>
    public static ConfigSchema SchemaOf(string? handler) => handler switch
    {
        SecretPushConfig.HandlerName => SecretPushSchema.Instance,
        ManifestHandler.HandlerName => ManifestSchema.Instance,
        ConfigReaderHandler.HandlerName => ConfigReaderSchema.Instance,
        _ => ConfigSchema.Unknown,
    };

    /// <summary>secret-push, manifest and config-reader.</summary>
    /// <param name="store">Where manifests are applied and ConfigMaps are read.</param>
    /// <param name="clients">AWS.</param>
    /// <param name="owners">The other Components, which may own or name the same secret.</param>
    /// <param name="readiness">When an applied manifest counts as ready.</param>
    /// <param name="time">The clock.</param>
    /// <param name="rights">What Components may do by the rights of this process; null for their own namespace only.</param>
    /// <param name="wanted">What the entries of Compositions want; null where there are none.</param>
    /// <param name="objects">Finds the Components that list an object; null to search all of them.</param>
    /// <param name="policies">Which secrets a namespace may have; null where it may have all.</param>
    /// <param name="log">Logs every action on a secret; null to log none.</param>
    /// <param name="standIn">A value for an output, by Component and name, where an object's field has none; null where there are none.</param>
    public static HandlerRegistry Create(
        IResourceStore store, ISecretsManagers clients, OwnerDirectory owners, ReadinessRule readiness, TimeProvider time, OperatorRights? rights = null,
        WantedComponents? wanted = null, ObjectIndex? objects = null, IPolicySource? policies = null, ILogger? log = null,
        Func<Component, string, JsonNode?>? standIn = null) => new(
    [
        new SecretPushHandler(clients, owners, new(store), policies, SecretActionLog.To(log ?? NullLogger.Instance)),
        new ManifestHandler(
            store, readiness, rights ?? new(), time, wanted is null ? null : wanted.IsCollectedByAccident,
            wanted is null ? null : new(wanted, objects), standIn),
        new ConfigReaderHandler(store, rights ?? new(), standIn, hasNoControllers: readiness == ReadinessRule.WhenApplied && standIn is not null),
    ]);
}
