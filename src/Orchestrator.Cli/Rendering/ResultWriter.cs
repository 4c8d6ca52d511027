using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>The values of <c>-o</c>: a table for people, or one object for programs.</summary>
internal enum OutputFormat { Table, Json, Yaml }

/// <summary>Writes the end of a run to the standard output.</summary>
internal static class ResultWriter
{
    /// <summary>Writes the table and the summary, or only the resources.</summary>
    public static void Write(Terminal terminal, OutputFormat format, IReadOnlyList<StatusRow> rows, IReadOnlyList<string> summary,
        IEnumerable<JsonObject> resources)
    {
        Write(terminal, format, () => StatusTable.Of(rows), [.. PlainTable.Lines(rows), ""], () => List(resources));
        if (format == OutputFormat.Table)
            WriteLines(terminal.Out, summary);
    }

    /// <summary>Writes one value in the requested format.</summary>
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

    /// <summary>Resources as kubectl prints them: one <c>v1</c> List, without <c>managedFields</c>.</summary>
    public static JsonObject List(IEnumerable<JsonObject> resources)
    {
        var items = new JsonArray([.. resources.Select(resource => resource.DeepClone())]);
        foreach (var item in items)
            (item!["metadata"] as JsonObject)?.Remove("managedFields");
        return new() { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = items };
    }

    private static void WriteLines(TextWriter writer, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            writer.WriteLine(line);
        writer.Flush();
    }
}
