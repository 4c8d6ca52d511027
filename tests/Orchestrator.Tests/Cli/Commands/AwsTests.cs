using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed class AwsTests : IDisposable
{
    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task Up_with_invalid_files_ends_with_2_and_calls_nothing()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var run = await CommandLineRun.Of(
            ["up", example.Write("app.yaml", Example.App.Replace("passwordLength: 20", "passwordLength: 0", StringComparison.Ordinal)), "--once", "--aws",
                "--cluster-id", "me"], aws: At(server));

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith($"{example.Folder}/app.yaml:18:32: error: spec.components[0].config.fields.password.generator.passwordLength: ", run.Error,
            StringComparison.Ordinal);
        Assert.Empty(server.Calls.Snapshot());
    }

    [Fact]
    public async Task In_AWS_the_same_cluster_id_finds_its_secret_and_another_leaves_it_and_down_deletes_it()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var file = example.Write("app.yaml", Example.App);

        Assert.Equal(0, (await CommandLineRun.Of(["up", file, "--once", "--aws", "--cluster-id", "ada"], aws: At(server))).ExitCode);
        Assert.Equal(0, (await CommandLineRun.Of(["up", file, "--once", "--aws", "--cluster-id", "ada"], aws: At(server))).ExitCode);
        Assert.Equal(1, server.Calls.Snapshot().Count(c => c.Operation is "CreateSecret" or "UpdateSecret" or "PutSecretValue"));

        var other = await CommandLineRun.Of(["down", file, "--aws", "--cluster-id", "bob"], aws: At(server));
        Assert.Equal(0, other.ExitCode);
        Assert.Contains("left app/credentials in place: it belongs to ada/default/app-credentials", other.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Calls.Snapshot(), c => c.Operation == "DeleteSecret");

        var down = await CommandLineRun.Of(["down", file, "--aws", "--cluster-id", "ada", "-o", "json"], aws: At(server));
        Assert.Equal(0, down.ExitCode);
        Assert.Equal("""{"apiVersion":"v1","kind":"List","items":[]}""", JsonNode.Parse(down.Output)!.ToJsonString());
        Assert.Equal(
            """
            app-credentials SecretDeleted scheduled app/credentials for deletion in 30 days (until then it can be restored): the Component is deleted, and deletionPolicy is Delete
            app-credentials deleted
            app-database deleted
            app deleted

            """.Split('\n').Order(StringComparer.Ordinal),
            down.Error.Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal(1, server.Calls.Snapshot().Count(c => c.Operation == "DeleteSecret"));
    }

    [Fact]
    public async Task A_standalone_Component_is_deleted_before_the_one_its_secretName_refers_to()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var file = example.Write("app.yaml", """
            {apiVersion: v1, kind: ConfigMap, metadata: {name: names}, data: {secret: from/elsewhere}}
            ---
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata: {name: names}
            spec: {handler: config-reader, config: {sources: [{name: names, exports: [{key: secret}]}]}}
            ---
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata: {name: credentials}
            spec:
              handler: secret-push
              config:
                region: eu-west-1
                secretName: "{{ .names.providerStatus.secret }}"
                fields: {password: {generator: {passwordLength: 20}}}
            """);

        Assert.Equal(0, (await CommandLineRun.Of(["up", file, "--once", "--aws", "--cluster-id", "ada"], aws: At(server))).ExitCode);
        var down = await CommandLineRun.Of(["down", file, "--aws", "--cluster-id", "ada"], aws: At(server));

        Assert.Equal(0, down.ExitCode);
        Assert.Contains("scheduled from/elsewhere for deletion in 30 days", down.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Down_reports_the_secrets_that_it_could_not_resolve()
    {
        var run = await CommandLineRun.Of("down", example.Write("app.yaml", Example.App.Replace("config-reader", "rds", StringComparison.Ordinal)), "--aws",
            "--cluster-id", "ada");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "dorch: could not resolve these, so their secrets were not deleted:\n  app-credentials Pending waits for database\n", run.Error,
            StringComparison.Ordinal);
    }

    private static SecretsManagerOptions At(SecretsManagerServer server) =>
        EmbeddedAws.CommandLine(server.Endpoint);
}
