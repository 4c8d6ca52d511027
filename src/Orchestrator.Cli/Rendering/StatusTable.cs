using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>The table for a terminal: colours by phase, messages wrapped to the window.</summary>
internal static class StatusTable
{
    /// <summary>The table.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="maxRows">How many fit; where there are more, Ready ones are left out first and counted at the end.</param>
    public static IRenderable Of(IReadOnlyList<StatusRow> rows, int maxRows = int.MaxValue)
    {
        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(decoration: Decoration.Dim) };
        foreach (var header in (string[])["COMPONENT", "HANDLER", "PHASE", "MESSAGE"])
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Dim))) { NoWrap = header != "MESSAGE" });

        var shown = Fitting(rows, maxRows);
        foreach (var row in shown)
        {
            var name = new Style(decoration: row.IsComposition ? Decoration.Bold : Decoration.None);
            table.AddRow(Cell(row.Name, name), Cell(row.Handler), Cell(row.Phase, Color(row.Phase)), Cell(row.Message));
        }

        return shown.Count == rows.Count ? table : new Rows(table, new Text($"  … and {rows.Count - shown.Count} more"));
    }

    private static Text Cell(string text, Style? style = null) => new(VisibleText.Of(text), style);

    private static IReadOnlyList<StatusRow> Fitting(IReadOnlyList<StatusRow> rows, int maxRows)
    {
        if (rows.Count <= maxRows)
            return rows;
        var shown = rows.OrderBy(r => r.Phase == Phase.Ready).Take(Math.Max(1, maxRows)).ToHashSet();
        return [.. rows.Where(shown.Contains)];
    }

    /// <summary>How a phase is coloured.</summary>
    internal static Style Color(string phase) => phase switch
    {
        Phase.Ready => new(Spectre.Console.Color.Green),
        Phase.Failed or Phase.TerminationFailed => new(Spectre.Console.Color.Red),
        Phase.Pending => new(decoration: Decoration.Dim),
        _ => new(Spectre.Console.Color.Yellow),
    };
}
