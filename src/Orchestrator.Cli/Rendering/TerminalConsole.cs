using Spectre.Console;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Spectre.Console on one of our terminal's two streams.</summary>
internal static class TerminalConsole
{
    /// <summary>A console that writes to it, with the terminal's own capabilities.</summary>
    public static IAnsiConsole Of(Terminal terminal, TextWriter writer)
    {
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = terminal.HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Enrichment = new() { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(writer),
        });
        (console.Profile.Width, console.Profile.Height) = (terminal.Width, terminal.Height);
        return console;
    }
}
