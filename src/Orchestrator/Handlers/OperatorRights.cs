namespace DeploymentOrchestrator.Handlers;

/// <summary>What Components may do with the operator's own rights. The cluster's RBAC decides as well.</summary>
internal sealed record OperatorRights
{
    /// <summary>No limits: for the embedded store, which has no users.</summary>
    public static readonly OperatorRights Everything = new() { AppliesEverywhere = true, ReadsEverywhere = true };

    /// <summary>
    /// The ServiceAccount, of the Component's namespace, that applies manifests without <c>serviceAccountName</c>; null for the operator itself.
    /// </summary>
    public string? DefaultServiceAccount { get; init; }

    /// <summary>Whether the operator applies manifests outside a Component's own namespace, and cluster-scoped ones.</summary>
    public bool AppliesEverywhere { get; init; }

    /// <summary>Namespaces whose ConfigMaps every Component may read, besides its own.</summary>
    public IReadOnlySet<string> ReadableNamespaces { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether every Component may read the ConfigMaps of all namespaces.</summary>
    public bool ReadsEverywhere { get; init; }

    /// <summary>The kinds and fields that no output may read.</summary>
    public UnreadableKinds Unreadable { get; init; } = UnreadableKinds.Known;
}
