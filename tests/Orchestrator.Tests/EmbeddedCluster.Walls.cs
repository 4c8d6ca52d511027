using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator.Tests;

internal sealed partial class EmbeddedCluster
{
    /// <summary>
    /// The walls between namespaces, for the controllers that start next: from which others each may inherit, which may change at any time. Null for none.
    /// </summary>
    public Dictionary<string, string[]>? TakeOverFrom { get; set; }

    /// <summary>Whether the controllers enforce SecretPolicies.</summary>
    public bool HasWalls { get; }

    /// <summary>Whether the controllers that start next require one.</summary>
    public bool RequiresPolicy { get; set; }

    /// <summary>The role by which the controllers that start next push for a namespace; null for none.</summary>
    public string? TenantRole { get; set; }

    private Func<Component, IEnumerable<string>>? Inheritance(PolicyWatch? policies) =>
        TakeOverFrom is { } from ? heir => from.GetValueOrDefault(heir.Metadata.Namespace!, [])
        : policies is null ? null : heir => SecretGate.TakeOverFrom(policies, heir);
}
