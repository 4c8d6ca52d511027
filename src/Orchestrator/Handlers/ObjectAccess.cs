using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The account that a Component accesses Kubernetes objects with; its RBAC decides.</summary>
/// <param name="Store">The store as that account sees it.</param>
/// <param name="Own">The Component's namespace.</param>
/// <param name="Account">The account; null for the operator itself.</param>
internal sealed record ObjectAccess(IResourceStore Store, string Own, ServiceAccount? Account)
{
    /// <summary>The access of a Component whose config names this account, or none.</summary>
    public static ObjectAccess Of(IResourceStore store, string own, string? accountName, OperatorRights rights) =>
        (accountName ?? rights.DefaultServiceAccount) is { } name ? new(store.As(new(own, name)), own, new(own, name)) : OfOperator(store, own);

    /// <summary>The access of the operator itself.</summary>
    public static ObjectAccess OfOperator(IResourceStore store, string own) => new(store, own, null);

    /// <summary>Explains a refusal: who has to grant which right to whom; null if no right is missing.</summary>
    /// <param name="what">The object.</param>
    /// <param name="verbs">All verbs that the Component needs.</param>
    /// <param name="aggregation">The label of the ClusterRoles that grant such rights to the operator.</param>
    /// <param name="cancellation">Cancels the check.</param>
    public async Task<string?> Missing(ObjectId what, IReadOnlyList<string> verbs, string aggregation, CancellationToken cancellation)
    {
        try
        {
            var missing = await Store.MissingRights(what.Type, what.Key, verbs, cancellation);
            return missing.Verbs.Count > 0 ? Text(missing, what.Key.Namespace, aggregation) : null;
        }
        catch (ResourceException e) when (Account is not null && e.Error == ResourceError.Forbidden)
        {
            return $"the operator may not act as {Account}: give it the verb impersonate on serviceaccounts with resourceNames [{Account.Name}], "
                + $"by a Role in namespace \"{Own}\", as deploy/overlays/tenants does";
        }
        catch (ResourceException)
        {
            // The first refusal is the one to report.
            return null;
        }
    }

    private string Text(MissingRights missing, string? @namespace, string aggregation)
    {
        var (where, role) = @namespace is null ? ("", "ClusterRole") : ($" in namespace \"{@namespace}\"", "Role there");
        var may = $"may not {string.Join(", ", missing.Verbs)} {missing.Resource}{where}";
        return Account is not null
            ? $"{Account} {may}: bind it to a {role} that may"
            : $"the operator {may}: add a ClusterRole with these verbs and the label {Api.ApiGroup.Name}/{aggregation}: \"true\", or name a ServiceAccount "
                + "that may as serviceAccountName";
    }
}
