using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>How a bug of the program shows: one line, and a stack trace only on request.</summary>
internal static class UnexpectedError
{
    /// <summary>The option that prints the stack trace.</summary>
    public const string Verbose = "--verbose";

    /// <summary>Prints the error and returns the exit code.</summary>
    public static int Report(Exception error, IReadOnlyList<string> arguments, TextWriter writer)
    {
        writer.WriteLine(Line(error, $"running \"{string.Join(' ', arguments.Prepend("dorch"))}\""));
        if (arguments.Contains(Verbose, StringComparer.Ordinal))
        {
            foreach (var line in error.ToString().Split('\n'))
                writer.WriteLine(line.TrimEnd('\r'));
        }

        return ExitCode.Unexpected;
    }

    /// <summary>The line.</summary>
    public static string Line(Exception error, string doing) =>
        $"dorch: internal error while {doing}: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}. "
        + $"This is a bug in dorch {ProductVersion.Text}: please report it with this line and the input; run it again with {Verbose} for the stack trace";
}
