using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Progress of a deletion, one line for each thing that happened: what went, and what could not. Says nothing of what comes before it.</summary>
internal sealed class DeletionLines(TextWriter writer) : IProgressView
{
    private IReadOnlyList<StatusRow> last = [];
    private bool isDeleting;

    public bool IsRedrawn => false;

    public void Changed(IReadOnlyList<StatusRow> rows)
    {
        isDeleting |= rows.Any(row => row.Phase == Phase.Terminating);
        foreach (var gone in last.Where(before => !rows.Any(row => row.Id == before.Id)))
            writer.WriteLine($"{gone.Name} deleted");
        foreach (var failed in rows.Where(row => row.Phase == Phase.TerminationFailed && !last.Contains(row)))
            writer.WriteLine($"{failed.Name} {failed.Phase} {failed.Message}");
        last = rows;
    }

    public void Waiting(IReadOnlyList<StatusRow> rows) => Changed(rows);

    public Task Settled(IReadOnlyList<StatusRow> rows)
    {
        Changed(rows);
        return Task.CompletedTask;
    }

    public void Note(string line)
    {
        if (isDeleting)
            writer.WriteLine(line);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
