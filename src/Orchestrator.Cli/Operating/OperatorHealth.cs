using DeploymentOrchestrator.Kubernetes;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>Whether the process is ready.</summary>
internal sealed class OperatorHealth(LeaderElection election, LeaderWork work)
{
    /// <summary>Whether it is ready, and why. A standby replica is ready once it knows the leader.</summary>
    public (bool IsReady, string Text) Readiness => (election.IsLeading, election.Leader, work.Controllers) switch
    {
        (true, _, { Synced.IsCompletedSuccessfully: true }) => (true, "leading; the caches are in sync"),
        (true, _, _) => (false, "leading; the caches are not in sync yet"),
        (false, { Length: > 0 } leader, _) when election.HasLooked => (true, $"standing by; {leader} leads"),
        _ => (false, "no known leader: the Lease was not read recently, or nobody holds it"),
    };
}
