namespace DeploymentOrchestrator.Api;

/// <summary>Phases of a Component and of a Composition: Pending → Claimed → Deploying → Ready | Failed; Terminating → gone | TerminationFailed.</summary>
public static class Phase
{
    /// <summary>Seen, and waiting for what it depends on or for its handler.</summary>
    public const string Pending = "Pending";

    /// <summary>A handler has put its finalizer on it.</summary>
    public const string Claimed = "Claimed";

    /// <summary>The handler is at work, or tries again after a passing failure.</summary>
    public const string Deploying = "Deploying";

    /// <summary>The spec of <c>observedGeneration</c> is in force and the outputs are there.</summary>
    public const string Ready = "Ready";

    /// <summary>Somebody has to change something; the message says what.</summary>
    public const string Failed = "Failed";

    /// <summary>Being deleted.</summary>
    public const string Terminating = "Terminating";

    /// <summary>The deletion is over its time or refused; it is still tried every 5 minutes.</summary>
    public const string TerminationFailed = "TerminationFailed";
}
