using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Planning;

/// <summary>An output of a Component: known now, or taken from an object that does not have it yet.</summary>
/// <param name="Name">Its name in <c>providerStatus</c>.</param>
/// <param name="Object">The object that it comes from later; null where it is known.</param>
/// <param name="Path">The field of that object; null where it is known.</param>
internal sealed record PlannedOutput(string Name, string? Object = null, string? Path = null)
{
    /// <summary>Whether its value comes only later.</summary>
    public bool IsLater => Object is not null;

    /// <summary>The outputs that a handler collected for a Component of this namespace.</summary>
    public static IReadOnlyList<PlannedOutput> Of(FieldOutputs collected, string own) =>
    [
        .. collected.Values.Select(value => new PlannedOutput(value.Key)),
        .. collected.Waiting.Select(reading => new PlannedOutput(reading.Output.Name, reading.Source.TextIn(own), reading.Output.Path.Text)),
    ];

    /// <inheritdoc/>
    public override string ToString() => $"output {Name}: {(IsLater ? $"later, from {Object}: {Path}" : "known")}";
}
