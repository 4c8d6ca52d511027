using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>What a command has from the process.</summary>
internal sealed record CommandContext(Terminal Terminal, Stream Input, TimeProvider Time)
{
    /// <summary>How <c>--aws</c> reaches AWS; by default as every AWS tool does, from the environment and the profile.</summary>
    public SecretsManagerOptions Aws { get; init; } = new();

    /// <summary>How a command that looks at a cluster reaches it, by a kubeconfig and its context; by default as kubectl does.</summary>
    public Func<string?, string?, TimeProvider, ReachedCluster> FindCluster { get; init; } = ReachedCluster.Find;
}
