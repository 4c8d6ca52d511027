using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Planning;

/// <summary>An output of a Component: known now, or read from an object that does not have it yet.</summary>
/// <param name="Name">Its name in <c>providerStatus</c>.</param>
/// <param name="Object">The object that it comes from later; null if it is known.</param>
/// <param name="Path">The field of that object; null if it is known.</param>
/// <param name="IsDefault">Whether it has its default until then.</param>
internal sealed record PlannedOutput(string Name, string? Object = null, string? Path = null, bool IsDefault = false)
{
    /// <summary>Whether it has a value now.</summary>
    public bool IsKnown => Object is null || IsDefault;

    /// <summary>The outputs that a handler collected for a Component of this namespace.</summary>
    public static IReadOnlyList<PlannedOutput> Of(FieldOutputs collected, string own) =>
    [
        .. collected.Values.Select(v => v.Key).Except(collected.Defaulted.Select(d => d.Output.Name)).Select(name => new PlannedOutput(name)),
        .. collected.Defaulted.Select(reading => Later(reading, own) with { IsDefault = true }),
        .. collected.Waiting.Select(reading => Later(reading, own)),
    ];

    /// <inheritdoc/>
    public override string ToString() =>
        $"output {Name}: {(Object is null ? "known" : $"{(IsDefault ? "its default now, " : "")}later, from {Object}: {Path}")}";

    private static PlannedOutput Later(FieldReading reading, string own) => new(reading.Output.Name, reading.Source.TextIn(own), reading.Output.Path.Text);
}
