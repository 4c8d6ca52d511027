namespace DeploymentOrchestrator.Handlers;

/// <summary>What Components may do by the rights of the process that works on them. The cluster's own RBAC decides beside it.</summary>
internal sealed record OperatorRights
{
    /// <summary>No limits: for the embedded store, where there are no users.</summary>
    public static readonly OperatorRights Everything = new() { AppliesEverywhere = true, ReadsEverywhere = true };

    /// <summary>
    /// The ServiceAccount, of a Component's own namespace, that manifests without <c>serviceAccountName</c> are applied as; null for the process itself.
    /// </summary>
    public string? DefaultServiceAccount { get; init; }

    /// <summary>Whether the process applies manifests outside a Component's own namespace, cluster-scoped ones too.</summary>
    public bool AppliesEverywhere { get; init; }

    /// <summary>Namespaces whose ConfigMaps every Component may read, beside those of its own.</summary>
    public IReadOnlySet<string> ReadableNamespaces { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether every Component may read the ConfigMaps of all namespaces.</summary>
    public bool ReadsEverywhere { get; init; }

    /// <summary>What no output may take its value from.</summary>
    public UnreadableKinds Unreadable { get; init; } = UnreadableKinds.Known;
}
