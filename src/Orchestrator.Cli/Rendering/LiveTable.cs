using DeploymentOrchestrator.Cli.Running;
using Spectre.Console;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Progress on a terminal: a table that is redrawn in place while something changes, and is gone once all is settled.</summary>
internal sealed class LiveTable(Terminal terminal) : IProgressView
{
    // The header, the rule below it and an empty line at either end.
    private const int Frame = 5;

    private readonly IAnsiConsole console = TerminalConsole.Of(terminal, terminal.DrawnError);
    private IReadOnlyList<StatusRow> settled = [];
    private Display? display;

    public bool IsRedrawn => true;

    public void Changed(IReadOnlyList<StatusRow> rows)
    {
        if (display is null && rows.SequenceEqual(settled))
            return;
        display ??= new(console);
        display.Show(StatusTable.Of(rows, terminal.Height - Frame));
    }

    public void Waiting(IReadOnlyList<StatusRow> rows) => Changed(rows);

    public async Task Settled(IReadOnlyList<StatusRow> rows)
    {
        settled = rows;
        await DisposeAsync();
    }

    public void Note(string line) => console.Write(new UnwrappedLine(line));

    public async ValueTask DisposeAsync()
    {
        if (display is not null)
            await display.End();
        display = null;
    }

    // Spectre.Console's live display lasts as long as a callback of ours.
    private sealed class Display
    {
        private readonly TaskCompletionSource ended = new();
        private readonly Task running;
        private LiveDisplayContext? context;

        public Display(IAnsiConsole console)
        {
            var live = console.Live(StatusTable.Of([]));
            live.AutoClear = true;
            running = live.StartAsync(started =>
            {
                context = started;
                return ended.Task;
            });
        }

        public void Show(Spectre.Console.Rendering.IRenderable table) => context?.UpdateTarget(table);

        public async Task End()
        {
            ended.TrySetResult();
            await running;
        }
    }
}
