using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// Reconciles Compositions: <see cref="CompositionDecision"/> decides, <see cref="PlanExecutor"/> executes, and the status reports the children.
/// </summary>
internal sealed class CompositionController
{
    /// <summary>The least time between two writes of a Composition's status: children change in bursts.</summary>
    public static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    private readonly ResourceClient<Composition> client;
    private readonly Informer<Composition> compositions;
    private readonly Informer<Component> components;
    private readonly HandlerRegistry handlers;
    private readonly WorkQueue queue;
    private readonly TimeProvider time;
    private readonly StatusThrottle throttle;
    private readonly ChildrenIndex index;
    private readonly PlanExecutor executor;
    private readonly ConcurrentDictionary<ObjectKey, ReadSpec> specs = new();
    private readonly FairLock large = new();

    /// <summary>Creates a controller that adds the keys to reconcile to <paramref name="queue"/>.</summary>
    public CompositionController(
        IResourceStore store,
        Informer<Composition> compositions,
        Informer<Component> components,
        HandlerRegistry handlers,
        WorkQueue queue,
        TimeProvider time)
    {
        client = new(store, ResourceType.Composition, ApiJson.Default.Composition);
        (this.compositions, this.components, this.handlers, this.queue, this.time) = (compositions, components, handlers, queue, time);
        throttle = new(time, StatusInterval);
        index = new(time);
        executor = new(new(store, ResourceType.Component, ApiJson.Default.Component), components, queue, time);
    }

    /// <summary>Enqueues a changed Composition.</summary>
    public void OnChanged(ResourceChange<Composition> change) => queue.Add(change.Key);

    /// <summary>Enqueues the Composition of a changed child, and the Compositions that wait for its name.</summary>
    public void OnChildChanged(ResourceChange<Component> change)
    {
        foreach (var composition in index.Take(change))
            queue.Add(composition);

        // A name in use is free again.
        if (change is { After: null, Unreadable: null })
        {
            executor.Forget(change.Key);
            foreach (var composition in compositions.InNamespace(change.Key.Namespace!)
                .Where(c => change.Key.Name.StartsWith($"{c.Metadata.Name}-", StringComparison.Ordinal)))
                queue.Add(ObjectKey.Of(composition.Metadata));
        }
    }

    /// <summary>Reconciles one Composition until nothing is left to do for now.</summary>
    public async Task Reconcile(ObjectKey key, CancellationToken cancellation)
    {
        var found = compositions.Get(key);
        if (found?.Spec.IsTrimmed != true)
        {
            await ReconcileWhole(key, found, cancellation);
            return;
        }

        // Several large JSON trees at the same time would not fit into memory.
        using var turn = await large.Hold(key.Namespace ?? "", cancellation);
        // Deleted: the event is on its way.
        if (await client.Current(key, cancellation) is { } whole)
            await ReconcileWhole(key, whole, cancellation);
    }

    private async Task ReconcileWhole(ObjectKey key, Composition? found, CancellationToken cancellation)
    {
        var history = compositions.History;
        var (own, others) = index.Of(key, found?.Metadata.Uid);
        var writes = new ChildWrites();
        if (found is not { } composition)
        {
            await ReleaseOrphans(key, null, own, others, writes, cancellation);
            throttle.Forget(key);
            specs.TryRemove(key, out _);
            queue.Drop(key);
            return;
        }

        if (composition.Metadata.Annotation(ApiGroup.PausedAnnotation) == "true")
        {
            await ReleaseOrphans(key, composition, own, others, writes, cancellation);
            return;
        }

        var spec = Read(key, composition, history);
        if (!composition.Metadata.IsTerminating && others.Any(c => OrphanedChildren.EntryOf(c, composition, spec.Graph) is not null))
        {
            if (await TakeBack(key, composition, spec.Graph, others, writes, cancellation) is not { } whole)
                return;
            composition = whole;
            (own, others) = index.Of(key, composition.Metadata.Uid);
        }

        await ReleaseOrphans(key, composition, own, others, writes, cancellation);
        if (composition.Metadata.IsTerminating || spec.Problems.Count == 0)
            await ReconcileValid(key, composition, spec, own, writes, cancellation);
        else
            await ReconcileInvalid(key, composition, spec, own, writes, cancellation);
    }

    // Also for a terminating Composition: an invalid spec does not block its deletion.
    private async Task ReconcileValid(
        ObjectKey key, Composition composition, ReadSpec spec, IReadOnlyDictionary<string, Component> own, ChildWrites writes,
        CancellationToken cancellation)
    {
        if (!composition.Metadata.IsTerminating && !composition.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer))
            composition = await WriteFinalizer(composition, present: true, cancellation);
        var plan = CompositionDecision.Decide(await Facts(key, composition, spec.Graph, own, cancellation));
        composition = await ConfirmReleases(composition, spec.Graph, plan, cancellation);
        var isDone = await executor.Execute(key, plan, writes, cancellation);
        if (plan.ReleaseComposition && writes.Refused.Count == 0 && isDone)
        {
            if (composition.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer))
                composition = await WriteFinalizer(composition, present: false, cancellation);
            // Without finalizers it is deleted. If a foreign one is left, the status says so.
            if (composition.Metadata.Finalizers is { Count: > 0 } && !composition.Metadata.HasFinalizer(ObjectMeta.OrphanFinalizer))
                await Finish(key, composition, plan, writes.Refused, () => CompositionStatusRules.Of(composition, plan.Rows, plan.Waits), cancellation);
            return;
        }

        await Finish(key, composition, plan, writes.Refused, () => CompositionStatusRules.WithRefusals(composition, plan, writes.Refused), cancellation);
    }

    private async Task ReconcileInvalid(
        ObjectKey key, Composition composition, ReadSpec spec, IReadOnlyDictionary<string, Component> own, ChildWrites writes,
        CancellationToken cancellation)
    {
        var plan = CompositionDecision.DecideInvalid(await Facts(key, composition, spec.Graph, own, cancellation));
        composition = await ConfirmReleases(composition, spec.Graph, plan, cancellation);
        await executor.Execute(key, plan, writes, cancellation);
        await Finish(key, composition, plan, writes.Refused, () => CompositionStatusRules.Invalid(composition, spec.Problems, plan.Rows), cancellation);
    }

    private async Task ReleaseOrphans(
        ObjectKey key, Composition? composition, IReadOnlyDictionary<string, Component> own, IReadOnlyList<Component> others, ChildWrites writes,
        CancellationToken cancellation)
    {
        if (others.Count == 0)
            return;
        var orphans = OrphanedChildren.Of(key.Name, composition?.Metadata.Uid, [.. own.Values, .. others]);
        foreach (var orphan in orphans)
        {
            if (!writes.Take())
            {
                queue.Add(key);
                return;
            }

            await executor.Release(orphan, cancellation);
        }
    }

    // A terminating child whose entry is still in the spec was deleted by hand, or its Composition is terminating, too, and we have not seen that yet: then
    // the store refuses this write, which changes nothing. Only in the first case may the child be released.
    private Task<Composition> ConfirmReleases(Composition composition, DesiredGraph graph, CompositionPlan plan, CancellationToken cancellation) =>
        !composition.Metadata.IsTerminating && plan.Release.Any(c => graph.OfChild(c.Metadata.Name) is not null)
            ? WriteFinalizer(composition, present: true, cancellation)
            : Task.FromResult(composition);

    // Before any decision, and for an invalid Composition, too: the garbage collector deletes a child whose owner's uid no longer exists. Null if some are
    // left for the next turn.
    private async Task<Composition?> TakeBack(
        ObjectKey key, Composition composition, DesiredGraph graph, IReadOnlyList<Component> others, ChildWrites writes,
        CancellationToken cancellation)
    {
        // Written even if the finalizer is there: the store refuses the write if the Composition was deleted or recreated in the meantime.
        composition = await WriteFinalizer(composition, present: true, cancellation);
        var former = others.Where(c => OrphanedChildren.EntryOf(c, composition, graph) is not null).ToList();
        await writes.Each(former, async child =>
        {
            await executor.Update(
                ChildMetadata.TakenBack(child, composition, OrphanedChildren.EntryOf(child, composition, graph)!.Name), cancellation);
            return true;
        });
        if (writes.IsComplete)
            return composition;
        queue.Add(key);
        return null;
    }

    private async Task Finish(
        ObjectKey key,
        Composition composition,
        CompositionPlan plan,
        IReadOnlyDictionary<string, ResourceException> refused,
        Func<CompositionStatus> status,
        CancellationToken cancellation)
    {
        await WriteStatus(composition, status, cancellation);
        if (refused.Count > 0)
            ExceptionDispatchInfo.Throw(refused.Values.First());
        queue.Forget(key);
        if (plan.RecheckAfter is { } wait)
            queue.AddAfter(key, wait);
    }

    // Only one worker at a time has the key.
    private ReadSpec Read(ObjectKey key, Composition composition, int history)
    {
        var (uid, generation) = (composition.Metadata.Uid!, composition.Metadata.Generation);
        if (specs.TryGetValue(key, out var known) && known.Uid == uid && known.Generation == generation && known.History == history)
            return known;
        var problems = CompositionReader.Validate(ApiJson.ToJson(composition, ApiJson.Default.Composition), handlers).Where(p => !p.IsWarning).ToList();
        var read = new ReadSpec(uid, generation, history, problems, DesiredGraph.Of(composition, handlers.SchemaOf));
        // The JSON tree of a large one takes ten times the memory of its text: read it again each time.
        if (((IResourceRecord)composition).Pack() > TrimmedComponent.LargeBytes)
            specs.TryRemove(key, out _);
        else
            specs[key] = read;
        return read;
    }

    private async Task<CompositionFacts> Facts(
        ObjectKey key, Composition composition, DesiredGraph graph, IReadOnlyDictionary<string, Component> own, CancellationToken cancellation)
    {
        // An edit that reaches a terminating child is applied to its config.
        var mine = own.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, child) in own.Where(c => c.Value.Spec.IsTrimmed && (composition.Metadata.IsTerminating || c.Value.Metadata.IsTerminating)
            && handlers.Has(ChildMetadata.HandlerOf(c.Value))))
            mine[name] = await executor.Whole(child, cancellation);
        var others = graph.Entries.Where(e => !mine.ContainsKey(e.Child))
            .Select(e => components.Get(new(key.Namespace, e.Child)))
            .OfType<Component>()
            .Where(other => other.Metadata.Controller()?.Uid != composition.Metadata.Uid)
            .ToLookup(other => other.Metadata.IsTerminating, other => other.Metadata.Name);
        return new()
        {
            Composition = composition,
            Graph = graph,
            Children = mine,
            NamesInUse = others[false].ToHashSet(StringComparer.Ordinal),
            NamesBeingFreed = others[true].ToHashSet(StringComparer.Ordinal),
            RunsHere = handlers.Has,
            SchemaOf = handlers.SchemaOf,
            Now = time.GetUtcNow(),
            Since = child => index.Since(key, child),
        };
    }

    private async Task<Composition> WriteFinalizer(Composition composition, bool present, CancellationToken cancellation)
    {
        var others = (composition.Metadata.Finalizers ?? []).Where(f => f != ApiGroup.CoordinationFinalizer);
        IReadOnlyList<string> finalizers = present ? [.. others, ApiGroup.CoordinationFinalizer] : [.. others];
        return await PlanExecutor.Write(
            compositions, () =>
                client.Replace(composition with { Metadata = composition.Metadata with { Finalizers = finalizers } }, cancellation), _ => present);
    }

    private async Task WriteStatus(Composition composition, Func<CompositionStatus> status, CancellationToken cancellation)
    {
        var key = ObjectKey.Of(composition.Metadata);
        if (throttle.MustWait(key, out var wait))
        {
            queue.AddAfter(key, wait);
            return;
        }

        var stamped = CompositionStatusRules.Stamp(status(), composition.Status, time.GetUtcNow());
        if (CompositionStatusRules.Same(stamped, composition.Status))
            return;
        await PlanExecutor.Write(compositions, () => client.ReplaceStatus(composition with { Status = stamped }, cancellation));
        throttle.Wrote(key);
    }

    // The parsed spec of a generation and its problems; it does not depend on the children.
    private sealed record ReadSpec(string Uid, long? Generation, int History, IReadOnlyList<Problem> Problems, DesiredGraph Graph);
}
