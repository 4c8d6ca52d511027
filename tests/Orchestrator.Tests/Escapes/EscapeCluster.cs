namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>A cluster in which cells are played.</summary>
/// <param name="RequiresPolicy">Whether the operator runs with <c>--require-policy</c>.</param>
/// <param name="Id">Its id, in which TENANT stands for the tenant's namespace; null for whichever it has.</param>
/// <param name="DeniedAction">What AWS denies to everybody; null where it does nothing such.</param>
internal sealed record EscapeCluster(bool RequiresPolicy, string? Id, string? DeniedAction)
{
    /// <summary>Whether its id tells the namespace of one world, so that no other shares it.</summary>
    public bool IsOfOneWorld => Id?.Contains(Tenant, StringComparison.Ordinal) == true;

    private const string Tenant = "TENANT";

    /// <summary>Its id where the tenant has this namespace.</summary>
    public string? IdIn(string ns) => Id?.Replace(Tenant, ns, StringComparison.Ordinal);
}
