namespace DeploymentOrchestrator.Handlers;

/// <summary>Who has to do what before a failed call can succeed; it decides the phase and the retry.</summary>
public enum FailureKind
{
    /// <summary>The spec has to change; found by our own validation. Phase Failed; no retry before an edit.</summary>
    InvalidConfig,

    /// <summary>Another owner holds the resource. Phase Failed; retried every 5 minutes.</summary>
    Conflict,

    /// <summary>
    /// A right or a quota is missing. Phase Failed; retried after 1 minute, doubling to an hour, so that granting the right heals it, and at once when the
    /// spec changes. A deletion is retried every 5 minutes.
    /// </summary>
    Denied,

    /// <summary>
    /// AWS, the API server or an admission webhook refuses a config that passed our validation, and may accept it later. Phase Failed; retried every 5
    /// minutes, so that no edit is needed, or like <see cref="Denied"/> if each retry generates values.
    /// </summary>
    Rejected,

    /// <summary>Passes without help. Phase Deploying (a Ready one stays Ready); retried after 1 s, doubling to 5 minutes.</summary>
    Transient,
}
