namespace DeploymentOrchestrator.Handlers;

/// <summary>Who has to do what before a failed call can succeed; it decides the phase and the next try.</summary>
public enum FailureKind
{
    /// <summary>The spec has to change: we checked it ourselves. Phase Failed; no try before it does.</summary>
    InvalidConfig,

    /// <summary>Somebody else holds what is wanted. Phase Failed; tried every 5 minutes.</summary>
    Conflict,

    /// <summary>
    /// A right or a quota is missing. Phase Failed; tried after 1 minute, doubling to an hour, so granting the right heals it, and at once when the spec
    /// changes. A deletion is tried every 5 minutes.
    /// </summary>
    Denied,

    /// <summary>
    /// AWS, the API server or an admission webhook refuses what we found valid. What it refuses today it may take tomorrow: phase Failed; tried every 5
    /// minutes, so no edit is needed; where each try generates values, as after <see cref="Denied"/>.
    /// </summary>
    Rejected,

    /// <summary>It passes without anybody's help. Phase Deploying (a Ready one stays Ready); tried after 1 s, doubling to 5 minutes.</summary>
    Transient,
}
