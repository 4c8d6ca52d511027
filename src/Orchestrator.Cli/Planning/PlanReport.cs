using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Planning;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>
/// Puts together what the handlers noted and how the resources would differ, in the order in which it would happen. In a cluster Components outlive the run:
/// then their own creation and change are shown, too. Pure.
/// </summary>
internal sealed class PlanReport(
    IReadOnlyDictionary<ObjectKey, Component> before, RunEnd after, PlanNotes notes, bool isCluster, IReadOnlyCollection<string> ours)
{
    private readonly Dictionary<ObjectKey, Component> byKey = after.Components.ToDictionary(c => ObjectKey.Of(c.Metadata));

    /// <summary>A Composition's entries in the order of their dependencies, then what left it.</summary>
    public IEnumerable<PlanLine> Of(Composition composition)
    {
        var (ns, graph) = (composition.Metadata.Namespace, DesiredGraph.Of(composition, StandardHandlers.SchemaOf));
        var rows = PlanningControllers.Decide(composition, after.Components).Rows.ToDictionary(r => r.Component, StringComparer.Ordinal);
        var notReady = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in graph.Order)
        {
            var key = new ObjectKey(ns, entry.Child);
            var unknown = entry.Needs.Where(notReady.Contains).ToList();
            if (unknown.Count > 0 || byKey.GetValueOrDefault(key)?.IsReady() != true)
                notReady.Add(entry.Name);
            foreach (var line in Lines(key, entry.Entry.Type, unknown, rows.GetValueOrDefault(key.Name)))
                yield return After(line, entry.Needs);
        }

        var left = before.Values.Where(c => c.Metadata.Controller()?.Uid == composition.Metadata.Uid && c.Metadata.Namespace == ns
            && graph.OfChild(c.Metadata.Name) is null);
        foreach (var line in left.Reverse().SelectMany(Lines))
            yield return line;
    }

    /// <summary>Components of their own, each after those that it needs.</summary>
    public IEnumerable<PlanLine> Of(IReadOnlyCollection<ObjectKey> components) =>
        DeletionOrder.Of(after.Components.Where(c => components.Contains(ObjectKey.Of(c.Metadata))), StandardHandlers.SchemaOf)
            .Reverse().SelectMany(Lines);

    private IEnumerable<PlanLine> Lines(Component component) => Lines(ObjectKey.Of(component.Metadata), component.Spec.Handler, [], null);

    private IEnumerable<PlanLine> Lines(ObjectKey key, string handler, List<string> unknown, CompositionRow? row)
    {
        var (was, becomes) = (before.GetValueOrDefault(key), byKey.GetValueOrDefault(key));
        PlanLine Line(string action, string reason) => new(key, handler, action, "Component", reason);
        var noted = notes.Of(key);
        var own = new List<PlanLine>();
        if (becomes is null && was is null)
            return [Line(row?.Phase == Phase.Failed ? PlanAction.Fail : PlanAction.Unknown, row?.Message is { Length: > 0 } why
                ? why : "it is not known when it would be made")];
        if (becomes?.Metadata.Annotation(ApiGroup.PausedAnnotation) == "true")
            return [Line(PlanAction.Leave, $"it is paused by the annotation {ApiGroup.PausedAnnotation}")];
        if (isCluster)
            own.AddRange(OfItself(was, becomes, Line));
        var isForeign = !ours.Contains(handler);
        if (unknown.Count > 0 && was is not null && becomes is not null)
            own.Add(Line(PlanAction.Unknown, $"it may change once {string.Join(", ", unknown)} is Ready, whose outputs are not known yet"));
        else if (becomes?.Status is { Phase: Phase.Pending or Phase.Failed, Message: { Length: > 0 } message } && noted.Count == 0 && !isForeign)
            own.Add(Line(becomes.Status.Phase == Phase.Failed ? PlanAction.Fail : PlanAction.Unknown, message));
        if (own.Count + noted.Count > 0)
            return [.. own, .. noted];
        return isCluster ? [Line(PlanAction.Leave, "nothing about it changes")]
            : [Line(PlanAction.Create, isForeign
                ? $"the handler {handler} is not in dorch: somebody else's makes it" : becomes!.Status?.Message ?? "it does not exist")];
    }

    private static IEnumerable<PlanLine> OfItself(Component? was, Component? becomes, Func<string, string, PlanLine> line)
    {
        if (was is null)
            return [line(PlanAction.Create, "it does not exist")];
        if (becomes is null || (becomes.Metadata.IsTerminating && !was.Metadata.IsTerminating))
            return [line(PlanAction.Delete, "it is no longer in the Composition")];
        if (was.Metadata.Uid != becomes.Metadata.Uid)
        {
            var why = was.Metadata.IsTerminating ? "it is being deleted" : $"its handler changes from {was.Spec.Handler} to {becomes.Spec.Handler}";
            return
            [
                line(PlanAction.Delete, why) with { Handler = was.Spec.Handler },
                line(PlanAction.Create, "it takes the place of the deleted one"),
            ];
        }

        var changes = JsonChanges.Of(
            ApiJson.ToJson(was.Spec, ApiJson.Default.ComponentSpec), ApiJson.ToJson(becomes.Spec, ApiJson.Default.ComponentSpec), "spec");
        return
        [
            .. was.Metadata.Controller()?.Uid == becomes.Metadata.Controller()?.Uid ? (PlanLine[])[]
                : [line(PlanAction.Update, "its Composition takes it back: it has no owner, or an earlier Composition of the same name")],
            .. changes.Count == 0 ? (PlanLine[])[] : [line(PlanAction.Update, "its spec changes") with { Changes = changes }],
        ];
    }

    private static PlanLine After(PlanLine line, IReadOnlyList<string> needs) =>
        needs.Count > 0 && line.Action is PlanAction.Create or PlanAction.Update
            ? line with { Reason = $"{line.Reason}; after {string.Join(", ", needs)}" } : line;
}
