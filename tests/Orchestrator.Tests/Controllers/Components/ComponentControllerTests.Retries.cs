using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>Failures, timeouts and what happens during a handler call.</summary>
public sealed partial class ComponentControllerTests
{
    [Theory]
    [InlineData(FailureKind.Transient, "1 2 4 8 16 32 64 128 256 300 300")]
    [InlineData(FailureKind.Denied, "60 120 240 480 960 1920 3600 3600")]
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_denied_Component_whose_spec_or_requested_at_changes_is_tried_at_once_and_a_minute_later(bool isSpec)
    {
        await using var cluster = new ScriptedCluster(make);
        make.Answer(new HandlerAnswer.Failed(FailureKind.Denied, "why"));
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.Advance(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        var calls = make.Calls.Count;

        await (isSpec ? cluster.PutComponent("a", """{"handler":"make","config":{"size":2}}""") : cluster.Annotate("a", ApiGroup.RequestedAtAnnotation, "now"));
        await cluster.WhenQuiet();
        Assert.Equal(calls + 1, make.Calls.Count);
        await cluster.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(calls + 2, make.Calls.Count);
    }

    [Fact]
    public async Task A_denied_deletion_is_tried_every_five_minutes()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        make.OnDelete = (_, _) => Task.FromResult<HandlerAnswer>(new HandlerAnswer.Failed(FailureKind.Denied, "why"));
        await cluster.Delete("a");
        await cluster.WhenQuiet();
        var calls = make.Calls.Count;

        await cluster.Advance(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));

        Assert.Equal(calls + 12, make.Calls.Count);
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
        // A Component that was Ready remains Ready.
        Assert.Equal(Phase.Ready, (await cluster.Component("a")).Status!.Phase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deployment_past_its_timeout_is_Failed_and_retried_every_five_minutes(bool isTransient)
    {
        await using var cluster = new ScriptedCluster(make);
        make.Answer(isTransient
            ? new HandlerAnswer.Failed(FailureKind.Transient, "why") : new HandlerAnswer.InProgress(TimeSpan.FromSeconds(4)) { Message = "why" });
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
        // The controller may not have set its timer yet; then a later second triggers it.
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

    // The change comes after the handler read and before its call ends, so the handler's input is outdated.
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
                // Until the watch notifies the controller, which then calls the handler again.
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
        // Reconciles caused by a watch are at least a second apart.
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
        Assert.Equal((Phase.TerminationFailed, "still there after 30m: going"),
            ((await cluster.Component("a")).Status!.Phase, (await cluster.Component("a")).Status!.Message));

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
}
