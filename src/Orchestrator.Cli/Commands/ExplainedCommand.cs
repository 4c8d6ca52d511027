using System.CommandLine;

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

    /// <summary>Sets what the command does. An interruption has its own exit code.</summary>
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
