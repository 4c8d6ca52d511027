using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Why a deletion did not delete everything.</summary>
internal static class NotDeleted
{
    /// <summary>What is missing, row by row; nothing where nothing is.</summary>
    /// <param name="unclear">Components whose configs could not be worked out.</param>
    /// <param name="left">What is still there.</param>
    /// <param name="timeout">The time that was over; null where nothing would have changed any more.</param>
    /// <param name="failures">What went wrong inside the controllers.</param>
    public static IReadOnlyList<string> Lines(
        IReadOnlyList<StatusRow> unclear, IReadOnlyList<StatusRow> left, TimeSpan? timeout, IReadOnlyList<string> failures)
    {
        var lines = new List<string>();
        if (unclear.Count > 0)
        {
            lines.Add("dorch: what these stand for could not be worked out, so nothing was deleted for them:");
            lines.AddRange(unclear.Select(Line));
        }

        if (left.Count > 0)
        {
            lines.Add(timeout is { } time ? $"dorch: after {GoDuration.ToText(time)} these are still there:" : "dorch: these are still there:");
            lines.AddRange(left.Select(Line));
            lines.AddRange(failures.Select(line => $"  {line}"));
        }

        return lines;
    }

    private static string Line(StatusRow row) => $"  {row.Name} {row.Phase} {row.Message}".TrimEnd();
}
