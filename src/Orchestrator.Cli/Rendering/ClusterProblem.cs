using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Why a cluster could not be read, and what to do.</summary>
internal static class ClusterProblem
{
    /// <summary>The message about a resource that does not have the shape of its kind.</summary>
    public static string LeftOut(string problem) => $"skipped, because no controller can read it: {problem}";

    /// <summary>One sentence.</summary>
    public static string Text(ResourceException problem) => problem.Error switch
    {
        ResourceError.NotServed =>
            $"the cluster does not serve {ApiGroup.ApiVersion}: install the CustomResourceDefinitions with dorch crds | kubectl apply -f -",
        ResourceError.Forbidden => $"the cluster refuses: {problem.Message}",
        ResourceError.Unavailable => $"the cluster cannot be reached: {problem.Message}",
        _ => problem.Message,
    };
}
