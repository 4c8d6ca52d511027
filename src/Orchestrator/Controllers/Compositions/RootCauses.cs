using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// The failed entry at the root of each wait, so that the last entry of a long chain names it, too. Entries are added in dependency order. Pure.
/// </summary>
internal sealed class RootCauses
{
    private readonly Dictionary<string, string> causes = new(StringComparer.Ordinal);

    /// <summary>Adds an entry with its row.</summary>
    public void Note(GraphNode entry, CompositionRow row)
    {
        if ((row.Phase == Phase.Failed ? entry.Name : Of(entry)) is { } cause)
            causes[entry.Name] = cause;
    }

    /// <summary>The failed entry that this one waits for, directly or not; null if none failed.</summary>
    public string? Of(GraphNode entry) => entry.Needs.Select(need => causes.GetValueOrDefault(need)).FirstOrDefault(cause => cause is not null);
}
