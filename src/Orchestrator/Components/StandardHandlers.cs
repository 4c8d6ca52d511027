using DeploymentOrchestrator.Components.ConfigReader;
using DeploymentOrchestrator.Components.Manifest;
using DeploymentOrchestrator.Components.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Components;

/// <summary>The handlers that come with the program.</summary>
public static class StandardHandlers
{
    /// <summary>secret-push, manifest and config-reader.</summary>
    /// <param name="store">Where manifests go and ConfigMaps are.</param>
    /// <param name="clients">AWS.</param>
    /// <param name="peers">The Components among which a secret may change hands.</param>
    /// <param name="readiness">When an applied manifest counts as ready.</param>
    /// <param name="time">The clock.</param>
    /// <param name="rights">What Components may do by the rights of this process; null for their own namespace only.</param>
    public static HandlerRegistry Create(
        IResourceStore store, ISecretsManagers clients, Peers peers, ReadinessRule readiness, TimeProvider time, OperatorRights? rights = null) => new(
    [
        new SecretPushHandler(clients, peers, new(store)),
        new ManifestHandler(store, readiness, rights ?? new(), time, peers.IsCollectedByAccident),
        new ConfigReaderHandler(store, rights ?? new()),
    ]);
}
