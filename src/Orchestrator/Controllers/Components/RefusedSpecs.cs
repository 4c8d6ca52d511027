using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// The Components refused for their own spec. However often they are reconciled, they are not read and validated again until they change. A restart loses
/// this.
/// </summary>
internal sealed class RefusedSpecs
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = new();

    /// <summary>Records a refusal.</summary>
    /// <param name="component">The Component with the status that reports the refusal.</param>
    /// <param name="claim">Its claim.</param>
    /// <param name="history">The cache's history: generations compare within one.</param>
    public void Note(Component component, Claim claim, int history) => entries[ObjectKey.Of(component.Metadata)] = Entry.Of(component, claim, history);

    /// <summary>Whether the Component is unchanged since its refusal, including its status.</summary>
    public bool Has(Component component, Claim claim, int history) =>
        entries.TryGetValue(ObjectKey.Of(component.Metadata), out var known)
        && known with { Status = null } == Entry.Of(component, claim, history) with { Status = null }
        && ComponentSession.Same(known.Status, component.Status);

    /// <summary>The Component is deleted, or claimed by another handler.</summary>
    public void Forget(ObjectKey key) => entries.TryRemove(key, out _);

    private sealed record Entry(
        string? Uid, long? Generation, bool IsTerminating, bool IsStandalone, Claim Claim, int History, ComponentStatus? Status)
    {
        public static Entry Of(Component component, Claim claim, int history) => new(
            component.Metadata.Uid, component.Metadata.Generation, component.Metadata.IsTerminating, StandaloneScope.IsStandalone(component), claim, history,
            component.Status);
    }
}
