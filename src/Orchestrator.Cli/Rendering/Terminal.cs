namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Where a command writes: results to <see cref="Out"/>, progress and problems to <see cref="Error"/>.</summary>
/// <param name="DrawnOut">The standard output for text with our own escape sequences; the caller has made foreign text visible.</param>
/// <param name="DrawnError">The standard error for the same.</param>
internal sealed record Terminal(TextWriter DrawnOut, TextWriter DrawnError)
{
    /// <summary>The standard output.</summary>
    public TextWriter Out { get; } = new VisibleWriter(DrawnOut);

    /// <summary>The standard error.</summary>
    public TextWriter Error { get; } = new VisibleWriter(DrawnError);

    /// <summary>Whether <see cref="Out"/> is read by a person: it may be redrawn, and wraps at <see cref="Width"/>.</summary>
    public bool IsOutInteractive { get; init; }

    /// <summary>The same of <see cref="Error"/>.</summary>
    public bool IsErrorInteractive { get; init; }

    /// <summary>Whether to use colours on an interactive output: https://no-color.org.</summary>
    public bool HasColor { get; init; }

    /// <summary>Columns of the window.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Lines of the window.</summary>
    public int Height { get; init; } = 24;

    /// <summary>The process's own.</summary>
    public static Terminal OfProcess()
    {
        var isDumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        var isInteractive = !Console.IsErrorRedirected || !Console.IsOutputRedirected;
        return new(Console.Out, Console.Error)
        {
            IsOutInteractive = !Console.IsOutputRedirected && !isDumb,
            IsErrorInteractive = !Console.IsErrorRedirected && !isDumb,
            HasColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = isInteractive && Console.WindowWidth > 0 ? Console.WindowWidth : 80,
            Height = isInteractive && Console.WindowHeight > 0 ? Console.WindowHeight : 24,
        };
    }
}
