using System.Net;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>What <c>dorch operator</c> was told.</summary>
internal sealed record OperatorSettings
{
    /// <summary>How long work that was begun may take after SIGTERM.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>How long Events of that work may take after it. A Pod has 30 s for all.</summary>
    public static readonly TimeSpan LastEvents = TimeSpan.FromSeconds(5);

    /// <summary>The kubeconfig file; null for what there is.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Its context; null for its current one.</summary>
    public string? Context { get; init; }

    /// <summary>The one namespace to work in; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Who the cluster is to AWS; null for the uid of kube-system.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The ids that it had before it was rebuilt.</summary>
    public IReadOnlyList<string> FormerClusterIds { get; init; } = [];

    /// <summary>Which part of AWS's quotas is used at most.</summary>
    public required double QuotaShare { get; init; }

    /// <summary>How many Components are worked on at once.</summary>
    public required int Workers { get; init; }

    /// <summary>Where health and metrics are served.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where the Lease is.</summary>
    public required string LeaseNamespace { get; init; }

    /// <summary>What Components may do by the operator's own rights.</summary>
    public required OperatorRights Rights { get; init; }

    /// <summary>Who this process is, unlike every other.</summary>
    public required string Identity { get; init; }

    /// <summary>The Lease: one for each scope, so that operators of different namespaces all lead.</summary>
    public string LeaseName => Namespace is null ? "dorch-operator" : $"dorch-operator-{Namespace}";
}
