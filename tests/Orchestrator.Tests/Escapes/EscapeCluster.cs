namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>A cluster in which cells run.</summary>
/// <param name="RequiresPolicy">Whether the operator runs with <c>--require-policy</c>.</param>
/// <param name="Id">Its id, in which TENANT stands for the tenant's namespace; null for any id.</param>
/// <param name="DeniedAction">The action that AWS denies to everybody; null for none.</param>
internal sealed record EscapeCluster(bool RequiresPolicy, string? Id, string? DeniedAction)
{
    /// <summary>Whether its id contains the namespace of one world, so that no other world shares it.</summary>
    public bool IsOfOneWorld => Id?.Contains(Tenant, StringComparison.Ordinal) == true;

    private const string Tenant = "TENANT";

    /// <summary>Its id when the tenant has this namespace.</summary>
    public string? IdIn(string ns) => Id?.Replace(Tenant, ns, StringComparison.Ordinal);
}
