using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary><c>dorch plan --cluster</c> on changes to a running Composition; it changes nothing there.</summary>
public sealed partial class ClusterPlanTests : IAsyncLifetime, IDisposable
{
    private const string Database = """{"name":"database","type":"config-reader","config":{"sources":[{"name":"database","exports":[{"key":"endpoint"}]}]}}""";

    private const string Credentials = """
        {"name":"credentials","type":"secret-push","config":{"region":"eu-west-1","secretName":"app/credentials","fields":{
          "host":{"value":"{{ .database.providerStatus.endpoint }}"},"password":{"generator":{"passwordLength":20}}}}}
        """;

    private const string Web = """
        {"name":"web","type":"manifest","dependsOn":["credentials"],"config":{"manifests":[
          {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"},"data":{"secret":"{{ .credentials.providerStatus.secretPath }}","k":"1"}},
          {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"two"},"data":{"k":"1"}}]}}
        """;

    private const string Secret = "secret app/credentials in eu-west-1";
    private const string Kept = "leave app-credentials secret app/credentials in eu-west-1: updatePolicy is IfNotExists: its value is kept";

    private readonly Example example = new();
    private EmbeddedCluster? running;

    private EmbeddedCluster Cluster => running!;

    public async ValueTask InitializeAsync()
    {
        running = await EmbeddedCluster.StartAsync();
        await Cluster.Put(NewResource.ConfigMap("default", "database", ("endpoint", "db.example.com")));
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task A_plan_creates_what_is_missing_and_is_then_empty()
    {
        Assert.Equal(
            [
                "create app Composition default/app: it does not exist",
                "create app-database Component: it does not exist",
                "create app-credentials Component: it does not exist; after database",
                $"create app-credentials {Secret}: it does not exist; after database",
                "create app-web Component: it does not exist; after credentials",
                "create app-web ConfigMap default/one: it does not exist; after credentials",
                "create app-web ConfigMap default/two: it does not exist; after credentials",
            ],
            Items(await Plan(0, Database, Credentials, Web)));

        await Apply(Database, Credentials, Web);

        Assert.Equal(
            [
                "leave app Composition default/app: it is as the file says",
                "leave app-database Component: nothing about it changes",
                Kept,
                "leave app-web ConfigMap default/one: it is as the manifest says",
                "leave app-web ConfigMap default/two: it is as the manifest says",
            ],
            Items(await Plan(0, Database, Credentials, Web)));
    }

    // The state after a restore of a backup from before an entry was renamed.
    [Theory]
    [InlineData("default/app-gone", 0, "take-over app-web ConfigMap default/one: Component default/app-gone no longer lists it")]
    [InlineData("default/app-database", 0, "take-over app-web ConfigMap default/one: Component default/app-database no longer lists it")]
    [InlineData("other/app-gone", 1, "belongs to Component other/app-gone")]
    public async Task An_object_of_a_Component_that_is_gone_is_planned_to_be_taken_over(string owner, int exitCode, string line)
    {
        await Apply(Database, Credentials, Web);
        var live = (await Cluster.Store.Get(ResourceType.ConfigMap, new("default", "one"), TestContext.Current.CancellationToken))!;
        live["metadata"]!["annotations"]!["deployment-orchestrator.io/owner"] = owner;
        Cluster.Kill();
        await Cluster.WhenQuiet();
        await Cluster.Store.Replace(live, TestContext.Current.CancellationToken);

        Assert.Contains(Items(await Plan(exitCode, Database, Credentials, Web)), item => item.Contains(line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_removed_entry_deletes_what_it_made_by_its_policy()
    {
        await Apply(Database, Credentials, Web);

        Assert.Equal(
            [
                "delete app-web Component: it is no longer in the Composition",
                "delete app-web ConfigMap default/two: the Component is deleted",
                "delete app-web ConfigMap default/one: the Component is deleted",
                "delete app-credentials Component: it is no longer in the Composition",
                $"delete app-credentials {Secret}: the Component is deleted, and deletionPolicy is Delete",
            ],
            Items(await Plan(0, Database)).Skip(2));
    }

    [Fact]
    public async Task An_object_that_somebody_else_took_is_left_by_its_name_and_with_the_reason()
    {
        await Apply(Database, Credentials, Web);
        var live = (await Cluster.Store.Get(ResourceType.ConfigMap, new("default", "one"), TestContext.Current.CancellationToken))!;
        live["metadata"]!["annotations"]!["deployment-orchestrator.io/owner"] = "other/theirs";
        Cluster.Kill();
        await Cluster.WhenQuiet();
        await Cluster.Store.Replace(live, TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "delete app-web Component: it is no longer in the Composition",
                "delete app-web ConfigMap default/two: the Component is deleted",
                "leave app-web ConfigMap default/one: it belongs to Component other/theirs: take it out of that one, or use another name",
            ],
            Items(await Plan(0, Database, Credentials)).Where(line => line.Contains(" app-web ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_renamed_entry_keeps_its_secret_and_hands_it_over()
    {
        await Apply(Database, Credentials);

        var lines = Items(await Plan(0, Database, Credentials.Replace("\"name\":\"credentials\"", "\"name\":\"logins\"", StringComparison.Ordinal)));

        Assert.Contains("create app-logins Component: it does not exist; after database", lines);
        Assert.Contains(lines, l => l.StartsWith($"take-over app-logins {Secret}: it belongs to ", StringComparison.Ordinal));
        Assert.Contains("delete app-credentials Component: it is no longer in the Composition", lines);
        Assert.Contains("leave app-credentials secret app/credentials in eu-west-1: default/app-logins names it too", lines);
    }

    [Fact]
    public async Task A_renamed_manifest_hands_its_objects_over_and_deletes_none()
    {
        await Apply(Database, Credentials, Web);
        var lines = Items(await Plan(0, Database, Credentials, Web.Replace("\"name\":\"web\"", "\"name\":\"site\"", StringComparison.Ordinal)));

        Assert.Contains("take-over app-site ConfigMap default/one: Component default/app-web no longer lists it", lines);
        Assert.Contains("take-over app-site ConfigMap default/two: Component default/app-web no longer lists it", lines);
        Assert.Contains("delete app-web Component: it is no longer in the Composition", lines);
        Assert.Equal(2, lines.Count(l =>
            l.StartsWith("leave app-web ", StringComparison.Ordinal) && l.Contains("ConfigMap default/", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, l => l.StartsWith("delete", StringComparison.Ordinal) && l.Contains("ConfigMap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_object_that_moves_to_another_entry_is_planned_to_be_taken_over()
    {
        await Apply(Database, Credentials, Web);
        const string two = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"two"},"data":{"k":"1"}}""";
        var lines = Items(await Plan(0, Database, Credentials, Web.Replace($",\n  {two}", "", StringComparison.Ordinal),
            $$$"""{"name":"two","type":"manifest","config":{"manifests":[{{{two}}}]}}"""));

        Assert.Contains("take-over app-two ConfigMap default/two: Component default/app-web no longer lists it", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("delete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_retyped_entry_is_deleted_and_created_again()
    {
        await Apply(Database, """{"name":"web","type":"config-reader","config":{"sources":[{"name":"database","exports":[{"key":"endpoint"}]}]}}""");

        var lines =
            Items(await Plan(0, Database, Web.Replace(""","dependsOn":["credentials"]""", "", StringComparison.Ordinal)
            .Replace("{{ .credentials.providerStatus.secretPath }}", "x", StringComparison.Ordinal)));

        Assert.Equal(
            [
                "delete app-web Component: its handler changes from config-reader to manifest",
                "create app-web Component: it takes the place of the deleted one",
                "create app-web ConfigMap default/one: it does not exist",
                "create app-web ConfigMap default/two: it does not exist",
            ],
            lines.Skip(2));
    }

    [Fact]
    public async Task An_edit_shows_its_paths_and_what_leaves_the_manifests_is_pruned()
    {
        await Apply(Database, Credentials, Web);
        var edited = Web.Replace("\"k\":\"1\"}},", "\"k\":\"2\"}}", StringComparison.Ordinal)
            .Replace("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"two"},"data":{"k":"1"}}""", "", StringComparison.Ordinal);

        var plan = await Plan(0, Database, Credentials.Replace("20", "30", StringComparison.Ordinal), edited);

        Assert.Equal(
            [
                "update app-credentials Component: its spec changes; after database",
                $"leave app-credentials {Secret}: fields changed after the secret was written, and IfNotExists leaves its value: set updatePolicy: "
                    + $"AlwaysUpdate, or delete and recreate the Component",
                "update app-web Component: its spec changes; after credentials",
                "update app-web ConfigMap default/one: it differs from the manifest; after credentials",
                "delete app-web ConfigMap default/two: it is no longer among the manifests",
            ],
            Items(plan).Skip(2));
        Assert.Equal(["~ spec.config.fields.password.generator.passwordLength: 20 -> 30"], Changes(plan, 2));
        Assert.Equal(["~ data.k: \"1\" -> \"2\""], Changes(plan, 5));
    }

    [Fact]
    public async Task A_policy_that_becomes_AlwaysUpdate_writes_a_new_value()
    {
        await Apply(Database, Credentials);
        var plan = await Plan(0, Database, Credentials.Replace("\"fields\"", "\"updatePolicy\":\"AlwaysUpdate\",\"fields\"", StringComparison.Ordinal));

        Assert.Equal($"update app-credentials {Secret}: updatePolicy became AlwaysUpdate; after database", Items(plan)[^1]);
    }

    [Fact]
    public async Task Resources_that_no_file_names_are_left_and_not_listed()
    {
        await Apply(Database, Credentials);
        await Cluster.PutComponent("alone", JsonNode.Parse("""{"region":"eu-west-1","secretName":"alone","fields":{"a":{"value":"b"}}}""")!.AsObject());
        await Cluster.WhenQuiet();
        var file = example.Write("other.json", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other","namespace":"default"},"data":{"a":"b"}}""");

        Assert.Equal(["create other ConfigMap default/other: it does not exist"], Items(await Run(0, file)));
    }

    [Fact]
    public async Task Unreadable_resources_are_left_out_of_a_plan_unless_the_files_concern_them()
    {
        await Apply(Database);
        await Put("""{"kind":"Component","metadata":{"name":"odd","namespace":"default"},"spec":{"handler":{}}}""");
        await Put("""{"kind":"Composition","metadata":{"name":"odd","namespace":"default"},"spec":{"components":7}}""");
        await Put("""{"kind":"Component","metadata":{"name":"odd","namespace":"kube-system"},"spec":{"handler":{}}}""");
        var file = example.Write("app.json", Composition(Database).ToJsonString());

        var run = await CommandLineRun.Of(["plan", file, "--cluster", "-o", "json", "--cluster-id", "test"], cluster: Cluster.Store);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            ["Component.deployment-orchestrator.io/v1alpha1 default/odd", "Component.deployment-orchestrator.io/v1alpha1 kube-system/odd",
                "Composition.deployment-orchestrator.io/v1alpha1 default/odd"],
            run.Error.Split('\n').Where(l => l.StartsWith("dorch: skipped, ", StringComparison.Ordinal))
                .Select(l => string.Join(' ', l.Split(": ")[2].Split(' ')[..2])).Order(StringComparer.Ordinal));

        var odd = example.Write("odd.json", Composition(Database).ToJsonString().Replace("\"app\"", "\"odd\"", StringComparison.Ordinal));
        var refused = await CommandLineRun.Of(["plan", odd, "--cluster", "--cluster-id", "test"], cluster: Cluster.Store);

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith("dorch: Composition.deployment-orchestrator.io/v1alpha1 default/odd: ", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("no controller can read it: fix it there, or delete it\n", refused.Error, StringComparison.Ordinal);
    }

    private Task<JsonNode> Plan(int exitCode, params string[] entries) => Run(exitCode, example.Write("app.json", Composition(entries).ToJsonString()));

    // Nothing is written to the cluster and nobody calls AWS.
    private async Task<JsonNode> Run(int exitCode, string file, IResourceStore? store = null)
    {
        var versions = Versions();
        var calls = Cluster.SecretsManager.Calls.Snapshot().Count;
        var run = await CommandLineRun.Of(["plan", file, "--cluster", "--cluster-id", "test", "-o", "json"], cluster: store ?? Cluster.Store);

        Assert.True(run.ExitCode == exitCode, run.Output + run.Error);
        Assert.Equal((versions, calls), (Versions(), Cluster.SecretsManager.Calls.Snapshot().Count));
        return JsonNode.Parse(run.Output)!;
    }

    private string Versions() =>
        string.Join(' ', new[] { ResourceType.Component, ResourceType.Composition, ResourceType.ConfigMap }.Select(t => Cluster.Store.ResourceVersion(t)));

    private Task Put(string json)
    {
        var resource = JsonNode.Parse(json)!.AsObject();
        resource["apiVersion"] = "deployment-orchestrator.io/v1alpha1";
        return Cluster.Put(resource);
    }

    private async Task Apply(params string[] entries)
    {
        await Cluster.Put(Composition(entries));
        await Cluster.WhenQuiet();
        await Cluster.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Ready", (await Cluster.Composition("app")).Status!.Phase);
    }

    private static JsonObject Composition(params string[] entries) => NewResource.Composition("default", "app", entries.Select(e => JsonNode.Parse(e)!));

    private static List<string> Items(JsonNode plan) =>
        [.. plan["items"]!.AsArray().Select(i => $"{i!["action"]} {i["component"]} {i["target"]}: {i["reason"]}")];

    private static List<string> Changes(JsonNode plan, int item) => [.. plan["items"]![item]!["changes"]!.AsArray().Select(c => (string)c!)];
}
