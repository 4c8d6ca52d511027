using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Gathers what <see cref="CompositionDecision"/> needs to know.</summary>
internal sealed class CompositionObserver(
    Informer<Component> components, HandlerRegistry handlers, ChildrenIndex index, ChangesExecutor executor, TimeProvider time)
{
    /// <summary>The facts of a Composition: its children, and the foreign Components that have the names of its entries' children.</summary>
    public async Task<CompositionFacts> Facts(
        Composition composition, DesiredGraph graph, IReadOnlyDictionary<string, Component> own, CancellationToken cancellation)
    {
        var key = ObjectKey.Of(composition.Metadata);
        // An edit that reaches a terminating child is applied to its config.
        var children = own.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, child) in own.Where(c => c.Value.Spec.IsTrimmed && (composition.Metadata.IsTerminating || c.Value.Metadata.IsTerminating)
            && handlers.Has(c.Value.ManagingHandler())))
            children[name] = await executor.Whole(child, cancellation);
        var foreign = graph.Entries.Where(e => !children.ContainsKey(e.Child))
            .Select(e => components.Get(new(key.Namespace, e.Child)))
            .OfType<Component>()
            .Where(other => other.Metadata.Controller()?.Uid != composition.Metadata.Uid)
            .ToLookup(other => other.Metadata.IsTerminating, other => other.Metadata.Name);
        return new()
        {
            Composition = composition,
            Graph = graph,
            Children = children,
            NamesInUse = foreign[false].ToHashSet(StringComparer.Ordinal),
            NamesBeingFreed = foreign[true].ToHashSet(StringComparer.Ordinal),
            RunsHere = handlers.Has,
            SchemaOf = handlers.SchemaOf,
            Now = time.GetUtcNow(),
            Since = child => index.Since(key, child),
        };
    }
}
