using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

public sealed class ComponentStatusRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HandlerAnswer Busy = new HandlerAnswer.InProgress(TimeSpan.FromSeconds(10)) { Message = "creating" };

    [Theory]
    [InlineData(FailureKind.InvalidConfig, "Failed", "False", "InvalidConfig")]
    [InlineData(FailureKind.Conflict, "Failed", "False", "Conflict")]
    [InlineData(FailureKind.Denied, "Failed", "False", "Denied")]
    [InlineData(FailureKind.Rejected, "Failed", "False", "Rejected")]
    [InlineData(FailureKind.Transient, "Deploying", "False", "Transient")]
    public void A_failure_before_the_first_Ready_sets_the_phase_by_its_kind(FailureKind kind, string phase, string ready, string reason) =>
        Check(After(New(), new HandlerAnswer.Failed(kind, "why")), phase, ready, reason, "why");

    [Theory]
    [InlineData(FailureKind.Denied, "Failed", "False", "Denied")]
    [InlineData(FailureKind.Transient, "Ready", "True", "Ready")]
    public void A_failure_of_a_Ready_Component_sets_the_phase_by_its_kind(FailureKind kind, string phase, string ready, string reason) =>
        Check(After(Ready(), new HandlerAnswer.Failed(kind, "why")), phase, ready, reason, "why");

    [Fact]
    public void A_Component_that_is_Ready_for_an_older_spec_is_not_Ready() =>
        Check(After(Edited(Ready()), new HandlerAnswer.Failed(FailureKind.Transient, "why")), "Deploying", "False", "Transient", "why", generation: 2);

    [Fact]
    public void A_result_of_Done_makes_the_Component_Ready_and_progress_does_not()
    {
        Check(After(New(), new HandlerAnswer.Done { Message = "made" }), "Ready", "True", "Ready", "made");
        Check(After(New(), Busy), "Deploying", "False", "InProgress", "creating");
    }

    [Fact]
    public void Outputs_and_applied_state_are_kept_unless_the_result_has_new_ones()
    {
        var component = New() with { Status = After(New(), new HandlerAnswer.Done { ProviderStatus = new() { ["a"] = 1 }, Applied = new() { ["b"] = 2 } }) };
        var kept = After(component, new HandlerAnswer.Failed(FailureKind.Denied, "why"));
        Assert.Equal(("""{"a":1}""", """{"b":2}"""), (kept.ProviderStatus!.ToJsonString(), kept.Applied!.ToJsonString()));
        var changed = After(component, new HandlerAnswer.Done { ProviderStatus = [], Applied = [] });
        Assert.Equal(("{}", "{}"), (changed.ProviderStatus!.ToJsonString(), changed.Applied!.ToJsonString()));
    }

    [Fact]
    public void The_Ready_condition_lists_every_problem_and_the_status_message_the_first()
    {
        var status = After(New(),
            new HandlerAnswer.Failed(FailureKind.InvalidConfig, [new Problem("a.b", "is wrong"), new Problem("c", "too"), new Problem("", "and this")]));
        Assert.Equal("a.b: is wrong (and 2 more)", status.Message);
        Assert.Equal("a.b: is wrong; c: too; and this", status.Condition("Ready")!.Message);
    }

    [Fact]
    public void A_status_message_is_cut_at_its_limit()
    {
        var text = new string('é', 5000);
        var status = After(New(), new HandlerAnswer.Done { Message = text, Conditions = [new() { Type = "Own", Status = "True", Message = text }] });
        Assert.All(status.Conditions!.Select(c => c.Message!).Append(status.Message!), m => Assert.InRange(Encoding.UTF8.GetByteCount(m), 254, 256));
        var failed = After(New(), new HandlerAnswer.Failed(FailureKind.InvalidConfig, text));
        Assert.InRange(Encoding.UTF8.GetByteCount(failed.Message!), 254, 256);
        Assert.InRange(Encoding.UTF8.GetByteCount(failed.Condition("Ready")!.Message!), 4094, 4096);
    }

    [Fact]
    public void A_condition_keeps_its_transition_time_while_its_status_is_the_same()
    {
        static HandlerAnswer Answer(string own) => new HandlerAnswer.Done { Message = "made", Conditions = [new() { Type = "Own", Status = own }] };
        var first = Ready() with { Status = After(New(), Answer("True")) };
        var same = After(first, Answer("True"), Noon.AddHours(1));
        Assert.Equal([Noon, Noon], same.Conditions!.Select(c => c.LastTransitionTime));
        var other = After(first, Answer("False"), Noon.AddHours(1));
        Assert.Equal([Noon.AddHours(1), Noon], other.Conditions!.Select(c => c.LastTransitionTime));
        var edited = After(Edited(first), Answer("True"), Noon.AddHours(1));
        Assert.Equal([Noon, Noon], edited.Conditions!.Select(c => c.LastTransitionTime));
        Assert.All(edited.Conditions!, c => Assert.Equal(2, c.ObservedGeneration));
    }

    [Fact]
    public void A_handlers_conditions_are_replaced_by_its_result_and_kept_on_a_failure_without_conditions()
    {
        var component = New() with { Status = After(New(), new HandlerAnswer.Done { Conditions = [new() { Type = "Own", Status = "True" }] }) };
        Assert.Equal(["Ready"], After(component, new HandlerAnswer.Done()).Conditions!.Select(c => c.Type));
        Assert.Equal(["Own", "Ready"], After(component, new HandlerAnswer.Failed(FailureKind.Denied, "why")).Conditions!.Select(c => c.Type));
        Assert.Equal(["Other", "Ready"],
            After(component,
                new HandlerAnswer.Failed(FailureKind.Denied, "why") { Conditions = [new() { Type = "Other", Status = "False" }] }).Conditions!.Select(
                c => c.Type));
    }

    [Fact]
    public void A_condition_that_a_run_did_not_state_keeps_the_generation_for_which_it_was_stated()
    {
        var component = New() with { Status = After(New(), new HandlerAnswer.Done { Conditions = [new() { Type = "Own", Status = "True" }] }) };
        var edited = Edited(component);
        ComponentStatus[] kept =
        [
            After(edited, Busy),
            After(edited, new HandlerAnswer.Failed(FailureKind.Transient, "why")),
            After(edited, new HandlerAnswer.Failed(FailureKind.Denied, "why")),
            After(edited, new HandlerAnswer.Failed(FailureKind.InvalidConfig, "why")),
            ComponentStatusRules.Waiting(edited, "waits for x", Noon),
            ComponentStatusRules.Working(edited, Noon),
            ComponentStatusRules.Remembering(edited, [], Noon),
            ComponentStatusRules.AfterDelete(edited, Busy, Noon),
            ComponentStatusRules.AfterDelete(edited, new HandlerAnswer.Failed(FailureKind.Denied, "why"), Noon),
            ComponentStatusRules.AfterDelete(edited, new HandlerAnswer.Failed(FailureKind.Transient, "why"), Noon),
        ];
        Assert.All(kept, status => Assert.Equal((1L, 2L), (status.Condition("Own")!.ObservedGeneration, status.Condition("Ready")!.ObservedGeneration)));
        Assert.All(kept, status => Assert.Equal(component.Status.Condition("Own"), status.Condition("Own")));
    }

    [Fact]
    public void A_deployment_times_out_after_thirty_minutes_or_the_deploymentTimeout()
    {
        var component = New() with { Status = After(New(), Busy) };
        Assert.Equal("Deploying", After(component, Busy, Noon.AddMinutes(29)).Phase);
        Check(After(component, Busy, Noon.AddMinutes(30)), "Failed", "False", "TimedOut", "not ready after 30m: creating");
        var hasty = component with { Spec = component.Spec with { DeploymentTimeout = "90s" } };
        Check(After(hasty, Busy, Noon.AddSeconds(90)), "Failed", "False", "TimedOut", "not ready after 1m30s: creating");
        var late = component with { Status = After(component, Busy, Noon.AddMinutes(30)) };
        Assert.Equal("TimedOut", After(late, Busy, Noon.AddMinutes(31)).Condition("Ready")!.Reason);
        Assert.Equal("Ready", After(late, new HandlerAnswer.Done(), Noon.AddMinutes(32)).Phase);
    }

    // Time in which nothing could be deployed does not count towards the deployment timeout.
    [Fact]
    public void The_deployment_timeout_restarts_with_a_new_spec_and_after_a_failure_that_a_user_fixes()
    {
        var invalid = New() with { Status = After(New(), new HandlerAnswer.Failed(FailureKind.InvalidConfig, "why")) };
        var mended = Edited(invalid) with { Status = After(Edited(invalid), Busy, Noon.AddHours(2)) };
        Assert.Equal("Deploying", mended.Status.Phase);
        Assert.Equal("Deploying", After(mended, Busy, Noon.AddHours(2).AddMinutes(29)).Phase);
        Assert.Equal("Failed", After(mended, Busy, Noon.AddHours(2).AddMinutes(30)).Phase);

        var denied = New() with { Status = After(New(), new HandlerAnswer.Failed(FailureKind.Denied, "why")) };
        Assert.Equal("Deploying", After(denied, Busy, Noon.AddHours(2)).Phase);

        var slow = New() with { Status = After(New(), Busy) };
        Assert.Equal("Deploying", After(Edited(slow), Busy, Noon.AddHours(2)).Phase);
    }

    [Fact]
    public void The_deployment_timeout_counts_from_the_first_reported_progress()
    {
        var shown = New() with { Status = ComponentStatusRules.Working(New(), Noon) };
        Check(shown.Status, "Deploying", "False", "Working", "at work");
        Assert.Equal("Failed", After(shown, Busy, Noon.AddMinutes(30)).Phase);
    }

    [Fact]
    public void Progress_on_a_Ready_Component_does_not_change_its_phase()
    {
        var ready = Ready();
        Assert.Same(ready.Status, ComponentStatusRules.Working(ready, Noon.AddHours(1)));
        Assert.Equal("Terminating", ComponentStatusRules.Working(Terminating(Edited(ready)), Noon).Phase);
    }

    [Fact]
    public void A_waiting_Component_is_Pending_and_a_Ready_one_stays_Ready()
    {
        Check(ComponentStatusRules.Waiting(New(), "waits for db", Noon), "Pending", "Unknown", "Waiting", "waits for db");
        Check(ComponentStatusRules.Waiting(Ready(), "waits for db", Noon), "Ready", "True", "Ready", "waits for db");
        Check(ComponentStatusRules.Waiting(Edited(Ready()), "waits for db", Noon), "Pending", "Unknown", "Waiting", "waits for db", generation: 2);
    }

    [Fact]
    public void A_Component_is_Terminating_until_its_deletion_is_refused_or_times_out()
    {
        var going = Terminating(Ready());
        HandlerAnswer transient = new HandlerAnswer.Failed(FailureKind.Transient, "no network");
        Check(ComponentStatusRules.AfterDelete(going, Busy, Noon), "Terminating", "False", "Terminating", "creating");
        Check(ComponentStatusRules.AfterDelete(going, transient, Noon), "Terminating", "False", "Terminating", "no network");
        Check(ComponentStatusRules.AfterDelete(going, new HandlerAnswer.Failed(FailureKind.Denied, "no right"), Noon), "TerminationFailed", "False",
            "Denied", "no right");
        Check(ComponentStatusRules.AfterDelete(going, transient, Noon.AddMinutes(30)), "TerminationFailed", "False", "TimedOut",
            "still there after 30m: no network");
        var hasty = going with { Spec = going.Spec with { TerminationTimeout = "1m" } };
        Check(ComponentStatusRules.AfterDelete(hasty, Busy, Noon.AddMinutes(1)), "TerminationFailed", "False", "TimedOut", "still there after 1m: creating");
    }

    private static ComponentStatus After(Component component, HandlerAnswer answer, DateTimeOffset? now = null) =>
        ComponentStatusRules.AfterApply(component, answer, now ?? Noon);

    private static Component New() => new() { Metadata = new() { Name = "a", Generation = 1 }, Spec = new() { Handler = "make", Config = new JsonObject() } };

    private static Component Ready() => New() with { Status = After(New(), new HandlerAnswer.Done { Message = "made" }) };

    private static Component Edited(Component component) => component with { Metadata = component.Metadata with { Generation = 2 } };

    private static Component Terminating(Component component) => component with { Metadata = component.Metadata with { DeletionTimestamp = Noon } };

    private static void Check(ComponentStatus status, string phase, string ready, string reason, string message, long generation = 1)
    {
        var condition = status.Condition("Ready")!;
        Assert.Equal((phase, message, generation), (status.Phase, status.Message, status.ObservedGeneration!.Value));
        Assert.Equal((ready, reason, message, generation), (condition.Status, condition.Reason, condition.Message, condition.ObservedGeneration!.Value));
    }
}
