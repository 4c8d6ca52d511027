namespace DeploymentOrchestrator.Tests;

internal sealed partial class EmbeddedCluster
{
    /// <summary>
    /// Isolation between namespaces, for the controllers that start next: the namespaces that each may take secrets over from, changeable at any time.
    /// Null for no isolation.
    /// </summary>
    public Dictionary<string, string[]>? TakeOverFrom { get; set; }

    /// <summary>Whether the controllers enforce SecretPolicies.</summary>
    public bool HasWalls { get; }

    /// <summary>Whether the controllers that start next require a SecretPolicy.</summary>
    public bool RequiresPolicy { get; set; }

    /// <summary>The role with which the controllers that start next push for a namespace; null for none.</summary>
    public string? TenantRole { get; set; }

    /// <summary>Acts while the controllers are paused at a write to AWS; they observe the act, then finish.</summary>
    public async Task WhilePaused(Func<Task> act)
    {
        await Lease.Paused.WaitAsync(TestContext.Current.CancellationToken);
        await act();
        if (controllers.Policies is { } policies)
            await policies.WhenSeen(Store.ResourceVersion).WaitAsync(TestContext.Current.CancellationToken);
        Lease.Wake();
        await controllers.Manager.WhenQuiet(Store.ResourceVersion, controllers.Stop.Token);
    }

    private NamespaceWalls? Walls => TakeOverFrom is not { } from ? null : new(
        heir => from.GetValueOrDefault(heir.Metadata.Namespace!, []),
        left => from.Where(f => f.Value.Contains(left, StringComparer.Ordinal)).Select(f => f.Key));
}
