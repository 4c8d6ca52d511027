namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed class UpPoliciesTests : IDisposable
{
    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task Up_does_not_enforce_policies_and_says_so_when_the_files_have_some()
    {
        var run = await CommandLineRun.Of("up", "--once", example.Write("app.yaml", Example.App), example.Write("policy.yaml", """
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: SecretPolicy
            metadata:
              name: none
            spec:
              namespaces: {}
            """));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(
            "policy.yaml:1:1: warning: dorch up enforces no SecretPolicies, since its user is the administrator: dorch plan shows what they deny\n", run.Error,
            StringComparison.Ordinal);
    }
}
