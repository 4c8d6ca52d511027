namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Whether a config lists an object.</summary>
internal enum Listing
{
    /// <summary>It does not.</summary>
    No,

    /// <summary>It may: a reference in it cannot be resolved yet.</summary>
    Maybe,

    /// <summary>It does.</summary>
    Yes,
}
