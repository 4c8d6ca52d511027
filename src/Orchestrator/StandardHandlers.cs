using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator;

/// <summary>The handlers that come with the program.</summary>
internal static class StandardHandlers
{
    /// <summary>What is known of the config of one of these handlers, or of any other, without making one.</summary>
    public static ConfigSchema SchemaOf(string? handler) => handler switch
    {
        SecretPushHandler.HandlerName => SecretPushSchema.Instance,
        ManifestHandler.HandlerName => ManifestSchema.Instance,
        ConfigReaderHandler.HandlerName => ConfigReaderSchema.Instance,
        _ => ConfigSchema.Unknown,
    };

    /// <summary>secret-push, manifest and config-reader.</summary>
    /// <param name="store">Where manifests go and ConfigMaps are.</param>
    /// <param name="clients">AWS.</param>
    /// <param name="peers">The Components among which a secret may change hands.</param>
    /// <param name="readiness">When an applied manifest counts as ready.</param>
    /// <param name="time">The clock.</param>
    /// <param name="rights">What Components may do by the rights of this process; null for their own namespace only.</param>
    public static HandlerRegistry Create(
        IResourceStore store, ISecretsManagers clients, OwnerDirectory peers, ReadinessRule readiness, TimeProvider time, OperatorRights? rights = null) => new(
    [
        new SecretPushHandler(clients, peers, new(store)),
        new ManifestHandler(store, readiness, rights ?? new(), time, peers.IsCollectedByAccident, peers.IsGone),
        new ConfigReaderHandler(store, rights ?? new()),
    ]);
}
