using Spectre.Console;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Spectre.Console on one of our terminal's two streams.</summary>
internal static class TerminalConsole
{
    /// <summary>A console that writes to it, with the terminal's own capabilities.</summary>
    public static IAnsiConsole Of(Terminal terminal, TextWriter writer) => AnsiConsole.Create(new()
    {
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        ColorSystem = terminal.HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Enrichment = new() { UseDefaultEnrichers = false },
        Out = new Window(terminal, writer),
    });

    private sealed class Window(Terminal terminal, TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => terminal.Width;

        public int Height => terminal.Height;

        public void SetEncoding(System.Text.Encoding encoding)
        {
            // The process's streams keep theirs.
        }
    }
}
