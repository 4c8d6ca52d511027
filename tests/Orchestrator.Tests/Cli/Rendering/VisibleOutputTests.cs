using System.Text.Json.Nodes;
using DeploymentOrchestrator.Planning;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Cli.Manifests;
using Spectre.Console;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

/// <summary>No text from a file, a cluster or AWS reaches a terminal or a pipe as an escape sequence.</summary>
public sealed class VisibleOutputTests
{
    private const string Evil = "\u001b]0;owned\u0007\u009b31m\u202e\u007f[red]x[/]\r";

    // Used by our own output: colours and cursor movement.
    private static readonly int[] Ours = ['\u001b', '\r'];

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
            await view.Ended([row]);
        }

        await terminal.Error.WriteLineAsync(Evil);
        terminal.Out.Write(Evil);

        var text = written.ToString();
        Assert.DoesNotContain("\u001b]", text, StringComparison.Ordinal);
        Assert.Equal("",
            string.Concat(text.EnumerateRunes().Where(c => VisibleText.IsHidden(c) && c.Value != '\n' && !(isInteractive && Ours.Contains(c.Value)))));
        Assert.Contains("\\u001B]0;owned\\u0007\\u009B31m\\u202E\\u007F[red]x[/]\\r", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_console_escapes_control_characters_although_its_caller_did_not(bool isLive)
    {
        var written = new StringWriter { NewLine = "\n" };
        var console = TerminalConsole.Of(new Terminal(written, written) { HasColor = true, Width = 200 }, written);
        var text = new Text("a\u202eb\u009b31m\u00ad", new Style(Color.Red));

        if (isLive)
            console.Live(new Text("")).Start(live => live.UpdateTarget(text));
        else
            console.Write(text);

        Assert.Contains("\e[91ma\\u202Eb\\u009B31m\\u00AD\e[0m", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Machine_readable_output_is_escaped_and_reads_back_unchanged()
    {
        var resource = new JsonObject { ["a"] = Evil, [Evil] = new JsonArray("line\nline \u202e", "\u200f", "tab\tx", "\U000E0041\u00ad\u3164") };

        foreach (var format in (OutputFormat[])[OutputFormat.Json, OutputFormat.Yaml])
        {
            var written = new StringWriter { NewLine = "\n" };
            ResultWriter.Write(new(written, written), format, () => throw new InvalidOperationException(), [], () => resource);
            var text = written.ToString();

            Assert.DoesNotContain(text.EnumerateRunes(), c => VisibleText.IsHidden(c) && c.Value != '\n');
            var read = format == OutputFormat.Json ? JsonNode.Parse(text) : Assert.Single(YamlText.Read(text, out _));
            Assert.True(JsonNode.DeepEquals(resource, read), text);
        }
    }
}
