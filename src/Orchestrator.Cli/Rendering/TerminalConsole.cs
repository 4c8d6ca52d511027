using DeploymentOrchestrator.Messages;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Spectre.Console on one of our terminal's two streams.</summary>
internal static class TerminalConsole
{
    /// <summary>
    /// A console that writes to it, with the terminal's own capabilities. It colours and moves the cursor itself, and writes given text as <see
    /// cref="VisibleText"/>.
    /// </summary>
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
        console.Pipeline.Attach(new VisibleHook());
        return console;
    }

    // The hook attached first is called last: it also sees what a live table adds.
    private sealed class VisibleHook : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(r => new Visible(r));
    }

    private sealed class Visible(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth).Select(segment =>
            segment.IsControlCode || segment.IsLineBreak || !VisibleText.HasHidden(segment.Text)
                ? segment : new Segment(VisibleText.Of(segment.Text), segment.Style));
    }
}
