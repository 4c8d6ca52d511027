using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>What to do for a Composition now, and what to report of it: the answer of <see cref="CompositionDecision"/>.</summary>
internal sealed record CompositionPlan
{
    /// <summary>Children to create.</summary>
    public IReadOnlyList<Component> Create { get; init; } = [];

    /// <summary>Children to write with a new spec.</summary>
    public IReadOnlyList<Component> Update { get; init; } = [];

    /// <summary>Children to delete.</summary>
    public IReadOnlyList<Component> Delete { get; init; } = [];

    /// <summary>Children whose coordination finalizer is removed: no dependent blocks their deletion any more.</summary>
    public IReadOnlyList<Component> Release { get; init; } = [];

    /// <summary>Whether the Composition's own coordination finalizer is removed.</summary>
    public bool ReleaseComposition { get; init; }

    /// <summary>Which entries without a child wait for which to be Ready, and which children for which dependents to be deleted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Waits { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>A row for each entry and each child whose entry is gone.</summary>
    public required IReadOnlyList<CompositionRow> Rows { get; init; }

    /// <summary>When the first timeout is over that this process watches for an external handler; null where there is none.</summary>
    public TimeSpan? RecheckAfter { get; init; }
}
