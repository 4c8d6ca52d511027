using DeploymentOrchestrator.Messages;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>A line that the terminal itself wraps where it must, so that a command in it can be copied whole.</summary>
internal sealed class UnwrappedLine(string text) : Renderable
{
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(VisibleText.Of(text)), Segment.LineBreak];
}
