using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>Standalone Components from creation to deletion, with handlers that the test scripts.</summary>
public sealed partial class ComponentControllerTests
{
    private const string Finalizer = "make.deployment-orchestrator.io/lifecycle";

    private readonly ScriptedHandler make = new("make");

    [Fact]
    public async Task The_finalizer_is_written_before_the_first_call_and_one_status_after_it()
    {
        await using var cluster = new ScriptedCluster(make);
        var apply = make.OnApply;
        var claimed = false;
        make.OnApply = async (request, cancellation) =>
        {
            claimed = (await cluster.Component("a")).Metadata.HasFinalizer(Finalizer);
            return await apply(request, cancellation);
        };
        await cluster.PutComponent("a", """{"handler":"make","config":{"outputs":{"x":1}}}""");
        await cluster.WhenQuiet();
        Assert.True(claimed);
        Assert.Equal(["Replace a", "ReplaceStatus a"], cluster.Writes);
        var status = (await cluster.Component("a")).Status!;
        Assert.Equal((Phase.Ready, "made", 1L, """{"x":1}"""),
            (status.Phase, status.Message, status.ObservedGeneration, status.ProviderStatus!.ToJsonString()));
    }

    [Fact]
    public async Task A_Component_of_another_operators_handler_is_not_touched()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("theirs", """{"handler":"rds"}""");
        await cluster.PutComponent("claimed", """{"handler":"rds"}""");
        await cluster.EditComponent("claimed", c => c["metadata"]!["finalizers"] = new JsonArray("rds.deployment-orchestrator.io/lifecycle"));
        await cluster.EditComponent("claimed", c => c["spec"]!["handler"] = "make");
        await cluster.WhenQuiet();
        var versions = await cluster.Versions();
        await cluster.Advance(TimeSpan.FromHours(1));
        await cluster.Delete("claimed");
        await cluster.WhenQuiet();
        Assert.Equal("claimed theirs", await cluster.Names());
        Assert.Empty(cluster.Writes);
        Assert.Empty(make.Calls);
        Assert.StartsWith("claimed@", versions);
    }

    [Fact]
    public async Task A_paused_Component_is_left_alone_even_while_it_is_deleted()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        await cluster.Annotate("a", ApiGroup.PausedAnnotation, "true");
        await cluster.PutComponent("a", """{"handler":"make","config":{"size":2}}""");
        await cluster.Delete("a");
        await cluster.Advance(TimeSpan.FromHours(1));
        Assert.Single(make.Calls);
        await cluster.Annotate("a", ApiGroup.PausedAnnotation, "false");
        await cluster.WhenQuiet();
        Assert.Equal("", await cluster.Names());
        Assert.Equal("Delete a", make.Calls[^1]);
    }

    [Fact]
    public async Task A_new_requested_at_calls_the_handler_once()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        await cluster.Annotate("a", ApiGroup.RequestedAtAnnotation, "now");
        await cluster.WhenQuiet();
        Assert.Equal(2, make.Calls.Count);
        await cluster.Annotate("a", "other", "x");
        await cluster.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, make.Calls.Count);
    }

    [Fact]
    public async Task A_change_of_labels_or_of_our_own_status_does_not_call_the_handler()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        await cluster.EditComponent("a", c => c["metadata"]!["labels"] = new JsonObject { ["x"] = "y" });
        await cluster.Advance(TimeSpan.FromDays(1), TimeSpan.FromHours(1));
        Assert.Single(make.Calls);
        Assert.Equal(2, cluster.Writes.Count);
    }

    [Fact]
    public async Task A_status_edited_by_hand_is_restored()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a", """{"handler":"make","config":{"outputs":{"x":1}}}""");
        await cluster.WhenQuiet();
        var before = (await cluster.Component("a")).Status!;
        await cluster.EditStatus("a", c => c["status"] = JsonNode.Parse("""{"phase":"Failed","providerStatus":{"x":2}}"""));
        await cluster.WhenQuiet();
        var after = (await cluster.Component("a")).Status!;
        Assert.Equal((before.Phase, before.Message, """{"x":1}"""), (after.Phase, after.Message, after.ProviderStatus!.ToJsonString()));
        Assert.Equal(2, make.Calls.Count);
    }

    [Fact]
    public async Task A_restart_costs_one_handler_call_and_no_write()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        var versions = await cluster.Versions();
        await cluster.Restart();
        await cluster.Advance(TimeSpan.FromHours(3), TimeSpan.FromHours(1));
        Assert.Equal(versions, await cluster.Versions());
        Assert.Equal(2, make.Calls.Count);
    }

    [Fact]
    public async Task A_Component_with_problems_reports_them_all_and_its_handler_is_not_called()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a",
            """{"handler":"make","deploymentTimeout":"soon","config":{"size":0,"sise":1,"with":"{{ .b.providerStatus.x | quote }}"}}""");
        await cluster.WhenQuiet();
        var status = (await cluster.Component("a")).Status!;
        Assert.Equal((Phase.Failed, "InvalidConfig"), (status.Phase, status.Condition("Ready")!.Reason));
        Assert.StartsWith("spec.deploymentTimeout: must be a duration such as 30m or 1h30m, not \"soon\" (and 3 more)", status.Message);
        foreach (var path in new[] { "spec.deploymentTimeout", "size", "sise", "with" })
            Assert.Contains($"{path}: ", status.Condition("Ready")!.Message, StringComparison.Ordinal);
        Assert.Empty(make.Calls);

        var versions = await cluster.Versions();
        await cluster.Advance(TimeSpan.FromHours(1));
        Assert.Equal(versions, await cluster.Versions());
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        Assert.Equal(Phase.Ready, (await cluster.Component("a")).Status!.Phase);
    }

    [Fact]
    public async Task A_changed_handler_is_InvalidConfig_and_the_old_handler_deletes()
    {
        var other = new ScriptedHandler("other");
        await using var cluster = new ScriptedCluster(make, other);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        await cluster.PutComponent("a", """{"handler":"other"}""");
        await cluster.WhenQuiet();
        var status = (await cluster.Component("a")).Status!;
        Assert.Equal((Phase.Failed, "spec.handler: cannot change in place: it was make; delete and recreate the Component"), (status.Phase, status.Message));
        await cluster.Delete("a");
        await cluster.WhenQuiet();
        Assert.Equal("", await cluster.Names());
        Assert.Equal("Delete a", make.Calls[^1]);
        Assert.Empty(other.Calls);
    }

    [Fact]
    public async Task A_Component_waits_for_a_missing_dependency_and_continues_when_it_appears()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("app", """{"handler":"make","config":{"with":"{{ .db.providerStatus.host }}"}}""");
        await cluster.WhenQuiet();
        var waiting = (await cluster.Component("app")).Status!;
        Assert.Equal((Phase.Pending, "waits for \"db\", which does not exist in the namespace"), (waiting.Phase, waiting.Message));
        Assert.Empty(make.Calls);

        await cluster.PutComponent("db", """{"handler":"make","config":{"outputs":{"host":"h"}}}""");
        await cluster.WhenQuiet();
        Assert.Equal("""Apply app {"with":"h"}""", make.Calls[^1]);
        var app = await cluster.Component("app");
        Assert.Equal(Phase.Ready, app.Status!.Phase);
        // GitOps would fight a resolved spec.
        Assert.Equal("{{ .db.providerStatus.host }}", (string?)app.Spec.Config!["with"]);
    }

    [Fact]
    public async Task A_changed_output_is_applied_once_and_the_dependent_stays_Ready()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("db", """{"handler":"make","config":{"outputs":{"host":"one"}}}""");
        await cluster.PutComponent("app", """{"handler":"make","config":{"with":"{{ .db.providerStatus.host }}"}}""");
        await cluster.WhenQuiet();
        var since = (await cluster.Component("app")).Status!.Condition("Ready")!.LastTransitionTime;
        await cluster.Advance(TimeSpan.FromHours(1));
        await cluster.PutComponent("db", """{"handler":"make","config":{"outputs":{"host":"two"}}}""");
        await cluster.WhenQuiet();
        Assert.Equal("""Apply app {"with":"two"}""", make.Calls[^1]);
        Assert.Equal(1, make.Calls.Count(c => c == """Apply app {"with":"two"}"""));
        Assert.Equal(since, (await cluster.Component("app")).Status!.Condition("Ready")!.LastTransitionTime);
    }

    [Fact]
    public async Task A_changed_reference_name_reconciles_the_Components_that_used_the_old_one()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("db", """{"handler":"make"}""");
        await cluster.PutComponent("app", """{"handler":"make","config":{"with":"{{ .data.providerStatus.x }}"}}""");
        await cluster.PutComponent("db", """{"handler":"make","name":"data","config":{"outputs":{"x":1}}}""");
        await cluster.WhenQuiet();
        Assert.Equal(Phase.Ready, (await cluster.Component("app")).Status!.Phase);
        await cluster.PutComponent("db", """{"handler":"make","config":{"outputs":{"x":1}}}""");
        await cluster.WhenQuiet();
        Assert.Equal("waits for \"data\", which does not exist in the namespace", (await cluster.Component("app")).Status!.Message);
    }

    private static async Task PutSource(ScriptedCluster cluster, string value)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var source = await cluster.Store.Get(ResourceType.ConfigMap, new("default", "source"), cancellation);
        var data = new JsonObject { ["value"] = value };
        if (source is null)
        {
            await cluster.Store.Create(NewResource.ConfigMap("default", "source", ("value", value)), cancellation);
            return;
        }

        source["data"] = data;
        await cluster.Store.Replace(source, cancellation);
    }

    private static async Task Seen(ScriptedCluster cluster, string phase)
    {
        await foreach (var happened in cluster.Store.Watch(ResourceType.Component, null, "0", TestContext.Current.CancellationToken))
        {
            if ((string?)happened.Resource["status"]?["phase"] == phase)
                return;
        }
    }
}
