namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>What is said of an exception that nobody foresaw: one line, and no stack trace unless somebody asks for it.</summary>
internal static class UnexpectedError
{
    /// <summary>The option that asks for it.</summary>
    public const string Verbose = "--verbose";

    /// <summary>Says what happened and what was being done, and returns the exit code.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="writer">Where to say it.</param>
    public static int Report(Exception error, IReadOnlyList<string> arguments, TextWriter writer)
    {
        writer.WriteLine(Line(error, $"\"{string.Join(' ', arguments.Prepend("dorch"))}\""));
        if (arguments.Contains(Verbose, StringComparer.Ordinal))
        {
            foreach (var line in error.ToString().Split('\n'))
                writer.WriteLine(line.TrimEnd('\r'));
        }

        return ExitCode.Unexpected;
    }

    /// <summary>The one line.</summary>
    public static string Line(Exception error, string doing) =>
        $"dorch: an error of its own ended {doing}: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} "
        + $"Report it as a bug with this line and the input that led to it; {Verbose} adds the stack trace";
}
