using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>As whom a Component applies, and where it may: the cluster's RBAC decides beside it.</summary>
/// <param name="Store">The store as that account sees it.</param>
/// <param name="Own">The Component's namespace.</param>
/// <param name="Account">The account; null for the process itself.</param>
/// <param name="IsEverywhere">Whether it may leave the Component's namespace.</param>
internal sealed record ApplyScope(IResourceStore Store, string Own, ServiceAccount? Account, bool IsEverywhere)
{
    private const string Aggregation = "aggregate-to-manifests";

    /// <summary>Every verb that a kind needs: objects are looked at, followed, applied (create is for what is not there yet) and pruned.</summary>
    private static readonly string[] Verbs = ["get", "list", "watch", "create", "patch", "delete"];

    /// <summary>The reach of a Component that names this account, or none.</summary>
    public static ApplyScope Of(IResourceStore store, string own, string? accountName, OperatorRights rights)
    {
        var access = ObjectAccess.Of(store, own, accountName, rights);
        return new(access.Store, own, access.Account, access.Account is not null || rights.AppliesEverywhere);
    }

    /// <summary>Whether the object lies where the Component may apply.</summary>
    public bool Has(InventoryEntry entry) => IsEverywhere || entry.Key.Namespace == Own;

    /// <summary>Why an object that is out of reach is refused, with the way out.</summary>
    public string Outside(InventoryEntry entry) => entry.Key.Namespace is { } other
        ? $"\"{other}\" is not this Component's namespace \"{Own}\": name a ServiceAccount of \"{Own}\" that may write there as serviceAccountName, "
            + $"or put the Composition into \"{other}\""
        : $"a {entry.Type.Kind} is cluster-scoped, and the operator applies in this Component's \"{Own}\" only: name a ServiceAccount of \"{Own}\" that may "
            + $"write it as serviceAccountName, or have the operator run with --manifest-scope cluster";

    /// <summary>What a refusal for want of a right means, and who has to give which right to whom.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="entry">The object.</param>
    /// <param name="doing">What was tried, such as <c>apply</c>.</param>
    /// <param name="cancellation">Ends the question.</param>
    public async Task<string> Explain(ResourceException failure, InventoryEntry entry, string doing, CancellationToken cancellation)
    {
        if (await new ObjectAccess(Store, Own, Account).Missing(entry.Id, Verbs, Aggregation, cancellation) is { } missing)
            return missing;

        // A quota, an admission rule, a terminating namespace.
        return $"may not {doing} {entry}{(Account is null ? "" : $" as {Account}")}: {ForeignText.Clean(failure.Message)}";
    }
}
