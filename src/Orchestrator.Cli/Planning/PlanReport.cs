using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>Puts together what the handlers noted and how the resources would differ, in the order in which it would happen. Pure.</summary>
/// <param name="before">The Components as they are; empty where there is no cluster.</param>
/// <param name="after">How things would be.</param>
/// <param name="notes">What the handlers noted.</param>
/// <param name="isCluster">Whether Components outlive the run: then their own creation and change are shown, too.</param>
/// <param name="ours">The handlers of this program.</param>
internal sealed class PlanReport(
    IReadOnlyDictionary<ObjectKey, Component> before, PlannedState after, PlanNotes notes, bool isCluster, IReadOnlyCollection<string> ours)
{
    private const string Itself = "Component";

    private readonly Dictionary<ObjectKey, Component> byKey = after.Components.ToDictionary(c => ObjectKey.Of(c.Metadata));

    /// <summary>A Composition's entries in the order of their dependencies, then what left it.</summary>
    public IEnumerable<PlanLine> Of(Composition composition)
    {
        var planned = after.Compositions.First(c => ObjectKey.Of(c.Metadata) == ObjectKey.Of(composition.Metadata));
        var (ns, graph) = (planned.Metadata.Namespace, DesiredGraph.Of(planned, StandardHandlers.SchemaOf));
        var rows = PlanningControllers.Decide(planned, after.Components).Rows.ToDictionary(r => r.Component, StringComparer.Ordinal);
        var unsettled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in graph.Order)
        {
            var key = new ObjectKey(ns, entry.Child);
            var unknown = entry.Needs.Where(unsettled.Contains).ToList();
            if (unknown.Count > 0 || byKey.GetValueOrDefault(key)?.IsReady() != true)
                unsettled.Add(entry.Name);
            foreach (var line in Lines(key, entry.Entry.Type, unknown, rows.GetValueOrDefault(key.Name)))
                yield return After(line, entry.Needs);
        }

        foreach (var child in before.Values.Where(c => c.Metadata.Controller()?.Uid == planned.Metadata.Uid && c.Metadata.Namespace == ns
            && graph.OfChild(c.Metadata.Name) is null).Reverse())
        {
            foreach (var line in Lines(ObjectKey.Of(child.Metadata), child.Spec.Handler, [], null))
                yield return line;
        }
    }

    /// <summary>Components of their own, each after those that it needs.</summary>
    public IEnumerable<PlanLine> Of(IReadOnlyCollection<ObjectKey> components)
    {
        var own = after.Components.Where(c => components.Contains(ObjectKey.Of(c.Metadata)));
        foreach (var component in DeletionOrder.Of(own).Reverse())
        {
            foreach (var line in Lines(ObjectKey.Of(component.Metadata), component.Spec.Handler, [], null))
                yield return line;
        }
    }

    private IEnumerable<PlanLine> Lines(ObjectKey key, string handler, List<string> unknown, CompositionRow? row)
    {
        var (was, becomes) = (before.GetValueOrDefault(key), byKey.GetValueOrDefault(key));
        PlanLine Line(string action, string reason) => new(key, handler, action, Itself, reason);
        var noted = notes.Of(key);
        var own = new List<PlanLine>();
        if (becomes is null && was is null)
            return [Line(row?.Phase == Phase.Failed ? PlanAction.Fail : PlanAction.Unknown, row?.Message is { Length: > 0 } why
                ? why : "it is not known when it would be made")];
        if (becomes?.Metadata.Annotation(ApiGroup.PausedAnnotation) == "true")
            return [Line(PlanAction.Leave, $"it is paused by the annotation {ApiGroup.PausedAnnotation}")];
        if (isCluster)
            own.AddRange(Itselves(was, becomes, Line));

        var isForeign = !ours.Contains(handler);
        if (unknown.Count > 0 && was is not null && becomes is not null)
            own.Add(Line(PlanAction.Unknown, $"it may change once {string.Join(", ", unknown)} is Ready, whose outputs are not known yet"));
        else if (becomes?.Status is { Phase: Phase.Pending or Phase.Failed, Message: { Length: > 0 } message } && noted.Count == 0 && !isForeign)
            own.Add(Line(becomes.Status.Phase == Phase.Failed ? PlanAction.Fail : PlanAction.Unknown, message));
        if (own.Count + noted.Count > 0)
            return [.. own, .. noted];
        if (isCluster)
            return [Line(PlanAction.Leave, "nothing about it changes")];
        return [Line(PlanAction.Create, isForeign ? $"the handler {handler} is not in dorch: somebody else's makes it" : becomes!.Status?.Message
            ?? "it does not exist")];
    }

    private static IEnumerable<PlanLine> Itselves(Component? was, Component? becomes, Func<string, string, PlanLine> line)
    {
        if (was is null)
        {
            yield return line(PlanAction.Create, "it does not exist");
        }
        else if (becomes is null || (becomes.Metadata.IsTerminating && !was.Metadata.IsTerminating))
        {
            yield return line(PlanAction.Delete, "it is no longer in the Composition");
        }
        else if (was.Metadata.Uid != becomes.Metadata.Uid)
        {
            yield return line(PlanAction.Delete, was.Metadata.IsTerminating
                ? "it is being deleted" : $"its handler changes from {was.Spec.Handler} to {becomes.Spec.Handler}") with
            {
                Handler = was.Spec.Handler,
            };
            yield return line(PlanAction.Create, "it takes the place of the deleted one");
        }
        else
        {
            if (was.Metadata.Controller()?.Uid != becomes.Metadata.Controller()?.Uid)
                yield return line(PlanAction.Update, "its Composition takes it back: it has no owner, or an earlier Composition of the same name");
            if (Changes(was, becomes) is { Count: > 0 } changes)
                yield return line(PlanAction.Update, "its spec changes") with { Changes = changes };
        }
    }

    private static IReadOnlyList<string> Changes(Component was, Component becomes) => JsonChanges.Of(
        ApiJson.ToJson(was.Spec, ApiJson.Default.ComponentSpec), ApiJson.ToJson(becomes.Spec, ApiJson.Default.ComponentSpec), "spec");

    private static PlanLine After(PlanLine line, IReadOnlyList<string> needs) =>
        needs.Count > 0 && line.Action is PlanAction.Create or PlanAction.Update
            ? line with { Reason = $"{line.Reason}; after {string.Join(", ", needs)}" } : line;
}
