using System.CommandLine;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The options that say which cluster a command reaches.</summary>
internal sealed class ClusterOptions
{
    public ClusterOptions(Command command)
    {
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
    }

    public Option<string?> Kubeconfig { get; } = new("--kubeconfig")
    {
        Description = "The kubeconfig file (default: KUBECONFIG, the Pod's ServiceAccount, ~/.kube/config)",
        HelpName = "file",
    };

    public Option<string?> Context { get; } = new("--context") { Description = "The kubeconfig's context (default: its current one)", HelpName = "name" };

    /// <summary>The cluster, for a command that looks at it; nothing is sent yet.</summary>
    public ReachedCluster Find(ParseResult parsed, CommandContext context) =>
        context.FindCluster(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), context.Time);

    /// <summary>Looks at a cluster, and prints what it refuses. A kubeconfig that cannot be read counts as wrong usage.</summary>
    public static async Task<int> Look(CommandContext context, Func<Task<int>> look)
    {
        try
        {
            return await look();
        }
        catch (ResourceException e)
        {
            await context.Terminal.Error.WriteLineAsync($"dorch: {Text(e)}");
            return e.Error == ResourceError.Invalid ? ExitCode.Invalid : ExitCode.Failed;
        }
    }

    /// <summary>The line about a resource that does not have the shape of its kind.</summary>
    public static string LeftOut(string problem) => $"dorch: skipped, because no controller can read it: {problem}";

    private static string Text(ResourceException problem) => problem.Error switch
    {
        ResourceError.NotServed =>
            $"the cluster does not serve {ApiGroup.ApiVersion}: install the CustomResourceDefinitions with dorch crds | kubectl apply -f -",
        ResourceError.Forbidden => $"the cluster refuses: {problem.Message}",
        ResourceError.Unavailable => $"the cluster cannot be reached: {problem.Message}",
        _ => problem.Message,
    };
}
