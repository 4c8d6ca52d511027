using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>
/// Progress for a log or a pipe: one line for each row that changed, <c>name phase message</c>, without times. Lines that depend on timing are left out: a
/// phase in progress is shown only if it lasts, and of a Composition only its final phases.
/// </summary>
internal sealed class ChangeLines(TextWriter writer) : IProgressView
{
    private readonly Dictionary<(ResourceType, ObjectKey), StatusRow> last = [];

    public void Changed(IReadOnlyList<StatusRow> rows)
    {
        Write(rows.Where(row => row.Phase is Phase.Ready or Phase.Failed or Phase.TerminationFailed));
        foreach (var gone in last.Keys.Except(rows.Select(r => r.Id)).ToList())
        {
            writer.WriteLine($"{last[gone].Name} deleted");
            last.Remove(gone);
        }
    }

    public void Waiting(IReadOnlyList<StatusRow> rows)
    {
        Changed(rows);
        Write(rows.Where(row => !row.IsComposition));
    }

    public Task Ended(IReadOnlyList<StatusRow> rows)
    {
        Changed(rows);
        Write(rows);
        return Task.CompletedTask;
    }

    public void Note(string line) => writer.WriteLine(line);

    private void Write(IEnumerable<StatusRow> rows)
    {
        foreach (var row in rows.Where(row => !row.HasSameStatusAs(last.GetValueOrDefault(row.Id))))
        {
            writer.WriteLine($"{row.Name} {row.Phase} {row.Message}".TrimEnd());
            last[row.Id] = row;
        }
    }
}

/// <summary>Progress of a deletion, one line for each event: what was deleted, and what could not be. Shows nothing of the steps before it.</summary>
internal sealed class DeletionLines(TextWriter writer) : IProgressView
{
    private IReadOnlyList<StatusRow> last = [];
    private bool isDeleting;

    public void Changed(IReadOnlyList<StatusRow> rows)
    {
        isDeleting |= rows.Any(row => row.Phase == Phase.Terminating);
        foreach (var gone in last.Where(before => !rows.Any(row => row.Id == before.Id)))
            writer.WriteLine($"{gone.Name} deleted");
        foreach (var failed in rows.Where(row => row.Phase == Phase.TerminationFailed && !last.Contains(row)))
            writer.WriteLine($"{failed.Name} {failed.Phase} {failed.Message}");
        last = rows;
    }

    public Task Ended(IReadOnlyList<StatusRow> rows)
    {
        Changed(rows);
        return Task.CompletedTask;
    }

    public void Note(string line)
    {
        if (isDeleting)
            writer.WriteLine(line);
    }
}
