using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>Without controllers, an output may never come: how that is reported, and values for it with <c>--output component.name=value</c>.</summary>
public sealed class GivenOutputTests : IDisposable
{
    private const string Waits =
        "waiting for DBInstance orders: status.endpoint.address, status.endpoint.port; no controller fills in "
        + "status.endpoint.address here: write a default, or pass "
        + "--output database.endpoint=value";

    private static readonly string[] Values = ["--output", "database.endpoint=db.example.com", "--output", "database.port=5432"];

    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    /// <summary>A database whose endpoint and port its controller fills in, and a secret with both.</summary>
    internal static string App(string name = "app", string endpoint = "") => $$$"""
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Composition
        metadata: {name: {{{name}}}}
        spec:
          components:
          - name: credentials
            type: secret-push
            config:
              region: eu-west-1
              secretName: {{{name}}}/credentials
              fields:
                url: {value: "{{ .database.providerStatus.endpoint }}:{{ .database.providerStatus.port }}"}
                port: {value: "{{ .database.providerStatus.port }}"}
                password: {generator: {passwordLength: 20}}
          - name: database
            type: manifest
            config:
              manifests:
              - {apiVersion: rds.services.k8s.aws/v1alpha1, kind: DBInstance, metadata: {name: orders}, spec: {engine: postgres}}
              outputs:
                endpoint: {kind: DBInstance, name: orders, path: status.endpoint.address{{{endpoint}}}}
                port: {kind: DBInstance, name: orders, path: status.endpoint.port}
                engine: {kind: DBInstance, name: orders, path: spec.engine}

        """;

    [Fact]
    public async Task Up_once_ends_at_once_with_1_where_nobody_fills_in_an_output()
    {
        var run = await CommandLineRun.Of("up", example.Write("app.yaml", App()), "--once");

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith(
            $"""
            dorch: not Ready:
              app Failed credentials waits for database: {Waits}
              app-credentials Pending waits for database
              app-database Failed {Waits}

            """,
            run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_for_its_outputs_bring_a_Composition_to_Ready_with_their_types()
    {
        var run = await CommandLineRun.Of(["up", example.Write("app.yaml", App()), "--once", "--output", "json", .. Values]);

        Assert.Equal(0, run.ExitCode);
        var items = JsonNode.Parse(run.Output)!["items"]!.AsArray()
            .ToDictionary(i => $"{i!["kind"]} {i["metadata"]!["name"]}", i => i!, StringComparer.Ordinal);
        Assert.Equal("db.example.com:5432", (string?)items["Component app-credentials"]["spec"]!["config"]!["fields"]!["url"]!["value"]);
        Assert.Equal("5432", items["Component app-database"]["status"]!["providerStatus"]!["port"]!.ToJsonString());
        Assert.Null(items["DBInstance orders"]["status"]);
    }

    [Fact]
    public async Task A_default_needs_no_value_and_a_given_value_wins_over_it()
    {
        var file = example.Write("app.yaml", App(endpoint: ", default: localhost"));

        async Task<string?> Url(params string[] arguments)
        {
            var run = await CommandLineRun.Of(["up", file, "--once", "-o", "json", "--output", "app-database.port=5432", .. arguments]);
            Assert.Equal(0, run.ExitCode);
            return JsonNode.Parse(run.Output)!["items"]!.AsArray().Select(i => (string?)i!["spec"]?["config"]?["fields"]?["url"]?["value"])
                .Single(url => url is not null);
        }

        Assert.Equal("localhost:5432", await Url());
        Assert.Equal("db.example.com:5432", await Url("--output", "database.endpoint=db.example.com"));
    }

    [Fact]
    public async Task A_value_goes_to_the_named_Component_of_two_components_with_one_name()
    {
        var file = example.Write("app.yaml", $"{App()}---\n{App("shop").Replace("orders", "wares", StringComparison.Ordinal)}");

        Assert.Equal(
            new(2, "", "--output database.port: error: several components are named \"database\": write default/app-database.port=VALUE or "
                + "default/shop-database.port=VALUE\n"),
            await CommandLineRun.Of("up", file, "--once", "--output", "database.port=1"));
        var run = await CommandLineRun.Of(
            ["up", file, "--once", "-o", "json", .. Values.Select(v => v.Replace("database.", "default/app-database.", StringComparison.Ordinal)),
                "--output", "shop-database.endpoint=shop", "--output", "shop-database.port=1"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["db.example.com:5432", "shop:1"],
            JsonNode.Parse(run.Output)!["items"]!.AsArray().Where(i => (string?)i!["kind"] == "Component")
                .Select(i => (string?)i!["spec"]!["config"]!["fields"]?["url"]!["value"]).OfType<string>());
    }

    [Fact]
    public async Task A_field_of_an_object_that_config_reader_reads_takes_a_value_too()
    {
        var file = example.Write("app.yaml", """
            {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, ports: [{port: 80}]}}
            ---
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata: {name: entrance}
            spec:
              handler: config-reader
              config:
                sources:
                - {apiVersion: v1, kind: Service, name: web, exports: [{path: "status.loadBalancer.ingress[0].hostname", as: host}]}
                - {name: settings, exports: [{key: zone}]}
            """);

        var without = await CommandLineRun.Of("up", file, "--once", "--output", "entrance.zone=a");
        Assert.Equal(1, without.ExitCode);
        Assert.EndsWith(
            "dorch: not Ready:\n  entrance Failed waiting for Service web: status.loadBalancer.ingress[0].hostname; no controller fills in "
            + "status.loadBalancer.ingress[0].hostname here: write a default, or pass --output entrance.host=value\n", without.Error, StringComparison.Ordinal);
        var with = await CommandLineRun.Of("up", file, "--once", "--output", "entrance.zone=a", "-o", "entrance.host=lb", "-o", "json");
        Assert.Equal(0, with.ExitCode);
        var status = JsonNode.Parse(with.Output)!["items"]!.AsArray().Single(i => (string?)i!["kind"] == "Component")!["status"]!;
        Assert.Equal("""{"host":"lb","zone":"a"}""", status["providerStatus"]!.ToJsonString());
    }

    [Fact]
    public async Task Down_takes_the_same_values_as_up()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var aws = new SecretsManagerOptions { Endpoint = server.Endpoint, Region = "eu-west-1", Credentials = AwsCredentialsSource.AccessKey("a", "b") };
        var file = example.Write("app.yaml", App());
        Task<CommandLineRun> Run(params string[] arguments) => CommandLineRun.Of([.. arguments, file, "--aws", "--cluster-id", "ada"], aws: aws);

        Assert.Equal(0, (await Run(["up", "--once", .. Values])).ExitCode);
        var without = await Run("down");
        Assert.Equal(1, without.ExitCode);
        Assert.Contains($"\n  app-database Failed {Waits}\n", without.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Calls.Snapshot(), c => c.Operation == "DeleteSecret");

        Assert.Equal(0, (await Run(["down", .. Values])).ExitCode);
        Assert.Equal(1, server.Calls.Snapshot().Count(c => c.Operation == "DeleteSecret"));
    }

    [Theory]
    [InlineData("up --once", "databse.endpoint=x", "databse.endpoint: error: there is no component \"databse\"; did you mean \"database\"?")]
    [InlineData("up", "database.endpont=x",
        "database.endpont: error: component \"database\" has no output \"endpont\": there is endpoint, port, engine; did you mean \"endpoint\"?")]
    [InlineData("up", "database.appliedResources=x",
        "database.appliedResources: error: component \"database\" has no output \"appliedResources\": there is endpoint, port, engine")]
    [InlineData("plan", "credentials.secretPath=x", "credentials.secretPath: error: component \"credentials\" is of the handler secret-push: only outputs of "
        + "manifest and config-reader can be given")]
    [InlineData("down --aws --cluster-id ada", "other/database.endpoint=x",
        "other/database.endpoint: error: there is no component \"database\" in namespace other")]
    public async Task A_value_for_an_output_that_the_files_do_not_have_ends_with_2(string command, string value, string error)
    {
        var run = await CommandLineRun.Of([.. command.Split(' '), example.Write("app.yaml", App()), "--output", value]);

        Assert.Equal(new(2, "", $"--output {error}\n"), run);
    }
}
