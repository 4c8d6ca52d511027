namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>What <c>dorch down</c> deletes, and what it leaves.</summary>
public sealed class DownTests
{
    [Fact]
    public async Task Down_deletes_what_up_created_dependents_first()
    {
        await using var secretsManager = await SecretsManagerProcess.Start();
        (await Dorch.Run(secretsManager.Environment, "up", "examples/myapp", "--once", "--aws", "--cluster-id", "laptop")).Exited(0);

        var down = (await Dorch.Run(secretsManager.Environment, "down", "examples/myapp", "--aws", "--cluster-id", "laptop")).Exited(0);

        Assert.NotNull((await secretsManager.Describe("myapp/prod/credentials"))!["DeletedDate"]);
        var errors = down.Errors;
        Assert.True(errors.IndexOf("myapp-creds-pull", StringComparison.Ordinal) < errors.IndexOf("myapp-app-credentials", StringComparison.Ordinal), errors);
        Assert.True(errors.IndexOf("myapp-app-credentials", StringComparison.Ordinal) < errors.IndexOf("myapp-database", StringComparison.Ordinal), errors);
    }

    [Fact]
    public async Task Down_leaves_a_secret_with_deletionPolicy_Retain()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("retained.yaml", """
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata:
              name: retained
            spec:
              handler: secret-push
              config:
                secretName: team/retained/one
                deletionPolicy: Retain
                fields:
                  token:
                    generator:
                      passwordLength: 20
            """);
        await using var secretsManager = await SecretsManagerProcess.Start();
        (await Dorch.Run(secretsManager.Environment, "up", file, "--once", "--aws", "--cluster-id", "laptop")).Exited(0);
        (await Dorch.Run(secretsManager.Environment, "down", file, "--aws", "--cluster-id", "laptop")).Exited(0);

        Assert.Null((await secretsManager.Describe("team/retained/one"))!["DeletedDate"]);
    }
}
