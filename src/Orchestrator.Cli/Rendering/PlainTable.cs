using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>A table for pipes, as kubectl prints it: columns padded to their widest cell, nothing cut, nothing wrapped.</summary>
internal static class PlainTable
{
    private static readonly string[] Headers = ["COMPONENT", "HANDLER", "PHASE", "MESSAGE"];

    /// <summary>The table's lines, the header first.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<StatusRow> rows)
    {
        string[][] cells = [Headers, .. rows.Select(r => (string[])[.. ((string[])[r.Name, r.Handler, r.Phase, r.Message]).Select(VisibleText.Of)])];
        var widths = Enumerable.Range(0, Headers.Length).Select(column => cells.Max(row => row[column].Length)).ToList();
        return [.. cells.Select(row => string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())];
    }
}
