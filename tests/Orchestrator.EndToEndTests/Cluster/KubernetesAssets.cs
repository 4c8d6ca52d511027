namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>The binaries of a Kubernetes control plane: where KUBEBUILDER_ASSETS says, or where tests/cluster/build-assets puts them.</summary>
internal static class KubernetesAssets
{
    private static readonly string[] Binaries = ["etcd", "kube-apiserver", "kube-controller-manager"];

    /// <summary>The folder; the test is skipped where there is none, and fails in CI.</summary>
    public static string Folder()
    {
        var folder = Candidates().FirstOrDefault(f => Binaries.All(b => File.Exists(Path.Combine(f, b))));
        if (folder is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail("there is no Kubernetes to test on, and in CI there has to be one: run tests/cluster/build-assets first");
        Assert.SkipWhen(folder is null, "there is no Kubernetes to test on: run tests/cluster/build-assets, or set KUBEBUILDER_ASSETS to a folder with "
            + string.Join(", ", Binaries));
        return folder!;
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } assets)
            yield return assets;
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        yield return Path.Combine(cache, "deployment-orchestrator", "kubernetes-1.20.2");
    }
}
