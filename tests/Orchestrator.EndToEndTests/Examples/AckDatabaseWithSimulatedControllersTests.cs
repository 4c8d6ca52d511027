using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.ExternalSecrets;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Examples;

/// <summary>
/// examples/ack-database on a real API server, as docs/guides/database.md describes it. The test simulates ACK, External Secrets Operator and the kubelet.
/// </summary>
[Collection(OwnCluster.Name)]
public sealed class AckDatabaseWithSimulatedControllersTests(OwnCluster own) : ExampleOnClusterTest(own, "ack-database", "orders")
{
    private const string Secret = "orders/prod/database";
    private const string AckFinalizer = "finalizers.rds.services.k8s.aws/DBInstance";
    private const string Endpoint = "orders.c9akciq32.us-east-1.rds.amazonaws.com";

    private static readonly ResourceType Database = new("rds.services.k8s.aws", "v1alpha1", "DBInstance");
    private static readonly ResourceType ExternalSecret = new("external-secrets.io", "v1", "ExternalSecret");
    private static readonly ResourceType Deployment = new("apps", "v1", "Deployment");
    private static readonly ResourceType Pod = new("", "v1", "Pod");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Cluster.InstallCrd(DBInstanceCrd.Yaml);
        await Cluster.InstallCrd(ExternalSecretCrd.Serving(("v1", true, false), ("v1beta1", true, true)));
        await Apply("rds.services.k8s.aws", "dbinstances");
    }

    public override async ValueTask DisposeAsync()
    {
        await Cluster.InstallCrd(ExternalSecretCrd.Yaml);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_secret_is_written_once_when_the_whole_endpoint_is_there_and_a_failover_leaves_it()
    {
        await AckCreates();
        await WaitFor("orders-database", "Deploying", "DBInstance");
        await NoSecret();

        // ACK has created the instance; RDS reports its endpoint later, one part after the other.
        await AckReports("True", "available");
        await WaitFor("orders-database", "Deploying", "waiting for DBInstance orders: status.endpoint.address, status.endpoint.port");
        await NoSecret();
        await AckReports("True", "available", Endpoint);
        await WaitFor("orders-database", "Deploying", "waiting for DBInstance orders: status.endpoint.port");
        await NoSecret();

        await AckReports("True", "available", Endpoint, 5432);
        await ApplicationRuns();
        await Ready("orders");
        var value = await SecretsManager.Value(Secret);
        AssertValue(value, Endpoint);
        var version = Assert.Single(await SecretsManager.Versions(Secret));

        // Whether or not ACK still reports the instance as synced, the outputs keep their values, and their dependents do not change.
        var app = (await Live(Deployment, "orders"))!["metadata"]!["generation"]!.ToJsonString();
        await AckReports("True", "available");
        await WaitFor("orders-database", "Ready", "status.endpoint.address, status.endpoint.port");
        await AckReports("False", "modifying");
        await WaitFor("orders-database", "Deploying", "DBInstance");
        var outputs = (await Live(ResourceType.Component, "orders-database"))!["status"]!["providerStatus"]!;
        Assert.Equal(Endpoint, (string?)outputs["endpoint"]);
        Assert.Equal(5432, (int?)outputs["port"]);
        await AckReports("True", "available", Endpoint, 5432);
        await Ready("orders");
        Assert.Equal(version, Assert.Single(await SecretsManager.Versions(Secret)));
        Assert.Equal(value.ToJsonString(), (await SecretsManager.Value(Secret)).ToJsonString());
        Assert.Equal(app, (await Live(Deployment, "orders"))!["metadata"]!["generation"]!.ToJsonString());

        await AssertNothingLeaked("orders", atLeast: 1);
        await Deleted();
        await End(Secret);
    }

    [Fact]
    public async Task A_new_endpoint_is_pushed_by_the_policy_and_reaches_the_application_in_order()
    {
        const string restored = "orders-restored.c9akciq32.us-east-1.rds.amazonaws.com";
        await AckCreates();
        await AckReports("True", "available", Endpoint, 5432);
        await ApplicationRuns();
        await Ready("orders");
        var password = (string?)(await SecretsManager.Value(Secret))["password"];

        // IfNotExists keeps the value and reports that.
        await AckReports("True", "available", restored, 5433);
        await WaitFor("orders-credentials", "Ready", "fields changed after the secret was written, and IfNotExists leaves its value");
        AssertValue(await SecretsManager.Value(Secret), Endpoint);
        var first = Assert.Single(await SecretsManager.Versions(Secret));

        // AlwaysUpdate writes it, once.
        await Kubectl.Run("patch", "composition", "orders", "-n", "orders", "--type=json",
            "-p", """[{"op": "add", "path": "/spec/components/1/config/updatePolicy", "value": "AlwaysUpdate"}]""");
        await Until(ExternalSecret, "orders-database", e => VersionOf(e) != first, "asks for the new version");
        Assert.Equal(2, (await SecretsManager.Versions(Secret)).Count);
        var value = await SecretsManager.Value(Secret);
        AssertValue(value, restored, "5433");
        Assert.NotEqual(password, (string?)value["password"]);

        // The application is changed only once External Secrets Operator has the new value.
        await WaitFor("orders-pull", "Deploying", "ExternalSecret");
        Assert.Equal(first, SecretVersionOf((await Live(Deployment, "orders"))!));
        await ApplicationRuns();
        await Ready("orders");
        Assert.NotEqual(first, SecretVersionOf((await Live(Deployment, "orders"))!));
        Assert.Equal(2, (await SecretsManager.Versions(Secret)).Count);

        await AssertNothingLeaked("orders", atLeast: 2);
        await Deleted();
        await End(Secret);
    }

    private static void AssertValue(JsonObject value, string host, string port = "5432")
    {
        Assert.Equal(["dbname", "engine", "host", "password", "port", "username"], value.Select(f => f.Key).Order(StringComparer.Ordinal));
        Assert.Equal(host, (string?)value["host"]);
        Assert.Equal(JsonValueKind.String, value["port"]!.GetValueKind());
        Assert.Equal(port, (string?)value["port"]);
        Assert.Equal("orders_app", (string?)value["username"]);
        Assert.Matches("^[A-Za-z0-9]{32}$", (string?)value["password"]);
    }

    private async Task NoSecret() => Assert.Null(await SecretsManager.Describe(Secret));

    private static string VersionOf(JsonObject externalSecret) =>
        ((string)externalSecret["spec"]!["dataFrom"]![0]!["extract"]!["version"]!)["uuid/".Length..];

    private static string? SecretVersionOf(JsonObject deployment) =>
        (string?)deployment["spec"]!["template"]!["metadata"]!["annotations"]!["orders.example.com/secret-version"];

    // ACK claims the object: its finalizer keeps it until the database is deleted.
    private async Task AckCreates()
    {
        var database = await Until(Database, "orders", _ => true, "is there");
        // Every field of the example is in the CRD, which drops unknown fields.
        Assert.Equal(
            ["allocatedStorage", "dbInstanceClass", "dbInstanceIdentifier", "dbName", "engine", "engineVersion", "manageMasterUserPassword", "masterUsername",
                "storageEncrypted"],
            database["spec"]!.AsObject().Select(f => f.Key).Order(StringComparer.Ordinal));
        await Change(Database, "orders", live =>
        {
            live["metadata"]!["finalizers"] = new JsonArray(AckFinalizer);
            return Store.Replace(live, Cancellation);
        });
        await AckReports("False", "creating");
    }

    private Task AckReports(string synced, string instance, string? address = null, int? port = null) => SetStatus(Database, "orders", _ =>
    {
        var status = new JsonObject
        {
            ["dbInstanceStatus"] = instance,
            ["conditions"] = new JsonArray { new JsonObject { ["type"] = "ACK.ResourceSynced", ["status"] = synced } },
            ["masterUserSecret"] = new JsonObject { ["secretARN"] = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1a2b-AbCdEf" },
        };
        if (address is not null)
            status["endpoint"] = port is null ? new JsonObject { ["address"] = address } : new JsonObject { ["address"] = address, ["port"] = port };
        return status;
    });

    // External Secrets Operator pulls the current secret, and then the Pods of the current Deployment run.
    private async Task ApplicationRuns()
    {
        var version = "";
        await Until(ExternalSecret, "orders-database", e => (version = VersionOf(e)).Length > 0, "is there");
        await SetStatus(ExternalSecret, "orders-database", SimulatedExternalSecrets.Synced);
        var pulled = (await Live(ExternalSecret, "orders-database"))!;
        var data = await SimulatedExternalSecrets.Templated(pulled, SecretsManager);
        var value = await SecretsManager.Value(Secret, version);
        Assert.Equal((string?)value["host"], data["PGHOST"]);
        Assert.Equal((string?)value["port"], data["PGPORT"]);
        Assert.Equal((string?)value["password"], data["PGPASSWORD"]);
        await Until(Deployment, "orders", d => SecretVersionOf(d) == version, "has the version");
        await Eventually.Holds(
            async () =>
            {
                await SimulateKubelet();
                return (await Live(ResourceType.Component, "orders-app"))!.IsReady();
            },
            "the application runs");
    }

    private async Task SimulateKubelet()
    {
        var status = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray { new JsonObject { ["type"] = "Ready", ["status"] = "True" } },
        };
        foreach (var pod in (await Store.List(Pod, "orders", Cancellation)).Items.Where(p => p.Phase() != "Running"))
        {
            pod["status"] = status.DeepClone();
            try
            {
                await Store.ReplaceStatus(pod, Cancellation);
            }
            catch (ResourceException e) when (e.Error is ResourceError.Conflict or ResourceError.NotFound)
            {
                // Its ReplicaSet changed it first.
            }
        }
    }

    // The database is deleted last, once the secret is scheduled for deletion, and then ACK's object.
    private async Task Deleted()
    {
        await Kubectl.Run("delete", "composition", "orders", "-n", "orders", "--wait=false");
        await Until(Database, "orders", d => d["metadata"]!["deletionTimestamp"] is not null, "is being deleted");
        Assert.NotNull((await SecretsManager.Describe(Secret))!["DeletedDate"]);
        Assert.Null(await Live(Deployment, "orders"));
        Assert.Null(await Live(ExternalSecret, "orders-database"));
        await Until(ResourceType.Composition, "orders", c => ((string?)c["status"]?["message"] ?? "").Contains(AckFinalizer, StringComparison.Ordinal),
            "says who holds the database");

        await Change(Database, "orders", live =>
        {
            live["metadata"]!["finalizers"] = new JsonArray();
            return Store.Replace(live, Cancellation);
        });
        await Eventually.Holds(async () => await Live(ResourceType.Composition, "orders") is null, "the Composition is gone");
        Assert.Null(await Live(Database, "orders"));
    }
}
