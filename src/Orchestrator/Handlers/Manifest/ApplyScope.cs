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
    /// <summary>Every verb that a kind needs: objects are looked at, followed, applied (create is for what is not there yet) and pruned.</summary>
    private static readonly string[] Verbs = ["get", "list", "watch", "create", "patch", "delete"];

    /// <summary>The reach of a Component that names this account, or none.</summary>
    public static ApplyScope Of(IResourceStore store, string own, string? accountName, OperatorRights rights) =>
        (accountName ?? rights.DefaultServiceAccount) is { } name
            ? new(store.As(new(own, name)), own, new(own, name), IsEverywhere: true)
            : new(store, own, null, rights.AppliesEverywhere);

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
        try
        {
            var missing = await Store.MissingRights(entry.Type, entry.Key, Verbs, cancellation);
            if (missing.Verbs.Count > 0)
                return Missing(missing, entry);
        }
        catch (ResourceException e) when (Account is not null && e.Error == ResourceError.Forbidden)
        {
            return $"the operator may not act as {Account}: give it the verb impersonate on serviceaccounts with resourceNames [{Account.Name}], "
                + $"by a Role in namespace \"{Own}\", as deploy/overlays/tenants does";
        }
        catch (ResourceException)
        {
            // The first refusal is the one to report.
        }

        // A quota, an admission rule, a terminating namespace.
        return $"may not {doing} {entry}{(Account is null ? "" : $" as {Account}")}: {ForeignText.Clean(failure.Message)}";
    }

    private string Missing(MissingRights missing, InventoryEntry entry)
    {
        var (where, role) = entry.Key.Namespace is { } @namespace ? ($" in namespace \"{@namespace}\"", "Role there") : ("", "ClusterRole");
        var may = $"may not {string.Join(", ", missing.Verbs)} {missing.Resource}{where}";
        return Account is not null
            ? $"{Account} {may}: bind it to a {role} that may"
            : $"the operator {may}: add a ClusterRole with these verbs and the label {AggregationLabel}: \"true\", or name a ServiceAccount that may as "
                + $"serviceAccountName";
    }

    private const string AggregationLabel = $"{Api.ApiGroup.Name}/aggregate-to-manifests";
}
