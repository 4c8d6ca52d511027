using System.CommandLine;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The options that choose the cluster of a command.</summary>
internal sealed class ClusterOptions
{
    public ClusterOptions(Command command)
    {
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
    }

    public Option<string?> Kubeconfig { get; } = Parameters.Text("--kubeconfig", "file",
        "The kubeconfig file (default: KUBECONFIG, the Pod's ServiceAccount, ~/.kube/config)", "name a file", file => file.Length > 0);

    public Option<string?> Context { get; } = Parameters.Text("--context", "name",
        "The kubeconfig's context (default: its current one)", "name a context of the kubeconfig", name => name.Length > 0);

    /// <summary>The cluster, for a command that reads it; nothing is sent yet.</summary>
    public ClusterConnection Find(ParseResult parsed, CommandContext context) =>
        context.FindCluster(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), context.Time);

    /// <summary>Runs a command that reads the cluster, and prints what the cluster refuses. An unreadable kubeconfig is a usage error.</summary>
    public static async Task<int> Run(CommandContext context, Func<Task<int>> command)
    {
        try
        {
            return await command();
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
