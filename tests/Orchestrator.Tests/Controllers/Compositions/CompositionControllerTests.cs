using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>Whole Compositions from creation to deletion, with handlers that the test scripts.</summary>
public sealed partial class CompositionControllerTests
{
    private const string Db = """{"name":"db","type":"make","config":{"outputs":{"host":"one"}}}""";
    private const string App =
        """{"name":"app","type":"make","config":{"with":"{{ .db.providerStatus.host }}","outputs":{"url":"http://{{ .db.providerStatus.host }}"}}}""";
    private const string Web = """{"name":"web","type":"make","config":{"with":"{{ .app.providerStatus.url }}"}}""";
    private const string Log = """{"name":"log","type":"make"}""";

    private readonly ScriptedHandler make = new("make");

    [Fact]
    public async Task Components_are_created_in_dependency_order_with_resolved_configs()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Web, App, Db);
        await cluster.RunUntilQuiet();

        Assert.Equal(
            ["""Apply sys-db {"outputs":{"host":"one"}}""", """Apply sys-app {"with":"one","outputs":{"url":"http://one"}}""",
                """Apply sys-web {"with":"http://one"}"""],
            make.Calls);
        var status = (await cluster.Composition("sys")).Status!;
        Assert.Equal((Phase.Ready, "3 of 3 components are Ready", 1L), (status.Phase, status.Message, status.ObservedGeneration));
        Assert.Equal(["web sys-web make Ready made", "app sys-app make Ready made", "db sys-db make Ready made"],
            status.Components!.Select(r => $"{r.Name} {r.Component} {r.Type} {r.Phase} {r.Message}"));
    }

    [Fact]
    public async Task A_changed_output_flows_to_its_dependents_with_one_apply_each()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App, Web, Log);
        await cluster.RunUntilQuiet();
        await cluster.PutComposition("sys", Db.Replace("one", "two", StringComparison.Ordinal), App, Web, Log);
        await cluster.RunUntilQuiet();

        Assert.Equal(
            ["""Apply sys-db {"outputs":{"host":"two"}}""", """Apply sys-app {"with":"two","outputs":{"url":"http://two"}}""",
                """Apply sys-web {"with":"http://two"}"""],
            make.Calls.Skip(4));
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);
    }

    [Fact]
    public async Task A_Composition_without_changes_is_not_written()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App);
        await cluster.RunUntilQuiet();
        var (versions, calls) = (await cluster.Versions(), make.Calls.Count);
        await cluster.Advance(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));
        Assert.Equal(versions, await cluster.Versions());
        Assert.Equal(calls, make.Calls.Count);
    }

    [Fact]
    public async Task A_restart_writes_nothing_and_costs_one_call_for_each_child()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App);
        await cluster.RunUntilQuiet();
        var versions = await cluster.Versions();
        await cluster.Restart();
        await cluster.RunUntilQuiet();
        Assert.Equal(versions, await cluster.Versions());
        Assert.Equal((2, 2), (make.Applied("sys-db"), make.Applied("sys-app")));
    }

    [Fact]
    public async Task A_status_is_written_at_most_once_a_second()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Enumerable.Range(0, 20)
            .Select(i => $$"""{"name":"c{{i}}","type":"make","dependsOn":[{{(i == 0 ? "" : $"\"c{i - 1}\"")}}]}"""));
        await cluster.WhenQuiet();
        Assert.InRange(cluster.Writes.Count(w => w == "ReplaceStatus sys"), 0, 1);
        await cluster.RunUntilQuiet();
        Assert.InRange(cluster.Writes.Count(w => w == "ReplaceStatus sys"), 1, 2);
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);
    }

    [Fact]
    public async Task A_child_deleted_by_hand_is_recreated_and_its_dependents_stay()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App);
        await cluster.RunUntilQuiet();
        var (before, app) = ((await cluster.Component("sys-db")).Metadata.Uid, (await cluster.Component("sys-app")).Metadata.ResourceVersion);
        await cluster.Delete("sys-db");
        await cluster.RunUntilQuiet();
        Assert.NotEqual(before, (await cluster.Component("sys-db")).Metadata.Uid);
        Assert.Equal(app, (await cluster.Component("sys-app")).Metadata.ResourceVersion);
        Assert.Equal(["Delete sys-db", """Apply sys-db {"outputs":{"host":"one"}}"""], make.Calls.Skip(2));
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);
    }

    [Fact]
    public async Task A_child_edited_by_hand_is_restored_and_never_deleted()
    {
        await using var cluster = new ScriptedCluster(make, new("other"));
        await cluster.PutComposition("sys", Db, App);
        await cluster.RunUntilQuiet();
        await cluster.EditComponent("sys-db", c =>
        {
            c["spec"]!["name"] = "renamed";
            c["spec"]!["handler"] = "other";
            c["spec"]!["config"]!["outputs"]!["host"] = "elsewhere";
            c["metadata"]!["labels"] = new JsonObject();
            c["metadata"]!["finalizers"]!.AsArray().RemoveAt(0);
        });
        await cluster.RunUntilQuiet();
        var child = await cluster.Component("sys-db");
        Assert.Equal(("db", "make", "one", "db"),
            (child.Spec.Name, child.Spec.Handler, (string?)child.Spec.Config!["outputs"]!["host"], child.Metadata.Label(ApiGroup.ComponentLabel)));
        Assert.True(child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer));
        Assert.DoesNotContain(make.Calls, c => c.StartsWith("Delete", StringComparison.Ordinal));
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);
    }

    [Fact]
    public async Task An_edited_label_of_a_child_is_restored_without_a_handler_call()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db);
        await cluster.RunUntilQuiet();
        await cluster.EditComponent("sys-db", c => c["metadata"]!["labels"] = new JsonObject { ["mine"] = "stays" });
        await cluster.RunUntilQuiet();
        var child = await cluster.Component("sys-db");
        Assert.Equal(("sys", "stays"), (child.Metadata.Label(ApiGroup.CompositionLabel), child.Metadata.Label("mine")));
        Assert.Equal(1, make.Applied("sys-db"));
    }

    [Fact]
    public async Task An_invalid_composition_changes_nothing_and_says_what_is_wrong()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App);
        await cluster.RunUntilQuiet();
        var children = (await cluster.Versions()).Split(' ')[..2];
        await cluster.PutComposition("sys", Db.Replace("one", "two", StringComparison.Ordinal), Db, """{"name":"x","type":"make","config":{"size":0}}""");
        await cluster.RunUntilQuiet();
        Assert.Equal(children, (await cluster.Versions()).Split(' ')[..2]);
        var status = (await cluster.Composition("sys")).Status!;
        Assert.Equal((Phase.Failed, 2L), (status.Phase, status.ObservedGeneration));
        Assert.Equal(
            "spec.components[2].config.size: must be a whole number, 1-9, not the number 0; spec.components[1].name: the name \"db\" is taken by "
                + "spec.components[0]: names are unique in a Composition",
            status.Conditions![0].Message);
        Assert.Equal(2, status.Components!.Count);

        await cluster.Delete("sys", ResourceType.Composition);
        await cluster.RunUntilQuiet();
        Assert.Equal("", await cluster.Names());
        Assert.Null(await cluster.FindComposition("sys"));
    }

    [Fact]
    public async Task Independent_branches_continue_when_one_fails()
    {
        var broken = new ScriptedHandler("broken");
        broken.Answer(new HandlerAnswer.Failed(FailureKind.Denied, "no right"));
        await using var cluster = new ScriptedCluster(make, broken);
        await cluster.PutComposition("sys", Db.Replace("make", "broken", StringComparison.Ordinal), App, Log,
            """{"name":"tail","type":"make","dependsOn":["log"]}""");
        await cluster.RunUntilQuiet();
        Assert.Equal("sys-db sys-log sys-tail", await cluster.Names());
        var status = (await cluster.Composition("sys")).Status!;
        Assert.Equal((Phase.Failed, "app waits for db: no right"), (status.Phase, status.Message));
    }

    [Fact]
    public async Task A_write_that_the_store_refuses_is_reported_and_blocks_no_other_child()
    {
        await using var cluster = new ScriptedCluster(make);
        var full = true;
        cluster.Hooks.Before = (call, name) => call == "Create" && name == "sys-db" && full
            ? Task.FromException(new ResourceException(ResourceError.Forbidden, "exceeded quota"))
            : Task.CompletedTask;
        await cluster.PutComposition("sys", Db, App, Log);
        await cluster.RunUntilQuiet();
        Assert.Equal("sys-log", await cluster.Names());
        Assert.Equal((Phase.Failed, "app waits for db: exceeded quota"),
            ((await cluster.Composition("sys")).Status!.Phase, (await cluster.Composition("sys")).Status!.Message));

        full = false;
        await cluster.Advance(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10));
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);
    }

    [Fact]
    public async Task A_taken_child_name_is_left_alone_until_it_is_free()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("sys-db", """{"handler":"make"}""");
        await cluster.PutComposition("sys", Db);
        await cluster.RunUntilQuiet();
        Assert.Equal(Phase.Failed, (await cluster.Composition("sys")).Status!.Phase);
        Assert.Null((await cluster.Component("sys-db")).Metadata.Controller());

        await cluster.Delete("sys-db");
        await cluster.RunUntilQuiet();
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);
        Assert.NotNull((await cluster.Component("sys-db")).Metadata.Controller());
    }

    [Fact]
    public async Task A_paused_Composition_is_left_alone_until_it_is_resumed()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db);
        await cluster.RunUntilQuiet();
        await cluster.Annotate("sys", ApiGroup.PausedAnnotation, "true", ResourceType.Composition);
        await cluster.PutComposition("sys", Db, Log);
        await cluster.RunUntilQuiet();
        Assert.Equal("sys-db", await cluster.Names());
        await cluster.Annotate("sys", ApiGroup.PausedAnnotation, "false", ResourceType.Composition);
        await cluster.RunUntilQuiet();
        Assert.Equal("sys-db sys-log", await cluster.Names());
    }

    [Fact]
    public async Task A_foreign_handler_works_by_the_protocol_alone()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db.Replace("make", "rds", StringComparison.Ordinal), App);
        await cluster.RunUntilQuiet();
        Assert.Equal("app waits for db: no handler rds is running here", (await cluster.Composition("sys")).Status!.Message);

        await cluster.EditComponent("sys-db", c => c["metadata"]!["finalizers"]!.AsArray().Add((JsonNode)"rds.deployment-orchestrator.io/lifecycle"));
        await cluster.EditStatus("sys-db", c =>
            c["status"] = JsonNode.Parse("""{"phase":"Ready","observedGeneration":1,"providerStatus":{"host":"theirs"}}"""));
        await cluster.RunUntilQuiet();
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);
        Assert.Equal(["""Apply sys-app {"with":"theirs","outputs":{"url":"http://theirs"}}"""], make.Calls);
    }

    [Fact]
    public async Task A_deleted_namespace_deletes_everything_in_it()
    {
        await using var cluster = new ScriptedCluster(make);
        var cancellation = TestContext.Current.CancellationToken;
        await cluster.Store.Create(NewResource.Namespace("team"), cancellation);
        await cluster.Store.Create(
            NewResource.Composition("team", "sys", JsonNode.Parse(Db)!, JsonNode.Parse(App)!), cancellation);
        await cluster.RunUntilQuiet();
        Assert.Equal("sys-app sys-db", await cluster.Names());
        await cluster.Store.Delete(ResourceType.Namespace, new(null, "team"), new(), cancellation);
        await cluster.RunUntilQuiet();
        Assert.Equal("", await cluster.Names());
        Assert.Null(await cluster.Store.Get(ResourceType.Namespace, new(null, "team"), cancellation));

        // Kubernetes deletes the contents of a Namespace in no order, so two workers may delete at once; and a handler may be called again.
        Assert.Equal(["Delete sys-app", "Delete sys-db"], make.Calls.Skip(2).Distinct().Order(StringComparer.Ordinal));
    }
}
