using DeploymentOrchestrator.Kubernetes;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>Whether the process does what it is there for.</summary>
internal sealed class OperatorHealth(LeaderElection election, LeaderWork work)
{
    /// <summary>Ready, and in words. A replica that does not lead is ready when it sees who does: it would take over.</summary>
    public (bool IsReady, string Text) Readiness => (election.IsLeading, election.Leader, work.Controllers) switch
    {
        (true, _, { Synced.IsCompletedSuccessfully: true }) => (true, "leads, and has seen everything there is"),
        (true, _, _) => (false, "leads, and has not seen everything there is yet"),
        (false, { Length: > 0 } leader, _) when election.HasLooked => (true, $"stands by; {leader} leads"),
        _ => (false, "nobody is known to lead: the Lease was not read yet, or not for a while, or nobody holds it"),
    };
}
