using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.ForeignHandlers;

/// <summary>
/// The example keeps the promises of docs/guides/write-a-handler.md: its script runs as a process beside the operator, with the token of its own
/// ServiceAccount and the rights that the example ships.
/// </summary>
public sealed class ForeignHandlerTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private const string Waiting = "app_credentials waits for database: no handler rds is running here";
    private const string Never = "3600";

    private readonly TemporaryFolder databases = new();
    private readonly TemporaryFolder manifests = new();
    private readonly TemporaryFolder home = new();
    private readonly List<RunningProcess> scripts = [];
    private string rdsKubeconfig = "";

    private Kubectl Kubectl => new(Cluster.Kubeconfig);

    private string Secret => $"{Namespace}/orders/credentials";

    public override async ValueTask InitializeAsync()
    {
        Kubectl.MustBeThere();
        await base.InitializeAsync();
        await Kubectl.Run("apply", "-f", Example("rbac.yaml"));
        rdsKubeconfig = Cluster.KubeconfigOf($"{Namespace}-rds", await Cluster.CreateToken(Namespace, "rds-handler"));
        await StartOperator();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var script in scripts)
            await script.DisposeAsync();
        await base.DisposeAsync();
        foreach (var folder in new[] { databases, manifests, home })
            folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_scripted_handler_creates_the_database_and_its_dependents_follow_until_both_are_deleted()
    {
        Assert.Contains(Waiting,
            await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "tests", "mistakes", "handler-not-running", "expected.txt"), Cancellation));
        await Apply();
        await CompositionIs(c => Message(c) == Waiting, Waiting);

        var script = StartScript(delay: "0");
        await Ready("orders.rds.example.com");
        Assert.True((await Component("orders-database")).IsReady());
        var password = (string?)(await SecretsManager.Value(Secret))["password"];

        // A change of the spec is a new generation.
        await Apply(c => c.Replace("identifier: orders", "identifier: orders-blue", StringComparison.Ordinal));
        await Ready("orders-blue.rds.example.com");
        Assert.NotEqual(password, (string?)(await SecretsManager.Value(Secret))["password"]);

        // A change of the output is not a new generation.
        var generation = (long)(await Component("orders-database"))["metadata"]!["generation"]!;
        File.WriteAllText(Path.Combine(Assert.Single(Directory.GetDirectories(databases.Path)), "endpoint"), "failed-over.rds.example.com\n");
        await Ready("failed-over.rds.example.com");
        Assert.Equal(generation, (long)(await Component("orders-database"))["metadata"]!["generation"]!);

        // The deletion waits for the dependents of the database, then for the script's finalizer.
        await script.DisposeAsync();
        await Kubectl.Run("delete", "composition", "orders", "-n", Namespace, "--wait=false");
        await Until("orders-database", c => Finalizers(c) is ["rds.deployment-orchestrator.io/lifecycle"], "has the script's finalizer alone");
        await CompositionIs(
            c => c.Phase() == "Terminating"
                && Message(c) == "database: no handler rds is running here, and its finalizer rds.deployment-orchestrator.io/lifecycle holds it: "
                    + "run that handler, or remove the finalizer",
            "who holds the database");
        Assert.Equal(["orders-database"], (await Components()).Select(c => c.Name()));
        Assert.Single(Directory.GetDirectories(databases.Path));

        StartScript(delay: "0");
        await Eventually.Holds(async () => await Composition() is null && (await Components()).Count == 0, "nothing is left");
        Assert.Empty(Directory.GetDirectories(databases.Path));
        Assert.Empty(await SecretsManager.Live(SecretPrefix));
    }

    [Fact]
    public async Task A_script_killed_at_its_claim_or_during_the_creation_ends_as_one_that_was_not()
    {
        await Apply();
        var script = StartScript(Never);
        await Until("orders-database", c => Finalizers(c).Contains("rds.deployment-orchestrator.io/lifecycle", StringComparer.Ordinal), "is claimed");
        await Kill(script);

        script = StartScript(Never);
        await Until("orders-database", c => c.Phase() == "Deploying", "is Deploying");
        await CompositionIs(c => Message(c) == "app_credentials waits for database: the database is being created", "the database is being created");
        var created = File.ReadAllText(Path.Combine(Assert.Single(Directory.GetDirectories(databases.Path)), "created"));
        await Kill(script);
        Assert.Empty(await SecretsManager.Live(SecretPrefix));

        script = StartScript(delay: "0");
        await Ready("orders.rds.example.com");
        Assert.Equal(created, File.ReadAllText(Path.Combine(Assert.Single(Directory.GetDirectories(databases.Path)), "created")));
        Assert.Single(await SecretsManager.Versions(Secret));

        await Kubectl.Run("delete", "composition", "orders", "-n", Namespace, "--wait=false");
        await Kill(script);
        StartScript(delay: "0");
        await Eventually.Holds(async () => await Composition() is null, "the Composition is gone");
        Assert.Empty(Directory.GetDirectories(databases.Path));
    }

    [Fact]
    public async Task A_creation_over_its_timeout_and_a_wrong_config_are_Failed_and_both_heal()
    {
        await Apply(c => c.Replace("deploymentTimeout: 20m", "deploymentTimeout: 1s", StringComparison.Ordinal));
        var script = StartScript(Never);
        await CompositionIs(
            c => c.Phase() == "Failed" && Message(c)!.EndsWith("not ready after 1s: the database is being created", StringComparison.Ordinal),
            "the database is late");
        // The Composition has a timeout, too, and may report it first.
        await Until("orders-database", c => c["status"]?["conditions"] is not null && (string?)c.Condition("Ready")["reason"] == "TimedOut",
            "TimedOut by its handler");
        await script.DisposeAsync();

        StartScript(delay: "0");
        await Ready("orders.rds.example.com");

        const string refused = "spec.config.identifier: must have letters a-z, digits and hyphens";
        await Apply(c => c.Replace("identifier: orders", "identifier: \"Not|this,\\nnor that\"", StringComparison.Ordinal));
        await CompositionIs(c => c.Phase() == "Failed" && Message(c) == $"database: {refused}", refused);
        Assert.Equal("orders.rds.example.com", (string?)(await SecretsManager.Value(Secret))["db_host"]);

        await Apply();
        await Ready("orders.rds.example.com");
    }

    [Fact]
    public async Task A_script_leaves_paused_Components_and_those_of_other_handlers_alone()
    {
        var other = NewResource.Component(Namespace, "another", new() { ["handler"] = "mysql", ["config"] = new JsonObject { ["identifier"] = "another" } });
        await Store.Create(other, Cancellation);
        var paused = NewResource.Component(Namespace, "paused", new() { ["handler"] = "rds", ["config"] = new JsonObject { ["identifier"] = "paused" } });
        paused["metadata"]!["annotations"] = new JsonObject { ["deployment-orchestrator.io/paused"] = "true" };
        await Store.Create(paused, Cancellation);
        var mine = NewResource.Component(Namespace, "seen-last", new() { ["handler"] = "rds", ["config"] = new JsonObject { ["identifier"] = "mine" } });
        await Store.Create(mine, Cancellation);

        // The script works in rounds, in the order of names: once the last Component is done, it has seen the other two.
        StartScript(delay: "0");
        await Until("seen-last", c => c.IsReady(), "is Ready");
        foreach (var name in (string[])["another", "paused"])
        {
            var component = await Component(name);
            Assert.Empty(Finalizers(component));
            Assert.Null(component["status"]);
        }

        await Kubectl.Run("annotate", "component", "paused", "-n", Namespace, "deployment-orchestrator.io/paused-");
        await Until("paused", c => c.IsReady(), "is Ready");
    }

    private RunningProcess StartScript(string delay)
    {
        var script = RunningProcess.Start(
            [Path.Combine(Repository.Example("foreign-handler"), "rds.sh"), Namespace, databases.Path],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["KUBECONFIG"] = rdsKubeconfig, ["RDS_DELAY"] = delay, ["HOME"] = home.Path });
        scripts.Add(script);
        return script;
    }

    private static async Task Kill(RunningProcess script)
    {
        script.Send(Signal.Kill);
        await script.DisposeAsync();
    }

    private async Task Apply(Func<string, string>? edit = null) => await Kubectl.Run("apply", "-f", Example("composition.yaml", edit));

    // The example, in the test's own namespace.
    private string Example(string file, Func<string, string>? edit = null)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Example("foreign-handler"), file)).Replace("myapp", Namespace, StringComparison.Ordinal);
        var edited = edit?.Invoke(text) ?? text;
        Assert.True(edit is null || edited != text, "the edit changes the example");
        return manifests.Write(file, edited);
    }

    private async Task Ready(string endpoint)
    {
        await CompositionIs(c => c.IsReady(), "Ready");
        await Eventually.Holds(
            async () =>
                await SecretsManager.Describe(Secret) is not null && (string?)(await SecretsManager.Value(Secret))["db_host"] == endpoint,
                $"the secret has {endpoint}");
        await CompositionIs(c => c.IsReady(), "Ready");
        Assert.Equal(endpoint, (string?)(await Component("orders-database"))["status"]!["providerStatus"]!["endpoint"]);
    }

    private Task<JsonObject?> Composition() => Store.Get(ResourceType.Composition, new(Namespace, "orders"), Cancellation);

    private async Task CompositionIs(Func<JsonObject, bool> isWanted, string what)
    {
        JsonObject? last = null;
        await Eventually.Holds(
            async () => (last = await Composition()) is { } composition && composition["status"] is not null && isWanted(composition),
            what,
            more: () => $"{last}\n{string.Join('\n', scripts.Select(s => s.Output + s.Errors))}");
    }

    private static string? Message(JsonObject composition) => (string?)composition["status"]!["message"];

    private static IReadOnlyList<string> Finalizers(JsonObject component) =>
        [.. (component["metadata"]!["finalizers"] as JsonArray ?? []).Select(f => (string)f!)];
}
