using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>The input of <see cref="CompositionDecision"/>.</summary>
internal sealed record CompositionFacts
{
    /// <summary>The Composition: valid, or terminating.</summary>
    public required Composition Composition { get; init; }

    /// <summary>The graph of its spec.</summary>
    public required DesiredGraph Graph { get; init; }

    /// <summary>Its existing children, by name.</summary>
    public required IReadOnlyDictionary<string, Component> Children { get; init; }

    /// <summary>Child names of its entries that a foreign Component uses and keeps.</summary>
    public required IReadOnlySet<string> NamesInUse { get; init; }

    /// <summary>Child names of its entries that a foreign terminating Component uses: they are free once it is gone.</summary>
    public IReadOnlySet<string> NamesBeingFreed { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether this process runs a handler.</summary>
    public required Func<string, bool> RunsHere { get; init; }

    /// <summary>The schema of a handler's config.</summary>
    public required Func<string?, ConfigSchema> SchemaOf { get; init; }

    /// <summary>The current time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Since when a child has its current spec.</summary>
    public required Func<Component, DateTimeOffset> Since { get; init; }

    /// <summary>
    /// The name by which <c>dependsOn</c> of other children refers to a child. Its label and <c>spec.name</c> can be edited by hand: they count only if its
    /// entry is gone.
    /// </summary>
    public string NameOf(Component child) =>
        Graph.OfChild(child.Metadata.Name)?.Name ?? ChildMetadata.EntryNameOf(child);
}
