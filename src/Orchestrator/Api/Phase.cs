namespace DeploymentOrchestrator.Api;

/// <summary>Phases of a Component and of a Composition: Pending → Claimed → Deploying → Ready | Failed; Terminating → gone | TerminationFailed.</summary>
public static class Phase
{
    /// <summary>Waiting for its dependencies, or for its handler.</summary>
    public const string Pending = "Pending";

    /// <summary>A handler has set its finalizer.</summary>
    public const string Claimed = "Claimed";

    /// <summary>The handler works, or retries after a transient failure.</summary>
    public const string Deploying = "Deploying";

    /// <summary>The spec of <c>observedGeneration</c> is applied, and the outputs are set.</summary>
    public const string Ready = "Ready";

    /// <summary>A user has to change something; the message says what.</summary>
    public const string Failed = "Failed";

    /// <summary>Being deleted.</summary>
    public const string Terminating = "Terminating";

    /// <summary>The deletion was refused or timed out; it is retried every 5 minutes.</summary>
    public const string TerminationFailed = "TerminationFailed";
}
