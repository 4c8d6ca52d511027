namespace DeploymentOrchestrator.Policies;

/// <summary>Which namespaces a policy is for: those for which every part holds; all of them where there is none. Pure.</summary>
internal sealed record NamespaceSelector
{
    /// <summary>Labels that the Namespace must have.</summary>
    public IReadOnlyDictionary<string, string> MatchLabels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names of which it must have one; null where any will do.</summary>
    public IReadOnlyList<string>? MatchNames { get; init; }

    /// <summary>What must hold of its labels.</summary>
    public IReadOnlyList<LabelRequirement> MatchExpressions { get; init; } = [];

    /// <summary>Whether labels decide.</summary>
    public bool LooksAtLabels => MatchLabels.Count + MatchExpressions.Count > 0;

    /// <summary>Whether a namespace is one of these.</summary>
    public bool Selects(string name, IReadOnlyDictionary<string, string> labels) =>
        MatchNames?.Contains(name, StringComparer.Ordinal) != false
        && MatchLabels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
        && MatchExpressions.All(wanted => wanted.IsMet(labels));
}
