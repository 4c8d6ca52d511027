using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Why a cluster could not be read, with the way out.</summary>
internal static class ClusterProblem
{
    /// <summary>A resource has not the shape of its kind, and this is what is wrong with it.</summary>
    public static string LeftOut(string problem) => $"left out, as no controller can read it: {problem}";

    /// <summary>One sentence.</summary>
    public static string Text(ResourceException problem) => problem.Error switch
    {
        ResourceError.NotServed => $"the cluster does not serve {ApiGroup.ApiVersion}: install the CustomResourceDefinitions with dorch crds | kubectl apply -f -",
        ResourceError.Forbidden => $"the cluster refuses: {problem.Message}",
        ResourceError.Unavailable => $"the cluster cannot be reached: {problem.Message}",
        _ => problem.Message,
    };
}
