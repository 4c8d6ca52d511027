namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>The real kubectl, as admin.</summary>
internal sealed class Kubectl(string kubeconfig)
{
    /// <summary>Skips the test if kubectl is missing.</summary>
    public static void MustBeThere() => Assert.SkipUnless(Tools.Has("kubectl"), "kubectl is not on PATH");

    /// <summary>Runs it to its end; it must succeed.</summary>
    public async Task<string> Run(params string[] arguments) => (await Try(arguments)).Exited(0).Output;

    /// <summary>Runs it to its end.</summary>
    public async Task<Ended> Try(params string[] arguments)
    {
        // kubectl caches discovery in HOME, by the server's host and port.
        using var home = new TemporaryFolder();
        return await RunningProcess.Run(["kubectl", "--kubeconfig", kubeconfig, .. arguments],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = home.Path });
    }
}
