namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>A secret that the tenant must not reach.</summary>
/// <param name="Name">Its name.</param>
internal sealed record Victim(string Name)
{
    /// <summary>Its region.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Its account.</summary>
    public string Account { get; init; } = EscapeRule.OwnAccount;

    /// <summary>Its origin.</summary>
    public Origin Origin { get; init; }
}

/// <summary>The origin of a secret.</summary>
internal enum Origin
{
    /// <summary>The neighbour's existing Component created it.</summary>
    LivingComponent,

    /// <summary>The neighbour's Component created it, and was deleted with <c>deletionPolicy: Retain</c>.</summary>
    DeletedComponent,

    /// <summary>A user created it by hand.</summary>
    Hand,

    /// <summary>The neighbour's existing Component created it and lost its status. Its region comes from a reference that cannot be resolved for
    /// now.</summary>
    NowhereForNow,

    /// <summary>The tenant's own Component created it, and the neighbour's took it over.</summary>
    TakenOver,

    /// <summary>The tenant's own Component created it and was deleted, and a user scheduled the secret for deletion by hand.</summary>
    Scheduled,
}
