using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Tests.Controllers.Components;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed class StatusTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Start);
    private readonly InMemoryResourceStore store;
    private readonly Dictionary<(ResourceType, ObjectKey), string> uids = [];

    public StatusTests()
    {
        store = new(time, (type, key) => uids[(type, key)] = $"uid-{uids.Count}");
    }

    [Fact]
    public async Task A_Composition_is_drawn_as_a_tree_with_what_each_component_made_and_what_is_wrong()
    {
        await Shop();
        time.Advance(TimeSpan.FromMinutes(5));

        var run = await Run("status");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """
            shop  Composition  Deploying  5m  web waits for credentials
              - Ready False for 5m, Progressing True for 5m, Degraded False for 5m
              side  manifest  Failed  5m  first problem (and 1 more)
                - applied 2 objects: ConfigMap default/a, Deployment default/b
                - Ready False InvalidConfig: first problem; second problem
                - its spec changed and has not been processed yet
                - paused by the annotation deployment-orchestrator.io/paused
              database  config-reader  Ready  5m  Read 1 value
                credentials  secret-push  Ready  5m  secret shop/credentials is in AWS Secrets Manager in eu-west-1
                  - secret shop/credentials in eu-west-1, version do1-x, written 2026-01-01T00:00:00Z (5m ago)
                  - Drifted True ForeignVersion: somebody else wrote it
                  - SecretPushed False AlreadyExists: left untouched
                  web  manifest  Pending  waits for credentials
                    - needs credentials, database
            alone  rds  Terminating  5m
              - being deleted for 5m, held by rds.deployment-orchestrator.io/lifecycle

            """,
            run.Output);
    }

    [Fact]
    public async Task A_child_without_its_Composition_or_without_an_owner_is_shown_with_what_that_means()
    {
        await Shop();
        const string owner =
            """{"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Composition","name":"NAME","uid":"of-an-earlier-life","controller":true}""";
        foreach (var (name, composition) in new[] { ("shop-side2", "shop"), ("gone-database", "gone") })
        {
            // The garbage collector would delete it; the finalizer keeps it.
            await Create($$$"""{"kind":"Component","metadata":{"name":"{{{name}}}","finalizers":["x.example.org/held"]},"spec":{"handler":"config-reader"}}""",
                """{"phase":"Ready","message":"Read 1 value"}""");
            var child = (await store.Get(ResourceType.Component, new("default", name), TestContext.Current.CancellationToken))!;
            child["metadata"]!["ownerReferences"] = new JsonArray(JsonNode.Parse(owner.Replace("NAME", composition, StringComparison.Ordinal)));
            await store.Replace(child, TestContext.Current.CancellationToken);
        }

        await Create(
            """{"kind":"Component","metadata":{"name":"shop-old","labels":{"deployment-orchestrator.io/composition":"shop"}},"spec":{"handler":"manifest"}}""",
            """{"phase":"Ready","message":"Applied 1 resource, all ready"}""");
        var lines = (await Run("status")).Output;
        Assert.Contains("\n  shop-side2  config-reader  Terminating  0s\n    - its owner is an earlier Composition of this name\n", lines,
            StringComparison.Ordinal);
        Assert.Contains("\ngone-database  config-reader  Terminating  0s\n  - its Composition gone is gone\n", lines, StringComparison.Ordinal);
        Assert.Contains(
            "\nshop-old  manifest  Ready  0s  Applied 1 resource, all ready\n  - has no owner; it was created for Composition shop: to delete it, kubectl "
                + "delete component shop-old -n default\n",
            lines,
            StringComparison.Ordinal);
        Assert.StartsWith("gone-database  config-reader", (await Run("status", "gone")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_without_a_status_has_the_message_of_its_Composition_and_an_old_condition_is_marked()
    {
        await Create(
            """{"kind":"Composition","metadata":{"name":"shop"},"spec":{"components":"""
            + """[{"name":"db","type":"rds"},{"name":"creds","type":"secret-push"}]}}""", """
            {"phase":"Deploying","message":"db: no handler rds is running here","observedGeneration":1,
             "components":[{"name":"db","component":"shop-db","type":"rds","phase":"Pending","message":"no handler rds is running here"},
               {"name":"creds","component":"shop-creds","type":"secret-push","phase":"Pending","message":"older than what it says itself"}]}
            """);
        await Create(Child("db", "rds"), "{}");
        await Create(Child("creds", "secret-push"), """
            {"phase":"Failed","message":"the role may not tag","observedGeneration":2,
             "conditions":[{"type":"Drifted","status":"True","reason":"ForeignVersion","message":"somebody else wrote it","observedGeneration":1},
               {"type":"Limited","status":"True","reason":"MissingRights","message":"may not tag","observedGeneration":2}]}
            """);
        var creds = (await store.Get(ResourceType.Component, new("default", "shop-creds"), TestContext.Current.CancellationToken))!;
        creds["spec"]!["config"] = new JsonObject { ["secretName"] = "other" };
        await store.Replace(creds, TestContext.Current.CancellationToken);

        var lines = (await Run("status")).Output;
        Assert.Contains("\n  db  rds  Pending  0s  no handler rds is running here\n", lines, StringComparison.Ordinal);
        Assert.Contains("\n  creds  secret-push  Failed  0s  the role may not tag\n", lines, StringComparison.Ordinal);
        Assert.Contains("\n    - Drifted True ForeignVersion: somebody else wrote it, of an earlier spec\n", lines, StringComparison.Ordinal);
        Assert.Contains("\n    - Limited True MissingRights: may not tag\n", lines, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deploying", "InProgress", "Deploying  40s  waits for ConfigMap default/db",
        "waiting for 40s, since 2026-01-01T00:00:00Z; its deploymentTimeout is over at 2026-01-01T00:10:00Z")]
    [InlineData("Failed", "TimedOut", "Failed  15m  waits for ConfigMap default/db",
        "waiting for 15m, since 2026-01-01T00:00:00Z; its deploymentTimeout was over at 2026-01-01T00:10:00Z")]
    [InlineData("Pending", "Waiting", "Pending  40s  waits for ConfigMap default/db", "waiting for 40s, since 2026-01-01T00:00:00Z")]
    [InlineData("Claimed", "Working", "Claimed  40s  waits for ConfigMap default/db",
        "waiting for 40s, since 2026-01-01T00:00:00Z; its deploymentTimeout is over at 2026-01-01T00:10:00Z")]
    [InlineData("Deploying", "OfItsOwnHandler", "Deploying  40s  waits for ConfigMap default/db", "waiting for 40s, since 2026-01-01T00:00:00Z")]
    public async Task What_a_Component_waits_for_is_shown_with_since_when(string phase, string reason, string line, string detail)
    {
        await Waiting(phase, reason, "2026-01-01T00:00:00Z");
        time.Advance(phase == "Failed" ? TimeSpan.FromMinutes(15) : TimeSpan.FromSeconds(40));

        Assert.Equal(new(0, $"database  config-reader  {line}\n  - {detail}\n", ""), await Run("status"));
        var json = JsonNode.Parse((await Run("status", "-o", "json")).Output)!["items"]![0]!["status"]!;
        Assert.Equal("waits for ConfigMap default/db", (string?)json["message"]);
        Assert.Equal("2026-01-01T00:00:00Z", (string?)json["conditions"]![0]!["lastTransitionTime"]);
    }

    [Theory]
    [InlineData("Failed", "Conflict", "2026-01-01T00:00:00Z", "")]
    [InlineData("Pending", "Waiting", "9999-12-31T23:59:59Z", "  - waiting for 0s, since 9999-12-31T23:59:59Z\n")]
    [InlineData("Deploying", "InProgress", "9999-12-31T23:59:59Z",
        "  - waiting for 0s, since 9999-12-31T23:59:59Z; its deploymentTimeout is over at 9999-12-31T23:59:59Z\n")]
    public async Task A_failure_is_not_shown_as_waiting_and_any_time_of_a_status_is_shown(string phase, string reason, string since, string details)
    {
        await Waiting(phase, reason, since);

        Assert.Equal(new(0, $"database  config-reader  {phase}  0s  waits for ConfigMap default/db\n{details}", ""), await Run("status"));
    }

    [Fact]
    public async Task Status_of_a_name_shows_it_and_a_child_with_its_Composition()
    {
        await Shop();

        Assert.StartsWith("alone  rds  Terminating", (await Run("status", "alone")).Output, StringComparison.Ordinal);
        var shop = await Run("status", "shop", "-o", "json");

        Assert.Equal(
            ["Composition shop", "Component shop-credentials", "Component shop-database", "Component shop-side"],
            JsonNode.Parse(shop.Output)!["items"]!.AsArray().Select(i => $"{i!["kind"]} {i["metadata"]!["name"]}"));
        Assert.Contains("kind: Composition", (await Run("status", "shop", "-o", "yaml")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shpo", "dorch: no Composition or standalone Component is named \"shpo\" in the namespace default; did you mean \"shop\"?\n")]
    [InlineData("shop-database", "dorch: no Composition or standalone Component is named \"shop-database\" in the namespace default; there are alone, shop\n")]
    public async Task Status_of_an_unknown_name_ends_with_1_and_lists_the_known_names(string name, string message)
    {
        await Shop();

        Assert.Equal(new(1, "", message), await Run("status", name));
    }

    [Fact]
    public async Task Status_leaves_out_unreadable_resources_and_reports_them()
    {
        await Shop();
        await Create("""{"kind":"Component","metadata":{"name":"odd"},"spec":{"handler":{}}}""", "{}");

        var run = await Run("status", "alone", "-o", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("dorch: skipped, because no controller can read it: Component.deployment-orchestrator.io/v1alpha1 default/odd: ", run.Error,
            StringComparison.Ordinal);
        Assert.Equal(["alone"], JsonNode.Parse(run.Output)!["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]));
    }

    [Fact]
    public async Task Status_can_be_limited_to_a_namespace_and_names_it()
    {
        await Shop();

        Assert.Equal(new(0, "", "dorch: there are no Compositions or Components in the namespace kube-system\n"), await Run("status", "-n", "kube-system"));
        Assert.Contains("\ndefault/alone  rds  Terminating", (await Run("status", "-A")).Output, StringComparison.Ordinal);
        Assert.Equal("""{"apiVersion":"v1","kind":"List","items":[]}""",
            JsonNode.Parse((await Run("status", "-n", "kube-system", "-o", "json")).Output)!.ToJsonString());
    }

    [Theory]
    [InlineData(ResourceError.NotServed, 1,
        "the cluster does not serve deployment-orchestrator.io/v1alpha1: install the CustomResourceDefinitions with dorch crds | kubectl apply -f -")]
    [InlineData(ResourceError.Forbidden, 1, "the cluster refuses: no")]
    [InlineData(ResourceError.Unavailable, 1, "the cluster cannot be reached: no")]
    [InlineData(ResourceError.Invalid, 2, "no")]
    public async Task A_cluster_that_refuses_access_is_reported_with_what_to_do(object error, int exitCode, string message)
    {
        var run =
            await CommandLineRun.Of(["status"], cluster: new HookedStore(store) { Before = (_, _) => throw new ResourceException((ResourceError)error, "no") });

        Assert.Equal(new(exitCode, "", $"dorch: {message}\n"), run);
    }

    [Fact]
    public async Task A_kubeconfig_that_does_not_exist_is_wrong_usage()
    {
        var run = await CommandLineRun.Of("status", "--kubeconfig", "/nowhere/config");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("dorch: kubeconfig /nowhere/config: ", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandLineRun> Run(params string[] arguments) => CommandLineRun.Of(arguments, cluster: store, time: time);

    private Task Waiting(string phase, string reason, string since) => Create(
        """{"kind":"Component","metadata":{"name":"database"},"spec":{"handler":"config-reader","deploymentTimeout":"10m"}}""",
        $$$"""
        {"phase":"{{{phase}}}","message":"waits for ConfigMap default/db","observedGeneration":1,
         "conditions":[{"type":"Ready","status":"False","reason":"{{{reason}}}","message":"waits for ConfigMap default/db",
           "lastTransitionTime":"{{{since}}}","observedGeneration":1}]}
        """);

    private async Task Shop()
    {
        await Create("""
            {"kind":"Composition","metadata":{"name":"shop"},"spec":{"components":[
              {"name":"web","type":"manifest","dependsOn":["credentials","database"]},
              {"name":"side","type":"manifest"},
              {"name":"credentials","type":"secret-push","config":{"fields":{"host":{"value":"{{ .database.providerStatus.endpoint }}"}}}},
              {"name":"database","type":"config-reader"}]}}
            """, """
            {"phase":"Deploying","message":"web waits for credentials","observedGeneration":1,
             "conditions":[{"type":"Ready","status":"False","lastTransitionTime":"2026-01-01T00:00:00Z"},
               {"type":"Progressing","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},{"type":"Degraded","status":"False","lastTransitionTime":"2026-01-01T00:00:00Z"}],
             "components":[{"name":"web","component":"shop-web","type":"manifest","phase":"Pending","message":"waits for credentials"}]}
            """);
        await Create(Child("database", "config-reader"), """{"phase":"Ready","message":"Read 1 value","observedGeneration":1}""");
        await Create(Child("credentials", "secret-push"), """
            {"phase":"Ready","message":"secret shop/credentials is in AWS Secrets Manager in eu-west-1","observedGeneration":1,
             "conditions":[{"type":"Drifted","status":"True","reason":"ForeignVersion","message":"somebody else wrote it"},
               {"type":"SecretsGenerated","status":"True"},{"type":"SecretPushed","status":"False","reason":"AlreadyExists","message":"left untouched"}],
             "providerStatus":{"secretName":"shop/credentials","region":"eu-west-1","versionId":"do1-x","lastSyncTime":"2026-01-01T00:00:00Z"}}
            """);
        await Create(Child("side", "manifest", ""","annotations":{"deployment-orchestrator.io/paused":"true"}"""), """
            {"phase":"Failed","message":"first problem (and 1 more)","observedGeneration":0,
             "conditions":[{"type":"Ready","status":"False","reason":"InvalidConfig","message":"first problem; second problem"}],
             "providerStatus":{"appliedResources":[{"apiVersion":"v1","kind":"ConfigMap","namespace":"default","name":"a"},
               {"apiVersion":"apps/v1","kind":"Deployment","namespace":"default","name":"b"}]}}
            """);
        await Create("""{"kind":"Component","metadata":{"name":"alone","finalizers":["rds.deployment-orchestrator.io/lifecycle"]},"spec":{"handler":"rds"}}""",
            """{"phase":"Ready","message":"made"}""");
        await store.Delete(ResourceType.Component, new("default", "alone"), new(), TestContext.Current.CancellationToken);
    }

    private string Child(string entry, string handler, string metadata = "") => $$$"""
        {"kind":"Component","metadata":{"name":"shop-{{{entry}}}"{{{metadata}}},"ownerReferences":[{"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Composition",
          "name":"shop","uid":"{{{uids[(ResourceType.Composition, new("default", "shop"))]}}}","controller":true}]},"spec":{"handler":"{{{handler}}}","name":"{{{entry}}}"}}
        """;

    private async Task Create(string json, string status)
    {
        var resource = JsonNode.Parse(json)!.AsObject();
        resource["apiVersion"] = "deployment-orchestrator.io/v1alpha1";
        resource["metadata"]!["namespace"] = "default";
        var created = await store.Create(resource, TestContext.Current.CancellationToken);
        created["status"] = JsonNode.Parse(status);
        await store.ReplaceStatus(created, TestContext.Current.CancellationToken);
    }
}
