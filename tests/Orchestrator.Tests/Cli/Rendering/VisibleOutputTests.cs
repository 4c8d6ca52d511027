using System.Text.Json.Nodes;
using DeploymentOrchestrator.Cli.Planning;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

/// <summary>No text of a file, a cluster or AWS reaches a terminal or a pipe as an escape sequence, whatever shows it.</summary>
public sealed class VisibleOutputTests
{
    private const string Evil = "\u001b]0;owned\u0007\u009b31m\u202e\u007f[red]x[/]\r";

    // What our own drawing uses: colours, and moves of the cursor.
    private static readonly char[] Ours = ['\u001b', '\r'];

    public static TheoryData<bool, bool> Terminals => new() { { false, false }, { true, false }, { true, true } };

    [Theory, MemberData(nameof(Terminals))]
    public async Task No_output_contains_a_control_character(bool isInteractive, bool hasColor)
    {
        var written = new StringWriter { NewLine = "\n" };
        var terminal =
            new Terminal(written, written) { IsOutInteractive = isInteractive, IsErrorInteractive = isInteractive, HasColor = hasColor, Width = 200 };
        var row = new StatusRow(ResourceType.Component, new("default", Evil), Evil, Evil, "Ready", Evil);
        var node = new StatusNode(Evil, Evil, Evil, "", Evil) { Details = [Evil] };
        var line = new PlanLine(new("default", Evil), Evil, PlanAction.Create, Evil, Evil) { Changes = [Evil] };

        DiagnosticWriter.Write([new(new(Evil, 1, 1), new(Evil, Evil))], terminal);
        ResultWriter.Write(terminal, OutputFormat.Table, [row], [Evil], []);
        ResultWriter.Write(terminal, OutputFormat.Table, () => StatusTree.Of([node]), StatusTree.Lines([node]), () => []);
        ResultWriter.Write(terminal, OutputFormat.Table, () => PlanOutput.Of([line]), PlanOutput.Lines([line]), () => []);
        await using (IProgressView view = isInteractive ? new LiveTable(terminal) : new ChangeLines(terminal.Error))
        {
            view.Changed([row]);
            view.Note(Evil);
            await view.Settled([row]);
        }

        await terminal.Error.WriteLineAsync(Evil);
        terminal.Out.Write(Evil);

        var text = written.ToString();
        Assert.DoesNotContain("\u001b]", text, StringComparison.Ordinal);
        Assert.Equal("",
            string.Concat(text.Where(c => DeploymentOrchestrator.Messages.VisibleText.IsHidden(c) && c != '\n' && !(isInteractive && Ours.Contains(c)))));
        Assert.Contains("\\u001B]0;owned\\u0007\\u009B31m\\u202E\\u007F[red]x[/]\\r", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Machine_readable_output_is_escaped_and_reads_back_unchanged()
    {
        var resource = new JsonObject { ["a"] = Evil, [Evil] = new JsonArray("line\nline \u202e", "\u200f", "tab\tx") };

        foreach (var format in (OutputFormat[])[OutputFormat.Json, OutputFormat.Yaml])
        {
            var written = new StringWriter { NewLine = "\n" };
            ResultWriter.Write(new(written, written), format, () => throw new InvalidOperationException(), [], () => resource);
            var text = written.ToString();

            Assert.DoesNotContain(text, c => DeploymentOrchestrator.Messages.VisibleText.IsHidden(c) && c != '\n');
            var read = format == OutputFormat.Json ? JsonNode.Parse(text) : Assert.Single(YamlText.Read(text, out _));
            Assert.True(JsonNode.DeepEquals(resource, read), text);
        }
    }
}
