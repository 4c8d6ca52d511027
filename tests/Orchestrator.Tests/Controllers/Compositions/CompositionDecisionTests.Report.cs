using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>What a decision reports of children that are blocked, and of very large Compositions.</summary>
public sealed partial class CompositionDecisionTests
{
    [Fact]
    public void A_child_name_taken_by_another_owner_is_left_alone()
    {
        var composition = Of("db:make", "app:make db", "log:make");
        var changes = CompositionDecision.Decide(Facts(composition, []) with { NamesInUse = new HashSet<string> { "app-db" } });
        Assert.Equal("create app-log", Text(changes));
        Assert.StartsWith("db Failed a Component \"app-db\" that is not this Composition's has the name: rename the entry, or delete that Component; app "
            + "Pending waits for db", Rows(changes));
    }

    [Fact]
    public void The_last_of_a_chain_names_the_entry_that_failed()
    {
        var composition = Of("db:make", "app:make db", "web:make app", "shop:make log web", "log:make");
        var failed = Ready(composition, "db") with { Status = new() { Phase = Phase.Failed, ObservedGeneration = 1, Message = "no right" } };
        Assert.Equal(
            "db Failed no right; app Pending waits for db; web Pending waits for app: db failed; shop Pending waits for log, web: db failed; log Pending",
            Rows(Decide(composition, [failed])));
        // An existing child keeps its status, so its dependents do not report the reason.
        Assert.Equal(
            "db Failed no right; app Ready; web Pending waits for app: db failed; shop Pending waits for web: db failed; log Ready",
            Rows(Decide(composition, [failed, Ready(composition, "app"), Ready(composition, "log")])));
        var busy = failed with { Status = failed.Status! with { Phase = Phase.Deploying, Message = "busy" } };
        Assert.Equal("db Deploying busy; app Pending waits for db; web Pending waits for app; shop Pending waits for log, web; log Pending",
            Rows(Decide(composition, [busy])));
    }

    [Fact]
    public void A_handler_that_is_not_running_is_named_until_one_sets_its_finalizer_or_a_status()
    {
        var composition = Of("db:rds", "app:make db");
        var child = Unclaimed(composition, "db");
        var changes = WithoutRds(composition, child);
        Assert.Equal("", Text(changes));
        Assert.Equal("db Pending no handler rds is running here; app Pending waits for db", Rows(changes));
        Assert.Equal("app waits for db: no handler rds is running here", Status(composition, changes).Message);

        var claimed =
            child with { Metadata = child.Metadata with { Finalizers = [.. child.Metadata.Finalizers!, "rds.deployment-orchestrator.io/lifecycle"] } };
        Assert.StartsWith("db Pending the handler rds has claimed it and has not reported a status yet; ", Rows(WithoutRds(composition, claimed)));
        var answered = child with { Status = new() { Phase = Phase.Deploying, ObservedGeneration = 1, Message = "busy" } };
        Assert.StartsWith("db Deploying busy; ", Rows(WithoutRds(composition, answered)));
    }

    // No other handler may be running to report it.
    [Fact]
    public void A_child_whose_handler_is_not_running_fails_after_its_timeout()
    {
        var composition = Of("db:rds");
        var child = Unclaimed(composition, "db");
        var before = WithoutRds(composition, child, minutes: 29);
        Assert.Equal((Phase.Pending, TimeSpan.FromMinutes(1)), (Status(composition, before).Phase, before.RecheckAfter));
        var after = WithoutRds(composition, child, minutes: 30);
        Assert.Equal("db Failed not ready after 30m: no handler rds is running here", Rows(after));
        Assert.Equal((Phase.Failed, null), (Status(composition, after).Phase, after.RecheckAfter));

        var busy = child with
        {
            Spec = child.Spec with { DeploymentTimeout = "5m" },
            Status = new() { Phase = Phase.Deploying, ObservedGeneration = 1, Message = "busy" }
        };
        composition = composition with { Spec = new() { Components = [composition.Spec.Components[0] with { DeploymentTimeout = "5m" }] } };
        Assert.Equal("db Failed not ready after 5m: busy", Rows(WithoutRds(composition, busy, minutes: 5)));
        Assert.Equal("db Ready", Rows(WithoutRds(composition, busy with { Status = Status([]) }, minutes: 5)));
    }

    [Fact]
    public void The_holder_of_a_deletion_is_named()
    {
        var composition = Of("db:rds");
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var child = Terminating(composition, "db", released: true);
        const string Held =
            "no handler rds is running here, and its finalizer rds.deployment-orchestrator.io/lifecycle holds it: run that handler, or remove the finalizer";
        Assert.Equal($"db Terminating {Held}", Rows(WithoutRds(going, child)));
        Assert.Equal($"db TerminationFailed still there after 30m: {Held}", Rows(WithoutRds(going, child, minutes: 30)));
        Assert.Equal($"db Terminating {Held}", Rows(WithoutRds(composition, child)));
        var refused = child with { Status = new() { Phase = Phase.TerminationFailed, Message = "no right" } };
        Assert.Equal("db TerminationFailed no right", Rows(WithoutRds(going, refused, minutes: 30)));
        var others = child with { Metadata = child.Metadata with { Finalizers = ["example.org/backup"] } };
        Assert.Equal("db Terminating is held by the finalizer example.org/backup: only its owner should remove it", Rows(WithoutRds(going, others)));
        var paused = new Dictionary<string, string> { [ApiGroup.PausedAnnotation] = "true" };
        Assert.Equal("db Terminating is paused: remove the annotation deployment-orchestrator.io/paused to delete it",
            Rows(Decide(going, [child with { Metadata = child.Metadata with { Annotations = paused } }])));
    }

    [Fact]
    public void A_paused_child_that_is_not_ready_is_shown_as_paused()
    {
        var composition = Of("db:make");
        var child = Unclaimed(composition, "db");
        child = child with { Metadata = child.Metadata with { Annotations = new Dictionary<string, string> { [ApiGroup.PausedAnnotation] = "true" } } };
        Assert.Equal("db: is paused: remove the annotation deployment-orchestrator.io/paused to continue",
            Status(composition, Decide(composition, [child])).Message);
    }

    [Fact]
    public void A_child_status_of_an_older_spec_is_not_reported()
    {
        var composition = Of("db:make");
        var child = Ready(composition, "db");
        var changes = Decide(composition, [child with { Metadata = child.Metadata with { Generation = 2 } }]);
        Assert.Equal("db Deploying", Rows(changes));
    }

    [Fact]
    public void An_invalid_spec_does_not_block_terminating_children_and_the_others_keep_their_status()
    {
        var before = Of("db:make", "app:make db", "log:make");
        var impossible = Of("db:make app", "app:make db");
        CompositionChanges Halt(params Component[] children) => CompositionDecision.DecideInvalid(Facts(impossible, children));

        var changes = Halt(Terminating(before, "db"), Ready(before, "app"),
            Ready(before, "log") with { Status = new() { Phase = Phase.Failed, ObservedGeneration = 1, Message = "denied" } });
        Assert.Equal("release app-db", Text(changes));
        Assert.Equal("app Ready; db Terminating is being deleted; it is not recreated until the spec is corrected; log Failed denied", Rows(changes));

        changes = Halt(Terminating(before, "db"), Terminating(before, "app"));
        Assert.Equal("release app-app", Text(changes));
        Assert.Equal(
            "app Terminating is being deleted; it is not recreated until the spec is corrected; db Terminating waiting for dependents to be deleted: app",
            Rows(changes));
    }

    [Fact]
    public void A_chain_of_a_thousand_entries_is_decided_and_released_from_its_end()
    {
        var composition = Of([.. Enumerable.Range(0, 1_000).Select(i => i == 0 ? "c0:make" : $"c{i}:make c{i - 1} c0")]);
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var children = Enumerable.Range(0, 1_000).Select(i => Ready(composition, $"c{i}")).ToList();
        Assert.Equal(Phase.Ready, Status(composition, Decide(composition, children)).Phase);
        var released = Decide(going, [.. children.Select(c => c with { Metadata = c.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } })]).Release;
        Assert.Equal("app-c999", Assert.Single(released).Metadata.Name);
    }

    [Fact]
    public void The_status_of_five_hundred_failures_has_at_most_256_kib()
    {
        var composition = Of([.. Enumerable.Range(0, 500).Select(i => $"{$"c{i}".PadRight(31, 'x')}:make")]);
        var children = composition.Spec.Components.Select(e => Ready(composition, e.Name)).Select(c => c with
        {
            Status = new() { Phase = Phase.Failed, ObservedGeneration = 1, Message = new('m', 256) },
        });
        var status = Status(composition, Decide(composition, [.. children]));
        Assert.Equal(500, status.Components!.Count);
        Assert.InRange(ApiJson.ToJson(status, ApiJson.Default.CompositionStatus).ToJsonString().Length, 100_000, 256 * 1024);
    }
}
