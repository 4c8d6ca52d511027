using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>The cluster that a command reads, with its default namespace.</summary>
internal sealed class ClusterConnection(IResourceStore store, string @namespace, IDisposable? connection = null) : IDisposable
{
    public IResourceStore Store => store;

    /// <summary>The default namespace, from the kubeconfig's context.</summary>
    public string Namespace => @namespace;

    /// <summary>Finds the cluster as kubectl does; nothing is sent yet.</summary>
    /// <exception cref="ResourceException">Invalid: no cluster is given, or the kubeconfig cannot be read.</exception>
    public static ClusterConnection Find(string? kubeconfig, string? context, TimeProvider time)
    {
        var access = ClusterAccess.Default(kubeconfig, context, Environment.GetEnvironmentVariable);
        var store = new KubernetesResourceStore(access, time, NullLogger.Instance);
        return new(store, access.Namespace ?? "default", store);
    }

    /// <summary>The cluster's identity: the uid of its namespace kube-system. A rebuilt cluster has another one, unless <c>--cluster-id</c> sets
    /// it.</summary>
    /// <exception cref="ResourceException">NotFound: the namespace does not exist; or the cluster refuses.</exception>
    public static async Task<string> IdOf(IResourceStore cluster, CancellationToken cancellation) =>
        (string?)(await cluster.Get(ResourceType.Namespace, new(null, "kube-system"), cancellation))?["metadata"]?["uid"]
        ?? throw new ResourceException(ResourceError.NotFound, "there is no namespace kube-system: set the cluster's id with --cluster-id");

    public void Dispose() => connection?.Dispose();
}
