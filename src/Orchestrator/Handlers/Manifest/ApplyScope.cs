using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The account that a Component applies with, and the namespaces where it may apply. The cluster's RBAC decides as well.</summary>
/// <param name="Store">The store as that account sees it.</param>
/// <param name="Own">The Component's namespace.</param>
/// <param name="Account">The account; null for the operator itself.</param>
/// <param name="IsEverywhere">Whether it may apply outside the Component's namespace.</param>
internal sealed record ApplyScope(IResourceStore Store, string Own, ServiceAccount? Account, bool IsEverywhere)
{
    private const string Aggregation = "aggregate-to-manifests";

    /// <summary>All verbs that a kind needs: objects are read, watched, applied (create is for new ones) and pruned.</summary>
    private static readonly string[] Verbs = ["get", "list", "watch", "create", "patch", "delete"];

    /// <summary>The scope of a Component that names this account, or none.</summary>
    public static ApplyScope Of(IResourceStore store, string own, string? accountName, OperatorRights rights)
    {
        var access = ObjectAccess.Of(store, own, accountName, rights);
        return new(access.Store, own, access.Account, access.Account is not null || rights.AppliesEverywhere);
    }

    /// <summary>Whether the Component may apply in the object's namespace.</summary>
    public bool Has(InventoryEntry entry) => IsEverywhere || entry.Key.Namespace == Own;

    /// <summary>Why an object outside the scope is refused, with what to do.</summary>
    public string Outside(InventoryEntry entry) => entry.Key.Namespace is { } other
        ? $"\"{other}\" is not this Component's namespace \"{Own}\": name a ServiceAccount of \"{Own}\" that may write there as serviceAccountName, "
            + $"or put the Composition into \"{other}\""
        : $"a {entry.Type.Kind} is cluster-scoped, and the operator applies in this Component's \"{Own}\" only: name a ServiceAccount of \"{Own}\" that may "
            + $"write it as serviceAccountName, or have the operator run with --manifest-scope cluster";

    /// <summary>Explains a missing right: who has to grant which right to whom.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="entry">The object.</param>
    /// <param name="doing">The action that failed, such as <c>apply</c>.</param>
    /// <param name="cancellation">Cancels the check.</param>
    public async Task<string> Explain(ResourceException failure, InventoryEntry entry, string doing, CancellationToken cancellation)
    {
        if (await new ObjectAccess(Store, Own, Account).Missing(entry.Id, Verbs, Aggregation, cancellation) is { } missing)
            return missing;

        // A quota, an admission rule, a terminating namespace.
        return $"may not {doing} {entry}{(Account is null ? "" : $" as {Account}")}: {ForeignText.Clean(failure.Message)}";
    }
}
