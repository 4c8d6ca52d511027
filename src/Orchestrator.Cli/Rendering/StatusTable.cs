using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>The table for a terminal: colours by phase, messages wrapped to the window.</summary>
internal static class StatusTable
{
    /// <summary>The table; of more rows than fit, Ready ones are left out first and counted at the end.</summary>
    public static IRenderable Of(IReadOnlyList<StatusRow> rows, int maxRows = int.MaxValue)
    {
        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(decoration: Decoration.Dim) };
        foreach (var header in PlainTable.Headers)
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Dim))) { NoWrap = header != PlainTable.Headers[^1] });

        var fitting = rows.OrderBy(r => r.Phase == Phase.Ready).Take(Math.Max(1, maxRows)).ToHashSet();
        foreach (var row in rows.Where(fitting.Contains))
        {
            var name = new Style(decoration: row.IsComposition ? Decoration.Bold : Decoration.None);
            table.AddRow(Cell(row.Name, name), Cell(row.Handler), Cell(row.Phase, Color(row.Phase)), Cell(row.Message));
        }

        return fitting.Count == rows.Count ? table : new Rows(table, new Text($"  … and {rows.Count - fitting.Count} more"));
    }

    private static Text Cell(string text, Style? style = null) => new(VisibleText.Of(text), style);

    internal static Style Color(string phase) => phase switch
    {
        Phase.Ready => new(Spectre.Console.Color.Green),
        Phase.Failed or Phase.TerminationFailed => new(Spectre.Console.Color.Red),
        Phase.Pending => new(decoration: Decoration.Dim),
        _ => new(Spectre.Console.Color.Yellow),
    };
}

/// <summary>A table for pipes, as kubectl prints it: columns padded to their widest cell, not truncated, not wrapped.</summary>
internal static class PlainTable
{
    public static readonly string[] Headers = ["COMPONENT", "HANDLER", "PHASE", "MESSAGE"];

    public static IReadOnlyList<string> Lines(IReadOnlyList<StatusRow> rows) =>
        Align([Headers, .. rows.Select(r => (string[])[r.Name, r.Handler, r.Phase, r.Message])]);

    /// <summary>The lines of a table of cells, the header first.</summary>
    public static IReadOnlyList<string> Align(IEnumerable<string[]> cells)
    {
        var visible = cells.Select(row => row.Select(VisibleText.Of).ToList()).ToList();
        var widths = Enumerable.Range(0, visible[0].Count).Select(column => visible.Max(row => row[column].Length)).ToList();
        return [.. visible.Select(row => string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())];
    }
}
