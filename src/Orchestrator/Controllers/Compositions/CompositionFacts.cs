using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>All that <see cref="CompositionDecision"/> looks at.</summary>
internal sealed record CompositionFacts
{
    /// <summary>A Composition without problems, or one that is terminating.</summary>
    public required Composition Composition { get; init; }

    /// <summary>What its spec says.</summary>
    public required DesiredGraph Graph { get; init; }

    /// <summary>Its children as they are, by name.</summary>
    public required IReadOnlyDictionary<string, Component> Children { get; init; }

    /// <summary>Child names of its entries that belong to somebody else's Component, which is not terminating.</summary>
    public required IReadOnlySet<string> NamesInUse { get; init; }

    /// <summary>Child names of its entries that belong to somebody else's terminating Component: they are free once it is gone.</summary>
    public IReadOnlySet<string> NamesBeingFreed { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether this process runs a handler.</summary>
    public required Func<string, bool> RunsHere { get; init; }

    /// <summary>What is known of a handler's config.</summary>
    public required Func<string?, ConfigSchema> SchemaOf { get; init; }

    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Since when a child has the spec that it has.</summary>
    public required Func<Component, DateTimeOffset> Since { get; init; }

    /// <summary>
    /// The name by which other children's <c>dependsOn</c> means a child. Its label and <c>spec.name</c> can be edited by hand: they count only where its
    /// entry is gone.
    /// </summary>
    public string NameOf(Component child) =>
        Graph.OfChild(child.Metadata.Name)?.Name ?? ChildMetadata.EntryNameOf(child);
}
