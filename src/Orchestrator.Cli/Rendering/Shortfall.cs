using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Why a run did not make everything Ready, or delete it: row by row, then failures inside the controllers.</summary>
internal static class Shortfall
{
    /// <summary>The lines of <c>up --once</c>. The timeout is null if nothing would have changed any more.</summary>
    public static IReadOnlyList<string> NotReady(IReadOnlyList<StatusRow> rows, TimeSpan? timeout, IReadOnlyList<string> failures) =>
    [
        Title("not Ready", timeout), .. rows.Where(r => r.Phase != Phase.Ready).Select(Line), .. failures.Select(line => $"  {line}"),
    ];

    /// <summary>The lines of <c>down</c>, about unresolvable configs and what still exists; none if everything is deleted.</summary>
    public static IReadOnlyList<string> NotDeleted(
        IReadOnlyList<StatusRow> unclear, IReadOnlyList<StatusRow> left, TimeSpan? timeout, IReadOnlyList<string> failures) =>
    [
        .. unclear.Count == 0 ? [] : (string[])["dorch: could not resolve these, so their secrets were not deleted:", .. unclear.Select(Line)],
        .. left.Count == 0 ? [] : (string[])[Title("not deleted", timeout), .. left.Select(Line), .. failures.Select(line => $"  {line}")],
    ];

    private static string Title(string what, TimeSpan? timeout) => $"dorch: {what}{(timeout is { } time ? $" after {GoDuration.ToText(time)}" : "")}:";

    private static string Line(StatusRow row) => $"  {row.Name} {row.Phase} {row.Message}".TrimEnd();
}
