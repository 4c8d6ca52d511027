namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>A secret that the tenant must not reach.</summary>
/// <param name="Name">Its name.</param>
internal sealed record Victim(string Name)
{
    /// <summary>Its region.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Its account.</summary>
    public string Account { get; init; } = EscapeRule.OwnAccount;

    /// <summary>How it came to be.</summary>
    public Origin Origin { get; init; }
}

/// <summary>How a secret came to be.</summary>
internal enum Origin
{
    /// <summary>The neighbour's living Component made it.</summary>
    LivingComponent,

    /// <summary>The neighbour's Component made it, and was deleted with <c>deletionPolicy: Retain</c>.</summary>
    DeletedComponent,

    /// <summary>Somebody made it by hand.</summary>
    Hand,

    /// <summary>The neighbour's living Component made it, whose status is lost, in a region that a reference will bring which leads nowhere for now.</summary>
    NowhereForNow,

    /// <summary>The tenant's own Component made it, and the neighbour's took it over.</summary>
    TakenOver,

    /// <summary>The tenant's own Component made it and was deleted, and somebody scheduled it for deletion by hand.</summary>
    Scheduled,
}
