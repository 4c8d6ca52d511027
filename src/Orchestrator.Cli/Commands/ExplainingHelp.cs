using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The library's help, and below it examples and exit codes.</summary>
internal sealed class ExplainingHelp(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is ExplainedCommand command)
            Write(output, "Examples:", command.Examples);
        Write(output, "Exit codes:", ExitCode.Help);
        return ExitCode.Done;
    }

    private static void Write(TextWriter output, string title, IEnumerable<string> lines)
    {
        output.WriteLine(title);
        foreach (var line in lines)
            output.WriteLine($"  {line}");
        output.WriteLine();
    }
}
