using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>Records what the handlers would do while the controllers run: for each Component the result of its last apply and of its deletion.</summary>
internal sealed class PlanNotes
{
    private readonly ConcurrentDictionary<(ObjectKey Key, string Uid, bool IsDeletion), IReadOnlyList<PlanLine>> notes = new();
    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<PlannedOutput>> outputs = new();

    /// <summary>Records the result of a call. One that finds nothing left to do changes nothing.</summary>
    public void Set(Component component, bool isDeletion, IReadOnlyList<PlanLine> lines) =>
        notes.AddOrUpdate(
            (ObjectKey.Of(component.Metadata), component.Metadata.Uid!, isDeletion),
            lines,
            (_, before) =>
                lines.All(l => l.Action == PlanAction.Leave) && before.Any(l => l.Action is not (PlanAction.Leave or PlanAction.Unknown)) ? before : lines);

    /// <summary>Records the outputs of the last call.</summary>
    public void SetOutputs(Component component, IReadOnlyList<PlannedOutput> known) => outputs[ObjectKey.Of(component.Metadata)] = known;

    /// <summary>The outputs of a Component by its name; none if no handler was called for it.</summary>
    public IReadOnlyList<PlannedOutput> OutputsOf(ObjectKey component) => outputs.GetValueOrDefault(component, []);

    /// <summary>
    /// The lines of a Component by its name: first the deletion of an earlier one with the name, then the rest. The actions of a Component that is deleted
    /// in the same plan are not shown.
    /// </summary>
    public IReadOnlyList<PlanLine> Of(ObjectKey component)
    {
        var own = notes.Where(n => n.Key.Key == component).ToList();
        var going = own.Where(n => n.Key.IsDeletion).Select(n => n.Key.Uid).ToHashSet(StringComparer.Ordinal);
        return [.. own.Where(n => n.Key.IsDeletion || !going.Contains(n.Key.Uid)).OrderByDescending(n => n.Key.IsDeletion).SelectMany(n => n.Value)];
    }
}
