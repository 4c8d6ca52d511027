using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using static DeploymentOrchestrator.Tests.Cli.Rendering.Resources;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

public sealed class TableTests
{
    private static readonly StatusRow[] Rows =
    [
        Row("app", Phase.Deploying, "web: at work", "Composition"),
        Row("app-database", Phase.Ready, "Read 1 value", "config-reader"),
        Row("app-web", Phase.Failed, "DescribeSecret: denied by a policy that somebody has to mend", "secret-push"),
    ];

    [Fact]
    public void A_pipe_gets_columns_that_are_never_cut_or_wrapped() => Assert.Equal(
        [
            "COMPONENT      HANDLER         PHASE       MESSAGE",
            "app            Composition     Deploying   web: at work",
            "app-database   config-reader   Ready       Read 1 value",
            "app-web        secret-push     Failed      DescribeSecret: denied by a policy that somebody has to mend",
        ],
        PlainTable.Lines(Rows));

    [Fact]
    public void A_terminal_gets_messages_wrapped_to_its_width() => Assert.Equal(
        """

          COMPONENT      HANDLER         PHASE       MESSAGE
        ──────────────────────────────────────────────────────────────────────
          app            Composition     Deploying   web: at work
          app-database   config-reader   Ready       Read 1 value
          app-web        secret-push     Failed      DescribeSecret: denied
                                                     by a policy that
                                                     somebody has to mend


        """,
        Drawn(hasColor: false, int.MaxValue).WithoutTrailingSpace());

    [Fact]
    public void When_rows_do_not_fit_Ready_ones_are_left_out_first()
    {
        var drawn = Drawn(hasColor: false, maxRows: 2).WithoutTrailingSpace();

        Assert.Contains("app  ", drawn, StringComparison.Ordinal);
        Assert.Contains("app-web", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("app-database", drawn, StringComparison.Ordinal);
        Assert.EndsWith("  … and 1 more\n", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void Phases_have_colours_unless_NO_COLOR_is_set()
    {
        Assert.Contains("\e[91mFailed", Drawn(hasColor: true, int.MaxValue), StringComparison.Ordinal);
        Assert.DoesNotContain("\e[91m", Drawn(hasColor: false, int.MaxValue), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_live_table_disappears_once_everything_is_done_and_notes_stay_whole()
    {
        var written = new StringWriter { NewLine = "\n" };
        await using var table = new LiveTable(new(TextWriter.Null, written) { IsErrorInteractive = true, Width = 70, Height = 20 });

        table.Changed(Rows);
        table.Note($"a long command {new string('x', 100)} that can be copied");
        Assert.Contains("app-database", written.ToString(), StringComparison.Ordinal);
        Assert.Contains($"a long command {new string('x', 100)} that can be copied\n", written.ToString(), StringComparison.Ordinal);
        await table.Ended(Rows);
        var settled = written.ToString();
        table.Changed(Rows);

        Assert.Equal(settled, written.ToString());
    }

    private static string Drawn(bool hasColor, int maxRows)
    {
        var written = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(written, TextWriter.Null) { IsOutInteractive = true, HasColor = hasColor, Width = 70 };
        TerminalConsole.Of(terminal, written).Write(StatusTable.Of(Rows, maxRows));
        return written.ToString();
    }
}
