namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>Something that happens to a Composition.</summary>
/// <param name="Name">Its name in the list of tests.</param>
/// <param name="Before">The entries that exist and are Ready before; empty when there is no Composition yet.</param>
/// <param name="Steps">The steps of the user.</param>
internal sealed record LifeVerb(string Name, IReadOnlyList<string> Before, params IReadOnlyList<LifeStep> Steps)
{
    /// <summary>
    /// Whether deletion is ordered. It is not when the user removes the order: orphans are released all at once; and when the Composition's finalizer is
    /// removed by force, the graph is lost and children are released as they are found.
    /// </summary>
    public bool HasOrder { get; init; } = true;

    /// <summary>An additional check once the end state is steady.</summary>
    public Action<LifeRun> AtEnd { get; init; } = _ => { };
}

/// <summary>One action of a user and its expected result.</summary>
/// <param name="Act">The action.</param>
/// <param name="Until">Whether the result has been reached, judged by a snapshot of the world.</param>
internal sealed record LifeStep(Func<LifeRun, Task> Act, Func<LifeRun, string, bool> Until);
