using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>A table for pipes, as kubectl prints it: columns padded to their widest cell, not truncated, not wrapped.</summary>
internal static class PlainTable
{
    /// <summary>The lines of a table of rows, the header first.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<StatusRow> rows) =>
        Align([["COMPONENT", "HANDLER", "PHASE", "MESSAGE"], .. rows.Select(r => (string[])[r.Name, r.Handler, r.Phase, r.Message])]);

    /// <summary>The lines of a table of cells, the header first.</summary>
    public static IReadOnlyList<string> Align(IEnumerable<string[]> cells)
    {
        var visible = cells.Select(row => row.Select(VisibleText.Of).ToList()).ToList();
        var widths = Enumerable.Range(0, visible[0].Count).Select(column => visible.Max(row => row[column].Length)).ToList();
        return [.. visible.Select(row => string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())];
    }
}
