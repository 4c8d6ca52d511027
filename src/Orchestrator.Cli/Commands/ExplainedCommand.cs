using System.CommandLine;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>A command whose help shows how it is used.</summary>
internal abstract class ExplainedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Command lines that work as they stand.</summary>
    public abstract IReadOnlyList<string> Examples { get; }
}
