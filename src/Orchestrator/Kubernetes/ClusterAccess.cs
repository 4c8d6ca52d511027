using System.Security.Cryptography.X509Certificates;
using DeploymentOrchestrator.Resources;
using k8s;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// The address of a Kubernetes API server and our credentials for it: from a kubeconfig file as kubectl reads it (tokens, exec plugins, client certificates),
/// or from what Kubernetes mounts into a Pod. Read to connect, and again when the server no longer accepts the credentials.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/.</remarks>
internal sealed class ClusterAccess
{
    /// <summary>Where a Pod finds its ServiceAccount's token and the cluster's CA.</summary>
    public const string PodFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private readonly string what;
    private readonly Func<KubernetesClientConfiguration> read;

    private ClusterAccess(string what, Func<KubernetesClientConfiguration> read) => (this.what, this.read) = (what, read);

    /// <summary>From a kubeconfig file, with its current or another context.</summary>
    public static ClusterAccess Kubeconfig(string path, string? context = null) =>
        new($"kubeconfig {path}", () => Directory.Exists(path)
            ? throw new IOException("is a folder: name the file in it")
            : KubernetesClientConfiguration.BuildConfigFromConfigFile(path, context));

    /// <summary>From a Pod's ServiceAccount. The token is read for every request, as Kubernetes replaces it.</summary>
    /// <param name="server">The API server.</param>
    /// <param name="folder">Holds <c>token</c> and <c>ca.crt</c>.</param>
    public static ClusterAccess InCluster(Uri server, string folder = PodFolder) => new($"the ServiceAccount in {folder}", () =>
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(folder, "ca.crt"));
        return new() { Host = server.ToString(), SslCaCerts = authorities, TokenProvider = new TokenFile(Path.Combine(folder, "token")) };
    });

    /// <summary>
    /// From the given kubeconfig, else from those in KUBECONFIG, else from the Pod, else from <c>~/.kube/config</c>. Invalid if none exists.
    /// </summary>
    public static ClusterAccess Default(string? kubeconfig, string? context, Func<string, string?> environment)
    {
        if (kubeconfig is not null)
            return Kubeconfig(kubeconfig, context);
        if (environment("KUBECONFIG") is { Length: > 0 } list)
            return Listed(list, context);
        if (environment("KUBERNETES_SERVICE_HOST") is { Length: > 0 } host && environment("KUBERNETES_SERVICE_PORT") is { Length: > 0 } port)
            return InCluster(PodServer(host, port));
        if (environment("HOME") is { Length: > 0 } home && Path.Combine(home, ".kube", "config") is var own && File.Exists(own))
            return Kubeconfig(own, context);
        throw new ResourceException(ResourceError.Invalid,
            "no cluster configured: there is no --kubeconfig, no KUBECONFIG and no ~/.kube/config, and this is not a Pod");
    }

    // The client merges several files only as KUBECONFIG itself lists them, and only with their own current context.
    private static ClusterAccess Listed(string list, string? context) => (list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), context) switch
    {
        ([], _) => throw new ResourceException(ResourceError.Invalid, $"KUBECONFIG lists no file: {list}"),
        ([var one], _) => Kubeconfig(one, context),
        (_, null) => new($"KUBECONFIG {list}", KubernetesClientConfiguration.BuildDefaultConfig),
        _ => throw new ResourceException(ResourceError.Invalid,
            $"KUBECONFIG lists several files ({list}): name the one that has the context {context} with --kubeconfig"),
    };

    /// <summary>The namespace of the kubeconfig's context; null if it has none. Invalid if it cannot be read.</summary>
    public string? Namespace => Read().Namespace is { Length: > 0 } name ? name : null;

    /// <summary>Reads the kubeconfig. Invalid if it is malformed.</summary>
    internal KubernetesClientConfiguration Read() => Use(read);

    /// <summary>Runs what needs the files that the kubeconfig names, such as client certificates. Invalid if these are malformed.</summary>
    internal T Use<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        // The library fails in many ways on a file that is not a kubeconfig; in all cases the file is at fault.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new ResourceException(ResourceError.Invalid, $"{what}: {Reason(e)}", inner: e);
        }
    }

    // After an exec plugin failed, the library's message continues with stack traces.
    private static string Reason(Exception e) => e switch
    {
        YamlDotNet.Core.YamlException yaml => $"invalid kubeconfig: line {yaml.Start.Line}, column {yaml.Start.Column} cannot be read",
        NullReferenceException or InvalidCastException or ArgumentException => "it is empty, or not a kubeconfig",
        // The library prints its own type instead of the context's name.
        k8s.Exceptions.KubeConfigException when e.Message.StartsWith("Cluster not found", StringComparison.Ordinal) =>
            "it has no cluster of the name that the context names",
        _ when e.Message.StartsWith("kubeconfig file not found at", StringComparison.Ordinal) => "no such file",
        _ => e.Message.Split('\n')[0].TrimEnd(),
    };

    private static Uri PodServer(string host, string port) =>
        Uri.TryCreate($"https://{(host.Contains(':') && host[0] != '[' ? $"[{host}]" : host)}:{port}", UriKind.Absolute, out var server)
            ? server
            : throw new ResourceException(
                ResourceError.Invalid, $"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not a host and a port: {host}, {port}");
}
