using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// The failed entry that each wait comes down to, so that the last of a long chain names it, too. Each entry is noted after all that it needs. Pure.
/// </summary>
internal sealed class RootCauses
{
    private readonly Dictionary<string, string> causes = new(StringComparer.Ordinal);

    /// <summary>Notes what became of an entry.</summary>
    public void Note(GraphNode entry, CompositionRow row)
    {
        if ((row.Phase == Phase.Failed ? entry.Name : Of(entry)) is { } cause)
            causes[entry.Name] = cause;
    }

    /// <summary>The failed entry that this one waits for in the end; null where none failed.</summary>
    public string? Of(GraphNode entry) => entry.Needs.Select(need => causes.GetValueOrDefault(need)).FirstOrDefault(cause => cause is not null);
}
