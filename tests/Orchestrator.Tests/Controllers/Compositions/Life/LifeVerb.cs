namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>Something that happens to a Composition.</summary>
/// <param name="Name">What it is called in a test's list.</param>
/// <param name="Before">The entries that are there and Ready before; none where there is no Composition yet.</param>
/// <param name="Steps">What is done.</param>
internal sealed record LifeVerb(string Name, IReadOnlyList<string> Before, params IReadOnlyList<LifeStep> Steps)
{
    /// <summary>
    /// Whether deletion has an order. It has none where the user removes what keeps it: orphans are released all at once, and where the Composition's
    /// finalizer is removed by force, the graph is lost and children are released as they are found.
    /// </summary>
    public bool HasOrder { get; init; } = true;

    /// <summary>What must hold besides when all has come and stands.</summary>
    public Action<LifeRun> AtEnd { get; init; } = _ => { };
}

/// <summary>One thing that a user does, and what is to come of it.</summary>
/// <param name="Act">Does it.</param>
/// <param name="Until">Whether it has come, from the picture of the world.</param>
internal sealed record LifeStep(Func<LifeRun, Task> Act, Func<LifeRun, string, bool> Until);
