using System.Net;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>The settings of <c>dorch operator</c>: null where the default holds, and for the namespace where it works in all.</summary>
internal sealed record OperatorSettings
{
    /// <summary>How long running work may take after SIGTERM.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>How long writing its Events may take after that. A Pod has 30 s in total.</summary>
    public static readonly TimeSpan LastEvents = TimeSpan.FromSeconds(5);

    public string? Kubeconfig { get; init; }
    public string? Context { get; init; }
    public string? Namespace { get; init; }

    /// <summary>The owner of the secrets in AWS; null for the uid of kube-system.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The ids that it had before it was rebuilt.</summary>
    public IReadOnlyList<string> FormerClusterIds { get; init; } = [];
    public required double QuotaShare { get; init; }

    /// <summary>How many Components to reconcile at once.</summary>
    public required int Workers { get; init; }

    /// <summary>Where health and metrics are served.</summary>
    public required IPEndPoint Listen { get; init; }
    public required string LeaseNamespace { get; init; }
    public required OperatorRights Rights { get; init; }

    /// <summary>The unique name of this process.</summary>
    public required string Identity { get; init; }

    /// <summary>The Lease: one for each scope, so that operators of different namespaces all lead.</summary>
    public string LeaseName => Namespace is null ? "dorch-operator" : $"dorch-operator-{Namespace}";
}
