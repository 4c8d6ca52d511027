using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Progress on a terminal: a table that is redrawn in place, and removed at the end.</summary>
internal sealed class LiveTable(Terminal terminal) : IProgressView
{
    // The header, the rule below it and an empty line at either end.
    private const int Frame = 5;

    private readonly IAnsiConsole console = TerminalConsole.Of(terminal, terminal.DrawnError);
    private IReadOnlyList<StatusRow> last = [];

    // Spectre.Console's live display lasts as long as a callback of ours.
    private LiveDisplayContext? display;
    private TaskCompletionSource ended = new();
    private Task displaying = Task.CompletedTask;

    public bool IsRedrawn => true;

    public void Changed(IReadOnlyList<StatusRow> rows)
    {
        if (displaying.IsCompleted)
        {
            if (rows.SequenceEqual(last))
                return;
            Start();
        }

        display?.UpdateTarget(StatusTable.Of(rows, terminal.Height - Frame));
    }

    public async Task Ended(IReadOnlyList<StatusRow> rows)
    {
        last = rows;
        await DisposeAsync();
    }

    public void Note(string line) => console.Write(new UnwrappedLine(line));

    public async ValueTask DisposeAsync()
    {
        ended.TrySetResult();
        await displaying;
        display = null;
    }

    private void Start()
    {
        ended = new();
        var live = console.Live(StatusTable.Of([]));
        live.AutoClear = true;
        displaying = live.StartAsync(started =>
        {
            display = started;
            return ended.Task;
        });
    }
}

/// <summary>A line that only the terminal wraps, so that a command in it can be copied whole.</summary>
internal sealed class UnwrappedLine(string text) : Renderable
{
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(VisibleText.Of(text)), Segment.LineBreak];
}
