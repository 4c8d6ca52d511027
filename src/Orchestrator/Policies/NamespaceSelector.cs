namespace DeploymentOrchestrator.Policies;

/// <summary>Selects namespaces: those for which every part holds; all of them if there is no part. Pure.</summary>
internal sealed record NamespaceSelector
{
    /// <summary>Labels that the Namespace must have.</summary>
    public IReadOnlyDictionary<string, string> MatchLabels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The allowed names; null for any.</summary>
    public IReadOnlyList<string>? MatchNames { get; init; }

    /// <summary>Requirements for its labels.</summary>
    public IReadOnlyList<LabelRequirement> MatchExpressions { get; init; } = [];

    /// <summary>Whether labels matter.</summary>
    public bool LooksAtLabels => MatchLabels.Count + MatchExpressions.Count > 0;

    /// <summary>Whether it selects a namespace.</summary>
    public bool Selects(string name, IReadOnlyDictionary<string, string> labels) =>
        MatchNames?.Contains(name, StringComparer.Ordinal) != false
        && MatchLabels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
        && MatchExpressions.All(wanted => wanted.IsMet(labels));
}
