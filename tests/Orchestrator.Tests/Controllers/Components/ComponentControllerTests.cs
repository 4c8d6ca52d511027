using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>Components of their own, from creation to end, with handlers that do as the test says.</summary>
public sealed class ComponentControllerTests
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
        Assert.Equal((Phase.Ready, "made", 1L, """{"x":1}"""), (status.Phase, status.Message, status.ObservedGeneration, status.ProviderStatus!.ToJsonString()));
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
        await cluster.PutComponent("a", """{"handler":"make","deploymentTimeout":"soon","config":{"size":0,"sise":1,"with":"{{ .b.providerStatus.x | quote }}"}}""");
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

    [Theory]
    [InlineData("handed over")]
    [InlineData("deleted")]
    public async Task The_watches_of_a_Component_that_is_no_longer_ours_are_dropped(string how)
    {
        await using var cluster = new ScriptedCluster(make);
        make.Answer(new HandlerAnswer.Done { Watches = [new(ResourceType.ConfigMap, new("default", "followed"), "0")], RecheckAfter = TimeSpan.FromDays(90) });
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        Assert.Equal(1, cluster.WatchCount);

        if (how == "deleted")
        {
            await cluster.Delete("a");
        }
        else
        {
            await cluster.EditComponent("a", c =>
            {
                c["metadata"]!["finalizers"] = new JsonArray();
                c["spec"]!["handler"] = "rds";
            });
        }

        await cluster.WhenQuiet();
        Assert.Equal(0, cluster.WatchCount);
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
        Assert.Equal((Phase.Failed, "spec.handler: does not change in place: it was make; delete the Component and create it anew"), (status.Phase, status.Message));
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

    [Theory]
    [InlineData(FailureKind.Transient, "1 2 4 8 16 32 64 128 256 300 300")]
    [InlineData(FailureKind.Denied, "300 300 300")]
    [InlineData(FailureKind.Conflict, "300 300 300")]
    [InlineData(FailureKind.Rejected, "300 300 300")]
    [InlineData(FailureKind.InvalidConfig, "")]
    public async Task Each_kind_of_failure_has_its_own_retry_interval(FailureKind kind, string expected)
    {
        await using var cluster = new ScriptedCluster(make);
        make.Answer(new HandlerAnswer.Failed(kind, "why"));
        await cluster.PutComponent("a", """{"handler":"make","deploymentTimeout":"10h"}""");
        await cluster.WhenQuiet();
        foreach (var pause in expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => TimeSpan.FromSeconds(int.Parse(s))))
        {
            var calls = make.Calls.Count;
            await cluster.Advance(pause - TimeSpan.FromMilliseconds(1));
            Assert.Equal(calls, make.Calls.Count);
            await cluster.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(calls + 1, make.Calls.Count);
        }

        if (expected.Length == 0)
            await cluster.Advance(TimeSpan.FromHours(10));
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length + 1, make.Calls.Count);
        Assert.Equal(["Replace a", "ReplaceStatus a"], cluster.Writes);
    }

    [Fact]
    public async Task A_success_resets_the_retry_backoff()
    {
        await using var cluster = new ScriptedCluster(make);
        var (failed, done) = (new HandlerAnswer.Failed(FailureKind.Transient, "why"), new HandlerAnswer.Done(TimeSpan.FromSeconds(10)));
        make.Answer(failed);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.Advance(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(1));
        Assert.Equal(4, make.Calls.Count);
        make.Answer(done);
        await cluster.Advance(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(1));
        make.Answer(failed);
        await cluster.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        Assert.Equal(6, make.Calls.Count);
        await cluster.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(7, make.Calls.Count);
        // What was ready stays so.
        Assert.Equal(Phase.Ready, (await cluster.Component("a")).Status!.Phase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deployment_past_its_timeout_is_Failed_and_retried_every_five_minutes(bool isTransient)
    {
        await using var cluster = new ScriptedCluster(make);
        make.Answer(isTransient ? new HandlerAnswer.Failed(FailureKind.Transient, "why") : new HandlerAnswer.InProgress(TimeSpan.FromSeconds(4)) { Message = "why" });
        await cluster.PutComponent("a", """{"handler":"make","deploymentTimeout":"20s"}""");
        await cluster.Advance(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1));
        var status = (await cluster.Component("a")).Status!;
        Assert.Equal((Phase.Failed, "not ready after 20s: why"), (status.Phase, status.Message));
        var calls = make.Calls.Count;
        await cluster.Advance(TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(5));
        Assert.Equal(calls + 3, make.Calls.Count);

        make.Answer(new HandlerAnswer.Done());
        await cluster.Advance(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5));
        Assert.Equal(Phase.Ready, (await cluster.Component("a")).Status!.Phase);
    }

    [Fact]
    public async Task A_slow_handler_call_shows_as_Deploying_after_two_seconds()
    {
        await using var cluster = new ScriptedCluster(make);
        var (entered, work) = (new TaskCompletionSource(), new TaskCompletionSource<HandlerAnswer>());
        make.OnApply = (_, _) =>
        {
            entered.TrySetResult();
            return work.Task;
        };
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await entered.Task;
        Assert.Null((await cluster.Component("a")).Status);
        var shown = Seen(cluster, Phase.Deploying);
        // The controller may not have set its timer yet: then the next second finds it.
        while (!shown.IsCompleted)
        {
            cluster.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        work.SetResult(new HandlerAnswer.Done { Message = "made" });
        await cluster.WhenQuiet();
        Assert.Equal(Phase.Ready, (await cluster.Component("a")).Status!.Phase);
        Assert.Equal(["Replace a", "ReplaceStatus a", "ReplaceStatus a"], cluster.Writes);
    }

    // The handler has read, the change comes, the call ends: what it read is old.
    [Fact]
    public async Task A_change_during_a_handler_call_is_not_lost()
    {
        await using var cluster = new ScriptedCluster(make);
        var key = new ObjectKey("default", "source");
        await PutSource(cluster, "one");
        var during = "";
        make.OnApply = async (_, cancellation) =>
        {
            var read = (await cluster.Store.Get(ResourceType.ConfigMap, key, cancellation))!;
            if (during.Length > 0)
            {
                await PutSource(cluster, during);
                during = "";
                // Until the watch has told the controller, which then asks for another call.
                for (var i = 0; i < 200; i++)
                    await Task.Yield();
            }

            return new HandlerAnswer.Done
            {
                ProviderStatus = new() { ["value"] = (string?)read["data"]!["value"] },
                Watches = [new(ResourceType.ConfigMap, key, (string?)read["metadata"]!["resourceVersion"])],
            };
        };
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        during = "three";
        await PutSource(cluster, "two");
        // Two runs that a watch woke have a second between them.
        await cluster.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("three", (string?)(await cluster.Component("a")).Status!.ProviderStatus!["value"]);
    }

    [Fact]
    public async Task Another_writers_change_during_a_call_costs_one_more_call_and_nothing_else()
    {
        await using var cluster = new ScriptedCluster(make);
        var apply = make.OnApply;
        make.OnApply = async (request, cancellation) =>
        {
            if (make.Calls.Count == 1)
                await cluster.EditComponent("a", c => c["metadata"]!["labels"] = new JsonObject { ["x"] = "y" });
            return await apply(request, cancellation);
        };
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, make.Calls.Count);
        var component = await cluster.Component("a");
        Assert.Equal((Phase.Ready, "y"), (component.Status!.Phase, component.Metadata.Label("x")));
    }

    [Fact]
    public async Task The_applied_state_is_written_before_the_call_continues_and_events_are_recorded_once()
    {
        await using var cluster = new ScriptedCluster(make);
        make.OnApply = async (request, cancellation) =>
        {
            await request.Remember(new() { ["intent"] = 1 }, cancellation);
            Assert.Equal("""{"intent":1}""", (await cluster.Component("a")).Status!.Applied!.ToJsonString());
            return new HandlerAnswer.Done { Applied = new() { ["intent"] = 2 }, Events = [new("Made", "it is made")] };
        };
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.Advance(TimeSpan.FromHours(1));
        Assert.Equal("""{"intent":2}""", (await cluster.Component("a")).Status!.Applied!.ToJsonString());
        Assert.Equal(["a: Made"], cluster.Events);
        Assert.Equal(["Replace a", "ReplaceStatus a", "ReplaceStatus a"], cluster.Writes);
    }

    [Fact]
    public async Task A_deletion_calls_the_handler_and_then_removes_its_finalizer()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        make.OnDelete = (_, _) => Task.FromResult<HandlerAnswer>(new HandlerAnswer.InProgress(TimeSpan.FromSeconds(5)) { Message = "going" });
        await cluster.Delete("a");
        await cluster.WhenQuiet();
        var status = (await cluster.Component("a")).Status!;
        Assert.Equal((Phase.Terminating, "going"), (status.Phase, status.Message));
        await cluster.Advance(TimeSpan.FromMinutes(31), TimeSpan.FromSeconds(5));
        Assert.Equal((Phase.TerminationFailed, "still there after 30m: going"), ((await cluster.Component("a")).Status!.Phase, (await cluster.Component("a")).Status!.Message));

        make.OnDelete = (_, _) => Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());
        await cluster.Advance(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));
        Assert.Equal("", await cluster.Names());
    }

    [Fact]
    public async Task An_edit_takes_effect_while_the_Component_is_being_deleted()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        make.OnDelete = (request, _) => Task.FromResult<HandlerAnswer>(
            (int?)request.Config["size"] == 2 ? new HandlerAnswer.Done() : new HandlerAnswer.Failed(FailureKind.Denied, "no right"));
        await cluster.Delete("a");
        await cluster.WhenQuiet();
        Assert.Equal("a", await cluster.Names());
        await cluster.PutComponent("a", """{"handler":"make","config":{"size":2}}""");
        await cluster.WhenQuiet();
        Assert.Equal("", await cluster.Names());
    }

    private static async Task PutSource(ScriptedCluster cluster, string value)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var source = await cluster.Store.Get(ResourceType.ConfigMap, new("default", "source"), cancellation);
        var data = new JsonObject { ["value"] = value };
        if (source is null)
        {
            await cluster.Store.Create(
                new() { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = "source", ["namespace"] = "default" }, ["data"] = data }, cancellation);
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
