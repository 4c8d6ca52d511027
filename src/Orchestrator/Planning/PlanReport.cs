using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>
/// Combines the handlers' actions with the changes of the resources, in the order in which they would happen. In a cluster Components outlive the run, so
/// their own creation and changes are shown, too. Pure.
/// </summary>
/// <param name="seed">The state before; null without a cluster.</param>
/// <param name="compositions">The Compositions as they would be.</param>
/// <param name="after">The Components as they would be.</param>
/// <param name="notes">The handlers' results.</param>
/// <param name="ours">The handlers of the program.</param>
internal sealed class PlanReport(
    ClusterSeed? seed, IReadOnlyList<Composition> compositions, IReadOnlyList<Component> after, PlanNotes notes, IReadOnlyCollection<string> ours)
{
    private readonly IReadOnlyDictionary<ObjectKey, Component> before = seed?.Before ?? new Dictionary<ObjectKey, Component>();
    private readonly Dictionary<ObjectKey, Component> byKey = after.ToDictionary(c => ObjectKey.Of(c.Metadata));

    /// <summary>The plan for the resources of files: the resources themselves, then their Compositions, then standalone Components.</summary>
    public IReadOnlyList<PlanLine> Of(IEnumerable<(ResourceType Type, ObjectKey Key)> files)
    {
        var keys = files.ToLookup(f => f.Type, f => f.Key);
        return
        [
            .. seed?.Lines ?? [],
            .. compositions.Where(c => keys[ResourceType.Composition].Contains(ObjectKey.Of(c.Metadata)))
                .OrderBy(c => c.Metadata.Namespace, StringComparer.Ordinal).ThenBy(c => c.Metadata.Name, StringComparer.Ordinal).SelectMany(Of),
            .. Of(seed?.Affected ?? [.. keys[ResourceType.Component]]),
        ];
    }

    // A Composition's entries in dependency order, then the removed ones.
    private IEnumerable<PlanLine> Of(Composition composition)
    {
        var (ns, graph) = (composition.Metadata.Namespace, DesiredGraph.Of(composition, StandardHandlers.SchemaOf));
        var rows = NextStep.Of(composition, after).Rows.ToDictionary(r => r.Component, StringComparer.Ordinal);
        var (notReady, late) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var entry in graph.Order)
        {
            var key = new ObjectKey(ns, entry.Child);
            var unknown = entry.Needs.Where(notReady.Contains).ToList();
            if (unknown.Count > 0 || byKey.GetValueOrDefault(key)?.IsReady() != true)
                notReady.Add(entry.Name);
            var waits = unknown.Count > 0 && unknown.TrueForAll(late.Contains);
            if (waits || notes.OutputsOf(key).Any(o => !o.IsKnown))
                late.Add(entry.Name);
            foreach (var line in Lines(key, entry.Entry.Type, unknown, rows.GetValueOrDefault(key.Name), waits))
                yield return After(line, entry.Needs);
        }

        var left = before.Values.Where(c => c.Metadata.Controller()?.Uid == composition.Metadata.Uid && c.Metadata.Namespace == ns
            && graph.OfChild(c.Metadata.Name) is null);
        foreach (var line in left.Reverse().SelectMany(Lines))
            yield return line;
    }

    // Standalone Components, each after its dependencies.
    private IEnumerable<PlanLine> Of(IReadOnlyCollection<ObjectKey> components)
    {
        var late = new HashSet<ObjectKey>();
        var scopes = after.GroupBy(c => c.Metadata.Namespace ?? "", StringComparer.Ordinal)
            .ToDictionary(all => all.Key, all => new StandaloneScope(all), StringComparer.Ordinal);
        foreach (var component in DeletionOrder.Of(after.Where(c => components.Contains(ObjectKey.Of(c.Metadata))), StandardHandlers.SchemaOf).Reverse())
        {
            var key = ObjectKey.Of(component.Metadata);
            var open = scopes[key.Namespace ?? ""].NeedsOf(component, StandardHandlers.SchemaOf).Where(need => !need.IsReady()).ToList();
            var waits = open.Count > 0 && open.TrueForAll(need => late.Contains(ObjectKey.Of(need.Metadata)));
            if (waits || notes.OutputsOf(key).Any(o => !o.IsKnown))
                late.Add(key);
            foreach (var line in Lines(key, component.Spec.Handler, [], null, waits))
                yield return line;
        }
    }

    private IEnumerable<PlanLine> Lines(Component component) => Lines(ObjectKey.Of(component.Metadata), component.Spec.Handler, [], null, waits: false);

    private List<PlanLine> Lines(ObjectKey key, string handler, List<string> unknown, CompositionRow? row, bool waits)
    {
        var lines = WithoutOutputs(key, handler, unknown, row, waits).ToList();
        if (lines.Count > 0 && byKey.ContainsKey(key))
            lines[^1] = lines[^1] with { Outputs = notes.OutputsOf(key) };
        return lines;
    }

    // Waiting for later outputs is normal; whether any other wait ends is unknown.
    private IEnumerable<PlanLine> WithoutOutputs(ObjectKey key, string handler, List<string> unknown, CompositionRow? row, bool waits)
    {
        var open = waits ? PlanAction.Wait : PlanAction.Unknown;
        var (was, becomes) = (before.GetValueOrDefault(key), byKey.GetValueOrDefault(key));
        PlanLine Line(string action, string reason) => new(key, handler, action, "Component", reason);
        var noted = notes.Of(key);
        var own = new List<PlanLine>();
        if (becomes is null && was is null)
            return [Line(row?.Phase == Phase.Failed ? PlanAction.Fail : open, row?.Message is { Length: > 0 } why
                ? why : "it is not known when it would be created")];
        if (becomes?.Metadata.IsPaused == true)
            return [Line(PlanAction.Leave, $"it is paused by the annotation {ApiGroup.PausedAnnotation}")];
        if (seed is not null)
            own.AddRange(OfItself(was, becomes, Line));
        var isForeign = !ours.Contains(handler);
        if (unknown.Count > 0 && was is not null && becomes is not null)
            own.Add(Line(open, $"it may change once {string.Join(", ", unknown)} is Ready, whose outputs are not known yet"));
        else if (becomes?.Status is { Phase: Phase.Pending or Phase.Failed, Message: { Length: > 0 } message } && noted.Count == 0 && !isForeign)
            own.Add(Line(becomes.Status.Phase == Phase.Failed ? PlanAction.Fail : open, message));
        if (own.Count + noted.Count > 0)
            return [.. own, .. noted];
        return seed is not null ? [Line(PlanAction.Leave, "nothing about it changes")]
            : [Line(PlanAction.Create, isForeign
                ? $"the handler {handler} is not part of dorch and runs elsewhere" : becomes!.Status?.Message ?? "it does not exist")];
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
                : [line(PlanAction.Update, "its Composition adopts it: it has no owner, or an earlier Composition of the same name")],
            .. changes.Count == 0 ? (PlanLine[])[] : [line(PlanAction.Update, "its spec changes") with { Changes = changes }],
        ];
    }

    private static PlanLine After(PlanLine line, IReadOnlyList<string> needs) =>
        needs.Count > 0 && line.Action is PlanAction.Create or PlanAction.Update
            ? line with { Reason = $"{line.Reason}; after {string.Join(", ", needs)}" } : line;
}
