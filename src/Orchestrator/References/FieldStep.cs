namespace DeploymentOrchestrator.References;

/// <summary>One step of a <see cref="FieldPath"/>: a key, an index, or the first item of a list whose field has a value.</summary>
/// <param name="Key">A field's name, or null.</param>
/// <param name="Index">A list index from 0, or null.</param>
/// <param name="Field">The field that selects an item, or null.</param>
/// <param name="Value">The field's value, or null.</param>
internal readonly record struct FieldStep(string? Key = null, int? Index = null, string? Field = null, string? Value = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Index is { } index ? $"[{index}]"
        : Field is not null ? $"[{Field}={Value}]"
        : Key!.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? $".{Key}" : $"[\"{Key}\"]";
}
