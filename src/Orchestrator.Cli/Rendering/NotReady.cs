using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Why a run did not get everything Ready.</summary>
internal static class NotReady
{
    /// <summary>What is missing, row by row.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="timeout">The time that was over; null where nothing would have changed any more.</param>
    /// <param name="failures">What went wrong inside the controllers.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<StatusRow> rows, TimeSpan? timeout, IReadOnlyList<string> failures)
    {
        var missing = rows.Where(r => r.Phase != Phase.Ready).ToList();
        return
        [
            timeout is { } time ? $"dorch: after {GoDuration.ToText(time)} these are not Ready:" : "dorch: not everything is Ready:",
            .. missing.Select(r => $"  {r.Name} {r.Phase} {r.Message}".TrimEnd()),
            .. failures.Select(line => $"  {line}"),
        ];
    }
}
