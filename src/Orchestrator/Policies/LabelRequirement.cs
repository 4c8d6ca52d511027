namespace DeploymentOrchestrator.Policies;

/// <summary>A requirement for a label, as in Kubernetes' <c>matchExpressions</c>.</summary>
/// <param name="Key">The label.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Values">The values of <c>In</c> and <c>NotIn</c>.</param>
internal sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>Whether it holds. As in Kubernetes, a missing label is in no list.</summary>
    public bool IsMet(IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.GetValueOrDefault(Key);
        return Operator switch
        {
            LabelOperator.In => value is not null && Values.Contains(value, StringComparer.Ordinal),
            LabelOperator.NotIn => value is null || !Values.Contains(value, StringComparer.Ordinal),
            LabelOperator.Exists => value is not null,
            _ => value is null,
        };
    }
}

/// <summary>Kubernetes' operators of label selectors.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements.</remarks>
internal enum LabelOperator
{
    /// <summary>The label has one of the values.</summary>
    In,

    /// <summary>The label has none of the values, or does not exist.</summary>
    NotIn,

    /// <summary>The label exists.</summary>
    Exists,

    /// <summary>The label does not exist.</summary>
    DoesNotExist,
}
