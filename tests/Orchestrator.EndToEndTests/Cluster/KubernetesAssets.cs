namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>The binaries of a Kubernetes control plane, in the folder that KUBEBUILDER_ASSETS names. `./build` and CI set it.</summary>
internal static class KubernetesAssets
{
    private static readonly string[] Binaries = ["etcd", "kube-apiserver", "kube-controller-manager"];

    /// <summary>The folder. Without it, the test is skipped; in CI it fails.</summary>
    public static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") ?? "";
        var isComplete = Binaries.All(b => File.Exists(Path.Combine(folder, b)));
        if (!isComplete && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail("CI needs a Kubernetes control plane: set KUBEBUILDER_ASSETS to the folder that tests/cluster/build-assets prints");
        Assert.SkipUnless(isComplete, "tests on a cluster run where KUBEBUILDER_ASSETS names a folder with "
            + $"{string.Join(", ", Binaries)}: tests/cluster/build-assets builds one, and ./build uses it");
        return folder;
    }
}
