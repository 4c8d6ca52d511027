using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>A command whose help shows how it is used.</summary>
internal abstract class ExplainedCommand(CommandContext context, string name, string description) : Command(name, description)
{
    /// <summary>How long <c>up --once</c> and <c>down</c> wait by default.</summary>
    protected static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Command lines that work as they are.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Adds an option and returns it.</summary>
    protected T With<T>(T option)
        where T : Option
    {
        Options.Add(option);
        return option;
    }

    /// <summary>Adds the arguments and returns them.</summary>
    protected Argument<string[]> With(Argument<string[]> argument)
    {
        Arguments.Add(argument);
        return argument;
    }

    /// <summary>Sets the action of the command. An interruption has its own exit code.</summary>
    protected void Runs(Func<ParseResult, CancellationToken, Task<int>> run) => SetAction(async (parsed, cancellation) =>
    {
        try
        {
            return await run(parsed, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await context.Terminal.Error.WriteLineAsync("dorch: interrupted");
            return ExitCode.Interrupted;
        }
    });
}

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

/// <summary>The command's access to the process.</summary>
internal sealed record CommandContext(Terminal Terminal, Stream Input, TimeProvider Time)
{
    /// <summary>How <c>--aws</c> reaches AWS; by default as every AWS tool does, from the environment and the profile.</summary>
    public SecretsManagerOptions Aws { get; init; } = new();

    /// <summary>Connects to the cluster, given a kubeconfig and its context; by default as kubectl does.</summary>
    public Func<string?, string?, TimeProvider, ClusterConnection> FindCluster { get; init; } = ClusterConnection.Find;
}
