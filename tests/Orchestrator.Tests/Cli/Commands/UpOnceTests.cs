using System.Diagnostics;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Kubernetes;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed class UpOnceTests : IDisposable
{
    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task Once_ends_when_all_is_Ready_with_the_result_on_stdout_and_progress_on_stderr()
    {
        var run = await CommandLineRun.Of("up", example.Write("app.yaml", Example.App), "--once");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            app-database Ready Read 1 value
            app-credentials SecretCreated created app/credentials
            app-credentials Ready secret app/credentials is in AWS Secrets Manager in eu-west-1
            app Ready 2 of 2 components are Ready

            """,
            run.Error);
        Assert.Equal(
            """
            COMPONENT         HANDLER         PHASE   MESSAGE
            app               Composition     Ready   2 of 2 components are Ready
            app-credentials   secret-push     Ready   secret app/credentials is in AWS Secrets Manager in eu-west-1
            app-database      config-reader   Ready   Read 1 value

            The embedded Secrets Manager and its secrets ended with this program. To read them, run without --once and with
            --secrets-manager-port 4566, or push to AWS with --aws.

            Secret app/credentials in eu-west-1
              fields: host, password
              AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws --endpoint-url http://127.0.0.1:4566 secretsmanager get-secret-value --secret-id app/credentials --region eu-west-1 --query SecretString --output text

            """,
            run.Output);
    }

    [Fact]
    public async Task Json_holds_the_files_resources_and_the_children_and_the_files_may_come_through_a_pipe()
    {
        var run = await CommandLineRun.Of(["up", "-", "--once", "-o", "json"], Example.App);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["ConfigMap database", "Composition app", "Component app-credentials", "Component app-database"],
            JsonNode.Parse(run.Output)!["items"]!.AsArray().Select(i => $"{i!["kind"]} {i["metadata"]!["name"]}"));
    }

    [Fact]
    public async Task Up_once_ends_at_once_with_1_when_nothing_here_can_become_Ready()
    {
        var run = await CommandLineRun.Of("up", example.Write("app.yaml", Example.App.Replace("config-reader", "rds", StringComparison.Ordinal)), "--once");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            $"{example.Folder}/app.yaml:20:5: warning: spec.components[1].type: dorch has no handler \"rds\": an external handler must run for it\n",
            run.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            """
            dorch: not Ready:
              app Pending credentials waits for database: no handler rds is running here
              app-credentials Pending waits for database
              app-database Pending no handler rds is running here

            """,
            run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_once_past_its_timeout_ends_with_1_and_lists_what_is_not_Ready()
    {
        var run = await CommandLineRun.Of("up", example.Write("app.yaml", Example.App), "--once", "--aws", "--cluster-id", "me", "--timeout", "1500ms");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("dorch: not Ready after 1s:\n  app ", run.Error, StringComparison.Ordinal);
        Assert.Contains("\n  app-credentials Deploying ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_reported()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var port = $"{server.Endpoint.Port}";

        var up = await CommandLineRun.Of("up", example.Write("app.yaml", Example.App), "--secrets-manager-port", port);
        var alone = await CommandLineRun.Of("secrets-manager", "--port", port);

        Assert.Equal((1, 1), (up.ExitCode, alone.ExitCode));
        Assert.StartsWith("dorch: the embedded Secrets Manager cannot listen: ", up.Error, StringComparison.Ordinal);
        Assert.EndsWith("in use; choose another port with --secrets-manager-port\n", up.Error, StringComparison.Ordinal);
        Assert.StartsWith($"dorch: cannot listen on port {port}: ", alone.Error, StringComparison.Ordinal);
        Assert.EndsWith("in use; choose another with --port\n", alone.Error, StringComparison.Ordinal);
    }

    // A separate process: the operator logs to the process's standard error.
    [Fact]
    public async Task An_address_that_is_taken_ends_the_operator_with_one_line()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var kubeconfig = example.Write("kubeconfig", KubeconfigText.Of(new("http://127.0.0.1:1"), "token: test"));
        var address = $"127.0.0.1:{server.Endpoint.Port}";

        using var process = Process.Start(DorchProcess.Start(
            Path.GetDirectoryName(kubeconfig)!, server.Endpoint, ["operator", "--kubeconfig", kubeconfig, "--listen", address]))!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"dorch: cannot listen on {address}: ", line, StringComparison.Ordinal);
        Assert.EndsWith("in use; choose another address with --listen", line, StringComparison.Ordinal);
    }
}
