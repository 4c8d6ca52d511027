using System.Net;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>
/// The settings of <c>dorch operator</c>. Null is the default kubeconfig and context, every namespace, and the uid of kube-system as the owner of the secrets
/// in AWS. The workers are how many Components are reconciled at once, and the identity is the unique name of this process.
/// </summary>
internal sealed record OperatorSettings(
    string? Kubeconfig, string? Context, string? Namespace, string? ClusterId, IReadOnlyList<string> FormerClusterIds, double QuotaShare, int Workers,
    IPEndPoint Listen, string LeaseNamespace, OperatorRights Rights, string Identity)
{
    /// <summary>How long running work may continue after SIGTERM.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>How long writing its Events may then take. A Pod has 30 s in total.</summary>
    public static readonly TimeSpan LastEvents = TimeSpan.FromSeconds(5);

    /// <summary>Whether a namespace that no SecretPolicy selects has no secrets.</summary>
    public bool RequiresPolicy { get; init; }

    /// <summary>The role of calls for Components without one, with a session for each namespace; null for none.</summary>
    public string? TenantRole { get; init; }

    /// <summary>The Lease: one for each scope, so that operators of different namespaces all lead.</summary>
    public string LeaseName => Namespace is null ? "dorch-operator" : $"dorch-operator-{Namespace}";
}
