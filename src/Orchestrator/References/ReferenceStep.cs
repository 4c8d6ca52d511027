namespace DeploymentOrchestrator.References;

/// <summary>One step of a path in a config or in outputs.</summary>
/// <param name="Key">A field's name, or null.</param>
/// <param name="Index">A list index from 0, or null.</param>
public readonly record struct ReferenceStep(string? Key, int? Index)
{
    /// <inheritdoc/>
    public override string ToString() => Index is { } index ? $"[{index}]" : $".{Key}";
}
