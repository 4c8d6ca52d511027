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
    public required DesiredGraph Outline { get; init; }

    /// <summary>Its children as they are, by name.</summary>
    public required IReadOnlyDictionary<string, Component> Children { get; init; }

    /// <summary>Names among its entries' children that a Component has which is nobody's or somebody else's, and stays.</summary>
    public required IReadOnlySet<string> Taken { get; init; }

    /// <summary>Names among its entries' children that a terminating Component has which is not its own: they are free once it is gone.</summary>
    public IReadOnlySet<string> Leaving { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether this process runs a handler.</summary>
    public required Func<string, bool> RunsHere { get; init; }

    /// <summary>What is known of a handler's config.</summary>
    public required Func<string?, ConfigSchema> SchemaOf { get; init; }

    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Since when a child has the spec that it has.</summary>
    public required Func<Component, DateTimeOffset> Since { get; init; }
}
