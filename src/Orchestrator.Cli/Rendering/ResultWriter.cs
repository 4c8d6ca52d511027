using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Writes how a run ended to the standard output.</summary>
internal static class ResultWriter
{
    /// <summary>Writes the table and the summary, or the resources and nothing else.</summary>
    public static void Write(Terminal terminal, OutputFormat format, IReadOnlyList<StatusRow> rows, IReadOnlyList<string> summary, IEnumerable<JsonObject> resources)
    {
        switch (format)
        {
            case OutputFormat.Json:
                terminal.Out.WriteLine(ResourceOutput.Json(resources));
                break;
            case OutputFormat.Yaml:
                terminal.Out.Write(ResourceOutput.Yaml(resources));
                break;
            default:
                if (terminal.IsOutInteractive)
                    TerminalConsole.Of(terminal, terminal.Out).Write(StatusTable.Of(rows));
                else
                    WriteLines(terminal.Out, [.. PlainTable.Lines(rows), ""]);
                WriteLines(terminal.Out, summary);
                break;
        }

        terminal.Out.Flush();
    }

    private static void WriteLines(TextWriter writer, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            writer.WriteLine(line);
    }
}
