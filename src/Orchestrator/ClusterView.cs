using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator;

/// <summary>What handlers know of the cluster's other Components, from the informers and from indexes that their changes maintain.</summary>
internal sealed class ClusterView
{
    /// <summary>Makes the indexes, which hear of a change before the controllers do.</summary>
    /// <param name="informers">The informers, not running yet.</param>
    /// <param name="cluster">The cluster's identity.</param>
    /// <param name="policies">Which secrets a namespace may have; null for all.</param>
    /// <param name="walls">Which namespaces may inherit from which; null to follow the policies.</param>
    public ClusterView(ClusterInformers informers, ClusterIdentity cluster, PolicyWatch? policies = null, NamespaceWalls? walls = null)
    {
        var (components, compositions) = (informers.Components, informers.Compositions);
        walls ??= policies is null ? null : NamespaceWalls.Of(policies);
        Policies = policies;
        Wanted = new(compositions.All, components.All, compositions.Get, components.Get);
        OwnerIndex = new([cluster.Id, .. cluster.FormerIds], components.Get, compositions.Get, walls?.SuccessorsOf);
        Owners = new(cluster.Id, cluster.SeesAll, components.All, cluster.FormerIds, Wanted, walls?.TakeOverFrom, OwnerIndex, policies);
        ObjectIndex = new(components.Get, compositions.Get);

        components.Subscribe(change => OwnerIndex.Note(change.Key, change.After));
        components.Subscribe(change => ObjectIndex.Note(change.Key, change.Before, change.After));
        compositions.Subscribe(change =>
        {
            // A status write changes no entry, of which there may be thousands.
            if (change.After is null || !ReferenceEquals(change.Before?.Spec, change.After.Spec))
                OwnerIndex.Note(change.Key, change.After);
        });
        compositions.Subscribe(change => ObjectIndex.Note(change.Key, change.Before, change.After));
    }

    /// <summary>Which secrets a namespace may have; null for all.</summary>
    public PolicyWatch? Policies { get; }

    /// <summary>The Components that the entries of Compositions want.</summary>
    public WantedComponents Wanted { get; }

    /// <summary>Which Component owns, names or may inherit a secret.</summary>
    public OwnerDirectory Owners { get; }

    /// <summary>Finds the Components and Compositions of a secret's name or an owner.</summary>
    public OwnerIndex OwnerIndex { get; }

    /// <summary>Finds the Components and Compositions that list an object.</summary>
    public ObjectIndex ObjectIndex { get; }
}

/// <summary>Which namespaces may inherit abandoned secrets from which.</summary>
/// <param name="TakeOverFrom">The other namespaces from which a Component may inherit.</param>
/// <param name="SuccessorsOf">The other namespaces that may inherit from one.</param>
internal sealed record NamespaceWalls(Func<Component, IEnumerable<string>> TakeOverFrom, Func<string, IEnumerable<string>> SuccessorsOf)
{
    /// <summary>The walls that SecretPolicies put up.</summary>
    public static NamespaceWalls Of(PolicyWatch policies) => new(successor => SecretGate.TakeOverFrom(policies, successor), policies.SuccessorsOf);
}
