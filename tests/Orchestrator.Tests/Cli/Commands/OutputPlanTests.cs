using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>Outputs in a plan: which are known, and which come later, from which object and path.</summary>
public sealed class OutputPlanTests : IDisposable
{
    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task A_plan_names_what_is_known_and_the_object_and_path_of_what_comes_later()
    {
        var run = await CommandLineRun.Of("plan", example.Write("app.yaml", GivenOutputTests.App()));

        Assert.Equal(
            """
            ACTION   COMPONENT         HANDLER       TARGET                      REASON
            create   app-database      manifest      DBInstance default/orders   it does not exist
            wait     app-database      manifest      manifests                   waiting for DBInstance orders: status.endpoint.address, status.endpoint.port
                output engine: known
                output endpoint: later, from DBInstance orders: status.endpoint.address
                output port: later, from DBInstance orders: status.endpoint.port
            wait     app-credentials   secret-push   Component                   waits for database

            Plan: 1 to create, 0 to update, 0 to delete, 0 to leave, 2 to wait for

            """,
            run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task A_default_is_known_and_may_still_change()
    {
        var file = example.Write("app.yaml", GivenOutputTests.App().Replace(
            "path: status.endpoint.address", "path: status.endpoint.address, default: pending", StringComparison.Ordinal));

        Assert.Contains("    output endpoint: its default now, later, from DBInstance orders: status.endpoint.address\n",
            (await CommandLineRun.Of("plan", file)).Output, StringComparison.Ordinal);
        var plan = JsonNode.Parse((await CommandLineRun.Of("plan", file, "-o", "json")).Output)!;
        Assert.Contains("""{"name":"endpoint","known":true,"object":"DBInstance orders","path":"status.endpoint.address"}""",
            plan["items"]![1]!["outputs"]!.ToJsonString(ApiJson.Compact), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_output_has_the_outputs_as_objects()
    {
        var file = example.Write("app.yaml", GivenOutputTests.App());

        var plan = JsonNode.Parse((await CommandLineRun.Of("plan", file, "-o", "json")).Output)!;
        Assert.Equal(
            """[{"name":"engine","known":true},{"name":"endpoint","known":false,"object":"DBInstance orders","path":"status.endpoint.address"},"""
                + """{"name":"port","known":false,"object":"DBInstance orders","path":"status.endpoint.port"}]""",
            plan["items"]![1]!["outputs"]!.ToJsonString(ApiJson.Compact));
        Assert.Null(plan["items"]![0]!["outputs"]);
        Assert.Contains("    path: status.endpoint.port\n", (await CommandLineRun.Of("plan", file, "-o", "yaml")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_values_everything_is_planned()
    {
        var run = await CommandLineRun.Of(
            "plan", example.Write("app.yaml", GivenOutputTests.App()), "--output", "database.endpoint=db", "--output", "database.port=5432");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("secret app/credentials in eu-west-1   it does not exist; after database\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("    output endpoint: known\n    output port: known\n    output engine: known\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\nPlan: 2 to create, 0 to update, 0 to delete, 0 to leave\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependent_of_an_unknown_component_stays_unknown()
    {
        var run = await CommandLineRun.Of("plan", "-o", "json", example.Write("app.yaml", GivenOutputTests.App()
            .Replace("- name: database", "- {name: queue, type: sqs}\n  - name: database", StringComparison.Ordinal)
            .Replace("type: secret-push", "type: secret-push\n    dependsOn: [queue]", StringComparison.Ordinal)));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("unknown", (string?)JsonNode.Parse(run.Output)!["items"]!.AsArray().Single(i => (string?)i!["component"] == "app-credentials")!["action"]);
    }

    [Fact]
    public async Task Standalone_Components_wait_like_entries()
    {
        var run = await CommandLineRun.Of("plan", "-o", "json", example.Write("app.yaml", """
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata: {name: database}
            spec:
              handler: manifest
              config:
                manifests: [{apiVersion: rds.services.k8s.aws/v1alpha1, kind: DBInstance, metadata: {name: orders} }]
                outputs: {endpoint: {kind: DBInstance, name: orders, path: status.endpoint.address}}
            ---
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata: {name: credentials}
            spec:
              handler: secret-push
              config: {region: eu-west-1, secretName: s, fields: {host: {value: "{{ .database.providerStatus.endpoint }}"}}}
            """));

        Assert.Equal(
            ["create database", "wait database", "wait credentials"],
            JsonNode.Parse(run.Output)!["items"]!.AsArray().Select(i => $"{i!["action"]} {i["component"]}"));
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task A_key_of_a_ConfigMap_that_is_not_there_comes_later()
    {
        var run = await CommandLineRun.Of(
            "plan", example.Write("app.yaml", Example.App.Replace("{name: database}\ndata", "{name: other}\ndata", StringComparison.Ordinal)));

        Assert.Equal(
            """
            ACTION   COMPONENT         HANDLER         TARGET      REASON
            wait     app-database      config-reader   values      waits for ConfigMap default/database
                output endpoint: later, from ConfigMap database: data.endpoint
            wait     app-credentials   secret-push     Component   waits for database

            Plan: 0 to create, 0 to update, 0 to delete, 0 to leave, 2 to wait for

            """,
            run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Fields_of_an_object_in_the_cluster_are_known()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        var file = example.Write("app.yaml", GivenOutputTests.App());
        async Task<IEnumerable<string>> Outputs()
        {
            var run = await CommandLineRun.Of(["plan", file, "--cluster", "-o", "json", "--cluster-id", "test"], cluster: cluster.Store);
            return JsonNode.Parse(run.Output)!["items"]!.AsArray().SelectMany(i => i!["outputs"]?.AsArray() ?? []).Select(o => $"{o!["name"]} {o["known"]}");
        }

        Assert.Equal(["engine true", "endpoint false", "port false"], await Outputs());

        var live = await cluster.Store.Create(JsonNode.Parse("""
            {"apiVersion":"rds.services.k8s.aws/v1alpha1","kind":"DBInstance","metadata":{"name":"orders","namespace":"default"},"spec":{"engine":"postgres"}}
            """)!.AsObject(), TestContext.Current.CancellationToken);
        live["status"] = JsonNode.Parse("""{"endpoint":{"address":"db.example.com"}}""");
        await cluster.Store.ReplaceStatus(live, TestContext.Current.CancellationToken);

        Assert.Equal(["endpoint true", "engine true", "port false"], await Outputs());
    }
}
