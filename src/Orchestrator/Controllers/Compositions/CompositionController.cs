using System.Runtime.ExceptionServices;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Reconciles Compositions: reads one with its children, decides what its graph needs next, executes that, and writes one status.</summary>
internal sealed class CompositionController
{
    private readonly Informer<Composition> compositions;
    private readonly WorkQueue queue;
    private readonly CompositionWriter writer;
    private readonly CompositionSpecs specs;
    private readonly ChildrenIndex index;
    private readonly CompositionObserver observer;
    private readonly ChangesExecutor executor;
    private readonly OrphanExecutor orphans;
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
        (this.compositions, this.queue) = (compositions, queue);
        writer = new(store, compositions, queue, time);
        specs = new(handlers);
        index = new(time);
        executor = new(new(store, ResourceType.Component, ApiJson.Default.Component), components, queue, time);
        observer = new(components, handlers, index, executor, time);
        orphans = new(executor, writer, queue);
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
        if (await writer.Whole(key, cancellation) is { } whole)
            await ReconcileWhole(key, whole, cancellation);
    }

    private async Task ReconcileWhole(ObjectKey key, Composition? found, CancellationToken cancellation)
    {
        var history = compositions.History;
        var (own, others) = index.Of(key, found?.Metadata.Uid);
        var writes = new ChildWrites();
        if (found is not { } composition || composition.Metadata.IsPaused)
        {
            await orphans.Release(key, found, own, others, writes, cancellation);
            if (found is null)
                Forget(key);
            return;
        }

        var spec = specs.Of(composition, history);

        // Take back and release what an earlier Composition of this name left behind.
        if (OrphanExecutor.MustTakeBack(composition, spec.Graph, others))
        {
            if (await orphans.TakeBack(key, composition, spec.Graph, others, writes, cancellation) is not { } adopter)
                return;
            composition = adopter;
            (own, others) = index.Of(key, composition.Metadata.Uid);
        }

        await orphans.Release(key, composition, own, others, writes, cancellation);
        await ReconcileGraph(key, composition, spec, own, writes, cancellation);
    }

    private async Task ReconcileGraph(
        ObjectKey key, Composition composition, ParsedSpec spec, IReadOnlyDictionary<string, Component> own, ChildWrites writes,
        CancellationToken cancellation)
    {
        // An invalid spec does not block a deletion.
        var isValid = spec.Problems.Count == 0 || composition.Metadata.IsTerminating;
        if (isValid)
            composition = await Claim(composition, cancellation);
        var facts = await observer.Facts(composition, spec.Graph, own, cancellation);
        var changes = isValid ? CompositionDecision.Decide(facts) : CompositionDecision.DecideInvalid(facts);

        composition = await ConfirmReleases(facts, changes, cancellation);
        var isDone = await executor.Execute(key, changes, writes, cancellation);
        if (changes.ReleaseComposition && writes.Refused.Count == 0 && isDone)
        {
            composition = await Release(composition, cancellation);
            if (!IsHeldByOthers(composition))
                return;
        }

        await writer.WriteStatus(composition, () => isValid
            ? CompositionStatusRules.WithRefusals(composition, changes, writes.Refused)
            : CompositionStatusRules.Invalid(composition, spec.Problems, changes.Rows), cancellation);
        ScheduleNext(key, changes, writes);
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

    private async Task<Composition> Claim(Composition composition, CancellationToken cancellation) =>
        composition.Metadata.IsTerminating || composition.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer)
            ? composition
            : await writer.WriteFinalizer(composition, present: true, cancellation);

    private async Task<Composition> Release(Composition composition, CancellationToken cancellation) =>
        composition.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer)
            ? await writer.WriteFinalizer(composition, present: false, cancellation)
            : composition;

    // A terminating child whose entry is still in the spec was deleted by hand, or its Composition is terminating, too, and we have not seen that yet: then
    // the store refuses this write, which changes nothing. Only in the first case may the child be released.
    private async Task<Composition> ConfirmReleases(CompositionFacts facts, CompositionChanges changes, CancellationToken cancellation) =>
        !facts.Composition.Metadata.IsTerminating && changes.Release.Any(c => facts.Graph.OfChild(c.Metadata.Name) is not null)
            ? await writer.WriteFinalizer(facts.Composition, present: true, cancellation)
            : facts.Composition;

    // Without finalizers it is deleted. If a foreign one is left, the status says so.
    private static bool IsHeldByOthers(Composition composition) =>
        composition.Metadata.Finalizers is { Count: > 0 } && !composition.Metadata.HasFinalizer(ObjectMeta.OrphanFinalizer);

    private void ScheduleNext(ObjectKey key, CompositionChanges changes, ChildWrites writes)
    {
        if (writes.Refused.Count > 0)
            ExceptionDispatchInfo.Throw(writes.Refused.Values.First());
        queue.Forget(key);
        if (changes.RecheckAfter is { } wait)
            queue.AddAfter(key, wait);
    }

    private void Forget(ObjectKey key)
    {
        writer.Forget(key);
        specs.Forget(key);
        queue.Drop(key);
    }
}
