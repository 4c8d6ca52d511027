using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>What to do for a Composition, and what to report: the result of <see cref="CompositionDecision"/>.</summary>
internal sealed record CompositionChanges
{
    /// <summary>Children to create.</summary>
    public IReadOnlyList<Component> Create { get; init; } = [];

    /// <summary>Children to update with a new spec, or with labels or a finalizer that they lack.</summary>
    public IReadOnlyList<Component> Update { get; init; } = [];

    /// <summary>Children to delete.</summary>
    public IReadOnlyList<Component> Delete { get; init; } = [];

    /// <summary>Children whose coordination finalizer is removed: no dependent blocks their deletion.</summary>
    public IReadOnlyList<Component> Release { get; init; } = [];

    /// <summary>Whether the Composition's own coordination finalizer is removed.</summary>
    public bool ReleaseComposition { get; init; }

    /// <summary>Which entries without a child wait for which others to become Ready, and which children wait for which dependents to be deleted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Waits { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>A row for each entry, and for each child whose entry is gone.</summary>
    public required IReadOnlyList<CompositionRow> Rows { get; init; }

    /// <summary>When the first timeout of an external handler's child expires; null if there is none.</summary>
    public TimeSpan? RecheckAfter { get; init; }
}
