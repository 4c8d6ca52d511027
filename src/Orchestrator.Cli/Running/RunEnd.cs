using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>The end of a run of the controllers, with failures inside them.</summary>
internal sealed record RunEnd(
    bool IsInTime, IReadOnlyList<StatusRow> Rows, IReadOnlyList<Composition> Compositions, IReadOnlyList<Component> Components, IReadOnlyList<string> Failures)
{
    /// <summary>Runs the controllers until the work is done or the timeout expires, shows the final state, and stops them.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<RunEnd> Of(
        ControllerRun run, TimeSpan limit, TimeProvider time, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        await using var started = run.Start();
        using var over = new CancellationTokenSource();
        using var timer = LongTimer.Cancel(over, time, limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        var isInTime = true;
        try
        {
            await work(either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            isInTime = false;
        }

        await run.ShowEnd();
        return new(isInTime, run.Rows(), run.Compositions, run.Components, run.Failures.Lines);
    }
}
