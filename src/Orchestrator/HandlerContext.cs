using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator;

/// <summary>What the standard handlers work with.</summary>
/// <param name="Store">Where manifests are applied and objects are read.</param>
/// <param name="Clients">AWS.</param>
/// <param name="View">The other Components, and the policies.</param>
/// <param name="Readiness">When an applied object counts as ready.</param>
/// <param name="Time">The clock.</param>
internal sealed record HandlerContext(IResourceStore Store, ISecretsManagers Clients, ClusterView View, ReadinessRule Readiness, TimeProvider Time)
{
    /// <summary>What Components may do by the rights of this process: by default, what their own namespace holds.</summary>
    public OperatorRights Rights { get; init; } = new();

    /// <summary>Values for outputs if no controller fills in the fields of objects; null if one does.</summary>
    public GivenOutputs? Given { get; init; }

    /// <summary>Logs every action on a secret.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}
