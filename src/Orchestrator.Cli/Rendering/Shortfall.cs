using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Why a run did not get everything Ready, or deleted: row by row, then what went wrong inside the controllers.</summary>
internal static class Shortfall
{
    /// <summary>The lines of <c>up --once</c>. The timeout is null where nothing would have changed any more.</summary>
    public static IReadOnlyList<string> NotReady(IReadOnlyList<StatusRow> rows, TimeSpan? timeout, IReadOnlyList<string> failures) =>
    [
        timeout is { } time ? $"dorch: not Ready after {GoDuration.ToText(time)}:" : "dorch: not Ready:",
        .. rows.Where(r => r.Phase != Phase.Ready).Select(Line),
        .. failures.Select(line => $"  {line}"),
    ];

    /// <summary>The lines of <c>down</c>, about configs that could not be resolved and what still exists; none where everything is deleted.</summary>
    public static IReadOnlyList<string> NotDeleted(
        IReadOnlyList<StatusRow> unclear, IReadOnlyList<StatusRow> left, TimeSpan? timeout, IReadOnlyList<string> failures) =>
    [
        .. unclear.Select(Line).Prepend("dorch: could not resolve these, so their secrets were not deleted:").Take(unclear.Count > 0 ? int.MaxValue : 0),
        .. left.Select(Line).Prepend(timeout is { } time ? $"dorch: not deleted after {GoDuration.ToText(time)}:" : "dorch: not deleted:")
            .Concat(failures.Select(line => $"  {line}")).Take(left.Count > 0 ? int.MaxValue : 0),
    ];

    private static string Line(StatusRow row) => $"  {row.Name} {row.Phase} {row.Message}".TrimEnd();
}
