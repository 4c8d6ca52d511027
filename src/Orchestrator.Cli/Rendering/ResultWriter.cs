using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Writes how a run ended to the standard output.</summary>
internal static class ResultWriter
{
    /// <summary>Writes the table and the summary, or the resources and nothing else.</summary>
    public static void Write(Terminal terminal, OutputFormat format, IReadOnlyList<StatusRow> rows, IReadOnlyList<string> summary,
        IEnumerable<JsonObject> resources)
    {
        Write(terminal, format, () => StatusTable.Of(rows), [.. PlainTable.Lines(rows), ""], () => ResourceOutput.List(resources));
        if (format == OutputFormat.Table)
            WriteLines(terminal.Out, summary);
        terminal.Out.Flush();
    }

    /// <summary>Writes one thing in the requested format.</summary>
    public static void Write(Terminal terminal, OutputFormat format, Func<IRenderable> drawn, IReadOnlyList<string> lines, Func<JsonObject> json)
    {
        if (format == OutputFormat.Json)
            terminal.Out.Write($"{json().ToJsonString(ApiJson.Readable)}{terminal.DrawnOut.NewLine}");
        else if (format == OutputFormat.Yaml)
            terminal.Out.Write(YamlWriter.Write(json()));
        else if (terminal.IsOutInteractive)
            TerminalConsole.Of(terminal, terminal.DrawnOut).Write(drawn());
        else
            WriteLines(terminal.Out, lines);
        terminal.Out.Flush();
    }

    private static void WriteLines(TextWriter writer, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            writer.WriteLine(line);
    }
}
