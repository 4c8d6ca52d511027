namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>One resource in the graph that <c>dorch status</c> draws.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its handler; for a Composition its kind.</param>
/// <param name="Phase">One of <see cref="Api.Phase"/>.</param>
/// <param name="Age">How old it is; empty where it is not there yet.</param>
/// <param name="Message">What it says, on one line.</param>
internal sealed record StatusNode(string Name, string Kind, string Phase, string Age, string Message)
{
    /// <summary>Further details, one line each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>For a Composition its first components; for a component those that wait for it last.</summary>
    public IReadOnlyList<StatusNode> Below { get; init; } = [];
}
