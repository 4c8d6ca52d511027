using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary><c>dorch plan</c> from files alone and against a Secrets Manager, from which it only reads.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task A_plan_from_files_alone_creates_everything_in_order()
    {
        var run = await CommandLineRun.Of("plan", example.Write("app.yaml", Example.App));

        Assert.Equal(
            new(
                0,
                """
                ACTION   COMPONENT         HANDLER         TARGET                                REASON
                create   app-database      config-reader   Component                             Read 1 value
                    output endpoint: known
                create   app-credentials   secret-push     secret app/credentials in eu-west-1   it does not exist; after database
                    + host: static
                    + password: generated, 20 characters

                Plan: 2 to create, 0 to update, 0 to delete, 0 to leave

                """,
                "dorch: no cluster and no AWS were queried, so everything shows as new: add --aws or --cluster\n"),
            run);
    }

    [Fact]
    public async Task A_plan_as_JSON_is_a_list_and_a_summary()
    {
        var run = await CommandLineRun.Of("plan", example.Write("app.yaml", Example.App), "-o", "json");

        var plan = JsonNode.Parse(run.Output)!;
        Assert.Equal("Plan", (string?)plan["kind"]);
        Assert.Equal(
            """{"component":"app-credentials","namespace":"default","handler":"secret-push","action":"create","target":"secret app/credentials in """
                + """eu-west-1","reason":"it does not exist; after database","changes":["+ host: static","+ password: generated, 20 characters"]}""",
            plan["items"]![1]!.ToJsonString(DeploymentOrchestrator.Api.ApiJson.Compact));
        Assert.Equal((2, 0), ((int)plan["summary"]!["create"]!, (int)plan["summary"]!["unknown"]!));
    }

    [Fact]
    public async Task A_plan_that_depends_on_a_foreign_handler_is_incomplete_and_no_success()
    {
        var run =
            await CommandLineRun.Of("plan", example.Write("app.yaml", Example.App.Replace("config-reader", "rds", StringComparison.Ordinal)), "-o", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            ["create app-database Component: the handler rds is not part of dorch and runs elsewhere",
                "unknown app-credentials Component: waits for database"], Items(run));
    }

    [Fact]
    public async Task Manifests_are_created_each_and_two_on_one_object_conflict()
    {
        static string Manifest(string name, string dependsOn) => $$"""
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata: {name: {{name}}}
            spec:
              handler: manifest
              {{dependsOn}}
              config: {manifests: [{apiVersion: v1, kind: ConfigMap, metadata: {name: one} }]}
            ---

            """;
        var run = await CommandLineRun.Of("plan", example.Write("app.yaml", Manifest("a", "") + Manifest("b", "dependsOn: [a]")), "-o", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("create a ConfigMap default/one: it does not exist", Items(run)[0]);
        Assert.StartsWith("conflict b manifests: manifests[0]: ConfigMap default/one belongs to Component default/a", Items(run)[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_of_invalid_files_ends_with_2()
    {
        var run = await CommandLineRun.Of("plan",
            example.Write("app.yaml", Example.App.Replace("passwordLength: 20", "passwordLength: 0", StringComparison.Ordinal)));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Against_AWS_a_plan_predicts_each_step_of_a_secrets_life_and_calls_only_DescribeSecret()
    {
        await using var server = await SecretsManagerServer.StartAsync(new() { RememberGenerated = true }, TestContext.Current.CancellationToken);
        var file = example.Write("app.yaml", Example.App);
        await AssertPlan(server, file, "ada", "create app-credentials secret app/credentials in eu-west-1: it does not exist; after database");
        await Up(server, file, "ada");

        await AssertPlan(server, file, "ada", "leave app-credentials secret app/credentials in eu-west-1: updatePolicy is IfNotExists: its value is kept");
        await AssertPlan(server, file, "bob",
            "leave app-credentials secret app/credentials in eu-west-1: the secret exists and belongs to ada/default/app-credentials: left untouched; set "
            + "adopt: true to take it over");
        var adopt = example.Write("adopt.yaml", Example.App.Replace("fields:", "adopt: true\n      fields:", StringComparison.Ordinal));
        await AssertPlan(server, adopt, "bob",
            "take-over app-credentials secret app/credentials in eu-west-1: it belongs to ada/default/app-credentials, and adopt is true: its value is kept");
        var always = example.Write("always.yaml", Example.App.Replace("fields:", "updatePolicy: AlwaysUpdate\n      fields:", StringComparison.Ordinal));
        await AssertPlan(server, always, "bob", 1,
            "conflict app-credentials secret app/credentials in eu-west-1: the secret \"app/credentials\" belongs to ada/default/app-credentials: choose "
            + "another secretName, or set adopt: true to take it over");

        var changed = example.Write("changed.yaml", Example.App.Replace("passwordLength: 20", "passwordLength: 30", StringComparison.Ordinal));
        await AssertPlan(server, changed, "ada",
            "leave app-credentials secret app/credentials in eu-west-1: fields changed after the secret was written, and IfNotExists leaves its value: "
            + "set updatePolicy: AlwaysUpdate, or delete and recreate the Component");
        var both = example.Write("both.yaml", (await File.ReadAllTextAsync(changed, TestContext.Current.CancellationToken))
            .Replace("fields:", "updatePolicy: AlwaysUpdate\n      fields:", StringComparison.Ordinal));
        await AssertPlan(server, both, "ada",
            "update app-credentials secret app/credentials in eu-west-1: its fields changed, and updatePolicy is AlwaysUpdate: every generated value is "
            + "new; after database");
        var described = example.Write("described.yaml", Example.App.Replace("fields:", "description: what it is for\n      fields:", StringComparison.Ordinal));
        await AssertPlan(server, described, "ada",
            "update app-credentials secret app/credentials in eu-west-1: only its KMS key, description or tags change: its value is kept; after database");

        Assert.Equal(0, (await CommandLineRun.Of(["down", file, "--aws", "--cluster-id", "ada"], aws: At(server))).ExitCode);
        await AssertPlan(server, file, "ada",
            "restore app-credentials secret app/credentials in eu-west-1: it was scheduled for deletion, and its value is kept");
        await AssertPlan(server, always, "ada",
            "restore app-credentials secret app/credentials in eu-west-1: it was scheduled for deletion, and every generated value is new");
    }

    [Fact]
    public async Task A_plan_that_lacks_a_right_reports_it_and_is_not_a_success()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        server.Faults.Queue("DescribeSecret", Fault.AccessDenied, 5);

        var run = await Plan(server, example.Write("app.yaml", Example.App), "ada");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("fail app-credentials secret app/credentials in eu-west-1: needs secretsmanager:DescribeSecret: ", Items(run)[1],
            StringComparison.Ordinal);
    }

    private static async Task Up(SecretsManagerServer server, string file, string clusterId) =>
        Assert.Equal(0, (await CommandLineRun.Of(["up", file, "--once", "--aws", "--cluster-id", clusterId], aws: At(server))).ExitCode);

    private static Task AssertPlan(SecretsManagerServer server, string file, string clusterId, string line) => AssertPlan(server, file, clusterId, 0, line);

    private static async Task AssertPlan(SecretsManagerServer server, string file, string clusterId, int exitCode, string line)
    {
        var before = server.Calls.Snapshot().Count;
        var run = await Plan(server, file, clusterId);

        Assert.Equal((exitCode, line), (run.ExitCode, Items(run)[1]));
        Assert.Equal("", run.Error);
        var calls = server.Calls.Snapshot().Skip(before).Select(c => c.Operation).ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, operation => Assert.Equal("DescribeSecret", operation));
    }

    private static Task<CommandLineRun> Plan(SecretsManagerServer server, string file, string clusterId) =>
        CommandLineRun.Of(["plan", file, "--aws", "--cluster-id", clusterId, "-o", "json"], aws: At(server));

    private static List<string> Items(CommandLineRun run) =>
        [.. JsonNode.Parse(run.Output)!["items"]!.AsArray().Select(i => $"{i!["action"]} {i["component"]} {i["target"]}: {i["reason"]}")];

    private static SecretsManagerOptions At(SecretsManagerServer server) =>
        EmbeddedAws.CommandLine(server.Endpoint);
}
