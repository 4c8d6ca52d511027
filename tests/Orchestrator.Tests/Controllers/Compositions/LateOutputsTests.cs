using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>
/// An endpoint that a simulated controller fills in after the apply, and the secret that uses it. Covers failover-blanks-the-status and
/// database-created-again of tests/field.
/// </summary>
public sealed class LateOutputsTests
{
    private const string App = """
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Composition
        metadata: {name: app, namespace: default}
        spec:
          components:
            - name: database
              type: manifest
              config:
                manifests:
                  - {apiVersion: databases.example.org/v1, kind: DBInstance, metadata: {name: orders}, spec: {engine: postgres}}
                outputs:
                  endpoint: {kind: DBInstance, name: orders, path: status.endpoint.address}
                  port: {kind: DBInstance, name: orders, path: status.endpoint.port}
            - name: creds
              type: secret-push
              config:
                secretName: app/creds
                updatePolicy: AlwaysUpdate
                refreshInterval: 24h
                fields:
                  host: {value: "{{ .database.providerStatus.endpoint }}"}
                  port: {value: "{{ .database.providerStatus.port }}"}
        """;

    private static readonly ResourceType Database = new("databases.example.org", "v1", "DBInstance");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_is_written_before_all_its_outputs_are_there_and_each_value_is_written_once()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await Put(cluster, App);
        await SetStatus(cluster, """{"endpoint": {"address": ""}}""");
        await SetStatus(cluster, """{"endpoint": {"address": "db.example.org"}}""");

        Assert.Equal(0, cluster.Calls("CreateSecret"));
        var database = await cluster.Component("app-database");
        Assert.Equal(Phase.Deploying, database.Status!.Phase);
        Assert.StartsWith("waiting for DBInstance orders: status.endpoint.port; no controller fills in status.endpoint.port here: ", database.Status.Message,
            StringComparison.Ordinal);

        await SetStatus(cluster, """{"endpoint": {"address": "db.example.org", "port": 5432}}""");
        Assert.Equal("""{"host":"db.example.org","port":"5432"}""", await Secret(cluster));
        Assert.Equal(Phase.Ready, (await cluster.Composition("app")).Status!.Phase);

        await SetStatus(cluster, """{"endpoint": {"address": "standby.example.org", "port": 5432}}""");
        Assert.Equal("""{"host":"standby.example.org","port":"5432"}""", await Secret(cluster));
        Assert.Equal((1, 1), (cluster.Calls("CreateSecret"), cluster.Calls("UpdateSecret")));
    }

    [Fact]
    public async Task A_failover_that_blanks_the_status_does_not_blank_the_secret()
    {
        await using var cluster = await WithDatabase();

        await SetStatus(cluster, """{"endpoint": {"address": ""}}""");
        await cluster.Restart();
        await cluster.Advance(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));

        Assert.Equal("""{"host":"db.example.org","port":"5432"}""", await Secret(cluster));
        Assert.Equal((1, 0), (cluster.Calls("CreateSecret"), cluster.Calls("UpdateSecret")));
        var database = await cluster.Component("app-database");
        Assert.Equal(Phase.Ready, database.Status!.Phase);
        Assert.Contains("endpoint, port keep their last values, as it is gone from DBInstance orders: ", database.Status.Message, StringComparison.Ordinal);
        Assert.Equal(2, cluster.Events.Count(e => e == "app-database: OutputKept"));
    }

    [Fact]
    public async Task A_recreated_database_provides_its_new_endpoint_and_never_the_old_one()
    {
        await using var cluster = await WithDatabase();

        await cluster.Delete("orders", Database);
        await RunUntilQuiet(cluster);

        Assert.Equal(Phase.Deploying, (await cluster.Component("app-database")).Status!.Phase);
        Assert.Equal(["appliedResources"], (await cluster.Component("app-database")).Status!.ProviderStatus!.Select(o => o.Key));
        Assert.Equal("""{"host":"db.example.org","port":"5432"}""", await Secret(cluster));

        await SetStatus(cluster, """{"endpoint": {"address": "new.example.org", "port": 5433}}""");
        Assert.Equal("""{"host":"new.example.org","port":"5433"}""", await Secret(cluster));
        Assert.Equal((1, 1), (cluster.Calls("CreateSecret"), cluster.Calls("UpdateSecret")));
    }

    [Fact]
    public async Task A_changed_output_path_and_its_references_take_effect_together()
    {
        await using var cluster = await WithDatabase();

        await Put(cluster, App.Replace("status.endpoint.address", "status.readerEndpoint", StringComparison.Ordinal)
            .Replace("host: {value: \"", "host: {value: \"ro-", StringComparison.Ordinal));
        Assert.Equal("""{"host":"db.example.org","port":"5432"}""", await Secret(cluster));

        await SetStatus(cluster, """{"endpoint": {"address": "db.example.org", "port": 5432}, "readerEndpoint": "reader.example.org"}""");
        Assert.Equal("""{"host":"ro-reader.example.org","port":"5432"}""", await Secret(cluster));
        Assert.Equal((1, 1), (cluster.Calls("CreateSecret"), cluster.Calls("UpdateSecret")));
    }

    [Fact]
    public async Task The_deployment_timeout_ends_the_wait_for_an_output()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await Put(cluster, App);

        await cluster.Advance(TimeSpan.FromMinutes(31), TimeSpan.FromSeconds(30));

        var database = await cluster.Component("app-database");
        Assert.Equal(Phase.Failed, database.Status!.Phase);
        Assert.StartsWith("not ready after 30m: waiting for DBInstance orders: status.endpoint.address, status.endpoint.port", database.Status.Message,
            StringComparison.Ordinal);

        await SetStatus(cluster, """{"endpoint": {"address": "db.example.org", "port": 5432}}""");
        Assert.Equal(Phase.Ready, (await cluster.Composition("app")).Status!.Phase);
    }

    [Fact]
    public async Task The_Composition_controller_refuses_an_undeclared_output()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();

        await Put(cluster, App.Replace(".endpoint }}", ".endpiont }}", StringComparison.Ordinal));

        var status = (await cluster.Composition("app")).Status!;
        Assert.Equal("spec.components[1].config.fields.host.value: component \"database\" has no output \"endpiont\": there is endpoint, port, "
            + "appliedResources; did you mean \"endpoint\"?", status.Message);
        Assert.Equal("InvalidConfig", status.Conditions!.First(c => c.Type == Condition.Ready).Reason);
        Assert.Null(await cluster.Store.Get(Database, new("default", "orders"), Cancellation));
    }

    // Everything exists and has the first endpoint.
    private static async Task<EmbeddedCluster> WithDatabase()
    {
        var cluster = await EmbeddedCluster.StartAsync();
        await Put(cluster, App);
        await SetStatus(cluster, """{"endpoint": {"address": "db.example.org", "port": 5432}}""");
        return cluster;
    }

    private static async Task Put(EmbeddedCluster cluster, string yaml)
    {
        await cluster.Put(YamlText.Read(yaml, out _).Single()!.AsObject());
        await RunUntilQuiet(cluster);
    }

    private static async Task SetStatus(EmbeddedCluster cluster, string status)
    {
        var live = (await cluster.Store.Get(Database, new("default", "orders"), Cancellation))!;
        live["status"] = JsonNode.Parse(status);
        await cluster.Store.ReplaceStatus(live, Cancellation);
        await RunUntilQuiet(cluster);
    }

    // Reconciles caused by changes are a second apart, and so are the status writes of a Composition.
    private static Task RunUntilQuiet(EmbeddedCluster cluster) => cluster.Advance(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(1));

    private static async Task<string?> Secret(EmbeddedCluster cluster) =>
        (await cluster.ByHand("GetSecretValue", new { SecretId = "app/creds" })).Ok().Text("SecretString");
}
