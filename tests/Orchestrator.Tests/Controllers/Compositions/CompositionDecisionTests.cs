using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>
/// One decision a test: a Composition and the children that it has, and what is to be done. Entries are <c>name:type needs…</c>; children are made
/// from them as <see cref="CompositionDecision"/> itself would create them, then changed.
/// </summary>
public sealed class CompositionDecisionTests
{
    [Fact]
    public void A_new_Composition_creates_only_the_entries_without_dependencies()
    {
        var plan = Decide(Of("db:make", "app:make db", "log:make"), []);
        Assert.Equal("create app-db, create app-log", Text(plan));
        Assert.Equal("db Pending; app Pending waits for db; log Pending", Rows(plan));
    }

    [Fact]
    public void A_child_is_created_as_the_protocol_says()
    {
        var composition = Of("db:make", "app_x:make db");
        var db = Ready(composition, "db") with { Status = Status(new() { ["endpoint"] = "e", ["port"] = 1 }) };
        var child = Assert.Single(Decide(composition, [db], entry => entry with
        {
            Config = Json("""{"port":"{{ .db.providerStatus.port }}","text":"{{ .user }}@{{ .db.providerStatus.endpoint }}"}"""),
            DeploymentTimeout = "1h",
            TerminationTimeout = "2h",
        }).Create);

        Assert.Equal("app-app-x", child.Metadata.Name);
        Assert.Equal("apps", child.Metadata.Namespace);
        Assert.Equal([ApiGroup.CoordinationFinalizer], child.Metadata.Finalizers);
        Assert.Equal("app", child.Metadata.Label("deployment-orchestrator.io/composition"));
        Assert.Equal("app_x", child.Metadata.Label("deployment-orchestrator.io/component"));
        Assert.Equal(new() { ApiVersion = ApiGroup.ApiVersion, Kind = "Composition", Name = "app", Uid = "uid-app", Controller = true, BlockOwnerDeletion = true }, child.Metadata.Controller());
        Assert.Equal(("make", "app_x", "1h", "2h"), (child.Spec.Handler, child.Spec.Name, child.Spec.DeploymentTimeout, child.Spec.TerminationTimeout));
        Assert.Equal(["db"], child.Spec.DependsOn);
        Assert.Equal("""{"port":1,"text":"{{ .user }}@e"}""", child.Spec.Config!.ToJsonString());
    }

    [Fact]
    public void An_entry_is_created_once_its_dependencies_are_Ready()
    {
        var composition = Of("db:make", "app:make db");
        Assert.Equal("create app-app", Text(Decide(composition, [Ready(composition, "db")])));
    }

    [Theory]
    [InlineData("Deploying", 1)]
    [InlineData("Failed", 1)]
    // Ready for an older spec is not ready.
    [InlineData("Ready", 0)]
    public void An_entry_is_not_created_while_a_dependency_is_not_Ready(string phase, long observed)
    {
        var composition = Of("db:make", "app:make db");
        var db = Ready(composition, "db");
        Assert.Equal("", Text(Decide(composition, [db with { Status = db.Status! with { Phase = phase, ObservedGeneration = observed } }])));
    }

    [Fact]
    public void DependsOn_accepts_a_child_name_too()
    {
        var composition = Of("my_db:make", "app:make app-my-db");
        var db = Ready(composition, "my_db");
        var plan = Decide(composition, [db]);
        Assert.Equal("create app-app", Text(plan));
        Assert.Equal(["my_db"], plan.Create[0].Spec.DependsOn);
    }

    [Fact]
    public void A_Composition_in_its_desired_state_plans_nothing()
    {
        var composition = Of("db:make", "app:make db");
        var plan = Decide(composition, [Ready(composition, "db"), Ready(composition, "app")]);
        Assert.Equal("", Text(plan));
        Assert.Equal(Phase.Ready, Status(composition, plan).Phase);
    }

    [Theory]
    [InlineData("config")]
    [InlineData("dependsOn")]
    [InlineData("name")]
    [InlineData("timeout")]
    [InlineData("handler")]
    [InlineData("label")]
    [InlineData("finalizer")]
    public void A_child_edited_by_hand_is_restored(string what)
    {
        var composition = Of("db:make");
        var child = Ready(composition, "db");
        var (metadata, spec) = (child.Metadata, child.Spec);
        var edited = what switch
        {
            "config" => child with { Spec = spec with { Config = Json("""{"a":1}""") } },
            "dependsOn" => child with { Spec = spec with { DependsOn = ["db"] } },
            "name" => child with { Spec = spec with { Name = "other" } },
            "timeout" => child with { Spec = spec with { DeploymentTimeout = "1s" } },
            // Claimed by make, and still make's.
            "handler" => child with { Spec = spec with { Handler = "rds" } },
            "label" => child with { Metadata = metadata with { Labels = new Dictionary<string, string> { ["mine"] = "stays" } } },
            _ => child with { Metadata = metadata with { Finalizers = ["make.deployment-orchestrator.io/lifecycle"] } },
        };
        var plan = Decide(composition, [edited]);
        Assert.Equal("update app-db", Text(plan));
        Assert.Equal(Spec(child), Spec(plan.Update[0]));
        Assert.Equal("db", plan.Update[0].Metadata.Label(ApiGroup.ComponentLabel));
        Assert.Equal(child.Metadata.Finalizers!.Order(StringComparer.Ordinal), plan.Update[0].Metadata.Finalizers!.Order(StringComparer.Ordinal));
        Assert.Equal(what == "label" ? "stays" : null, plan.Update[0].Metadata.Label("mine"));
    }

    [Fact]
    public void A_changed_output_updates_only_the_entries_that_reference_it()
    {
        var plain = Of("db:make", "app:make db", "web:make app", "log:make");
        var composition = WithConfig(plain, "app", """{"with":"{{ .db.providerStatus.x }}"}""");
        var db = Ready(plain, "db") with { Status = Status(new() { ["x"] = "new" }) };
        var app = Ready(plain, "app", """{"with":"old"}""");
        var plan = Decide(composition, [db, app, Ready(plain, "web"), Ready(plain, "log")]);
        Assert.Equal("update app-app", Text(plan));
        Assert.Equal("""{"with":"new"}""", plan.Update[0].Spec.Config!.ToJsonString());
    }

    // Otherwise it would be applied with what is about to change, and once more after.
    [Fact]
    public void An_entry_waits_for_a_dependency_that_is_still_to_be_updated()
    {
        var before = Of("a:make", "b:make a", "c:make b");
        var after = WithConfig(WithConfig(WithConfig(before, "a", """{"v":2}"""), "b", """{"v":2}"""), "c", """{"v":2}""");
        Assert.Equal("update app-a", Text(Decide(after, [Ready(before, "a"), Ready(before, "b"), Ready(before, "c")])));
        Assert.Equal("update app-b", Text(Decide(after, [Ready(after, "a"), Ready(before, "b"), Ready(before, "c")])));
        Assert.Equal("update app-c", Text(Decide(after, [Ready(after, "a"), Ready(after, "b"), Ready(before, "c")])));
    }

    // a needed b; now b needs a. At no time do they need each other.
    [Fact]
    public void A_dependency_between_two_entries_can_be_reversed()
    {
        var (before, after) = (Of("a:make b", "b:make"), Of("a:make", "b:make a"));
        Assert.Equal("update app-a", Text(Decide(after, [Ready(before, "a"), Ready(before, "b")])));
    }

    [Fact]
    public void A_reference_to_an_output_that_is_not_there_fails_that_entry_alone()
    {
        var composition = WithConfig(Of("db:make", "app:make db", "log:make"), "app", """{"with":"{{ .db.providerStatus.endpont }}"}""");
        var db = Ready(composition, "db") with { Status = Status(new() { ["endpoint"] = "e" }) };
        var plan = Decide(composition, [db]);
        Assert.Equal("create app-log", Text(plan));
        Assert.Equal(
            "db Ready; app Failed config.with: component \"db\" has no output \"endpont\": there is endpoint; did you mean \"endpoint\"?; log Pending", Rows(plan));
    }

    [Fact]
    public void An_entry_of_another_type_replaces_its_child()
    {
        var (before, after) = (Of("db:make", "app:make db"), Of("db:rds", "app:make db"));
        var plan = Decide(after, [Ready(before, "db"), Ready(before, "app")]);
        Assert.Equal("delete app-db", Text(plan));
        Assert.Equal("db Terminating changes its handler from make to rds: is deleted, then created anew; app Ready", Rows(plan));
        Assert.Equal("release app-db", Text(Decide(after, [Going(before, "db"), Ready(before, "app")])));
        Assert.Equal("create app-db", Text(Decide(after, [Ready(before, "app")])));
    }

    // The type and the child's spec.handler were both changed: the claim says that it still is make's.
    [Fact]
    public void An_entry_of_another_type_replaces_its_child_even_if_the_child_was_edited_by_hand()
    {
        var child = Ready(Of("db:make"), "db");
        Assert.Equal("delete app-db", Text(Decide(Of("db:rds"), [child with { Spec = child.Spec with { Handler = "rds" } }])));
    }

    [Fact]
    public void Removed_entries_are_deleted_dependents_first()
    {
        var (before, after) = (Of("db:make", "app:make db", "log:make"), Of("log:make"));
        var plan = Decide(after, [Ready(before, "db"), Ready(before, "app"), Ready(before, "log")]);
        Assert.Equal("delete app-db, delete app-app", Text(plan));
        Assert.Equal("log Ready; app Terminating is no longer in the Composition; db Terminating is no longer in the Composition", Rows(plan));
        Assert.Equal("release app-app", Text(Decide(after, [Going(before, "db"), Going(before, "app"), Ready(before, "log")])));
        Assert.Equal("", Text(Decide(after, [Going(before, "db"), Going(before, "app", released: true), Ready(before, "log")])));
        Assert.Equal("release app-db", Text(Decide(after, [Going(before, "db"), Ready(before, "log")])));
    }

    [Fact]
    public void A_removed_dependency_is_deleted_once_its_dependent_is_updated_without_it()
    {
        var (before, after) = (Of("db:make", "app:make db"), Of("app:make"));
        Assert.Equal("update app-app, delete app-db", Text(Decide(after, [Ready(before, "db"), Ready(before, "app")])));
        Assert.Equal("update app-app", Text(Decide(after, [Going(before, "db"), Ready(before, "app")])));
        Assert.Equal("release app-db", Text(Decide(after, [Going(before, "db"), Ready(after, "app")])));
    }

    // The old one has what the new one wants; its dependents wait for the new one.
    [Theory]
    [InlineData("Conflict", "release app-a")]
    [InlineData("Denied", "")]
    public void A_renamed_entry_gets_what_its_old_entry_held(string reason, string expected)
    {
        var (before, after) = (Of("a:make", "b:make a", "c:make a b"), Of("n:make", "b:make n", "c:make b"));
        var refused = Ready(after, "n") with
        {
            Status = new() { Phase = Phase.Failed, ObservedGeneration = 1, Conditions = [new() { Type = Condition.Ready, Status = Condition.False, Reason = reason }] },
        };
        Assert.Equal(expected, Text(Decide(after, [Going(before, "a"), Ready(before, "b"), Ready(before, "c"), refused])));
    }

    // What the renamed entry needs is to be another, too: it goes after the old one, and the new one comes after it.
    [Fact]
    public void An_entry_renamed_with_a_new_dependency_in_one_edit_is_created()
    {
        var (before, after) = (Of("db:make", "old:make db", "app:make old"), Of("db:rds", "new:make db", "app:make new"));
        Assert.Equal("release app-old", Text(Decide(after, [Going(before, "db"), Going(before, "old"), Ready(before, "app")])));
        Assert.Equal("release app-db", Text(Decide(after, [Going(before, "db"), Ready(before, "app")])));
    }

    [Fact]
    public void An_entry_inserted_between_a_removed_entry_and_its_dependent_is_created()
    {
        var (before, after) = (Of("db:make", "app:make db"), Of("db:rds", "new:make db", "app:make new"));
        Assert.Equal("release app-db", Text(Decide(after, [Going(before, "db"), Ready(before, "app")])));
    }

    [Fact]
    public void A_removed_entry_stays_until_its_dependents_no_longer_depend_on_it()
    {
        var (before, after) = (Of("db:make", "old:make", "app:make old"), Of("db:rds", "new:make db", "app:make new"));
        Assert.Equal("release app-db", Text(Decide(after, [Going(before, "db"), Going(before, "old"), Ready(before, "app")])));
    }

    [Fact]
    public void An_entry_that_changes_its_handler_is_deleted_before_its_dependencies()
    {
        var (before, after) = (Of("db:make", "app:make db"), Of("db:rds", "app:rds db"));
        Assert.Equal("delete app-app", Text(Decide(after, [Going(before, "db"), Ready(before, "app")])));
    }

    [Fact]
    public void A_child_deleted_by_hand_is_released_at_once_and_created_again_although_it_has_dependents()
    {
        var composition = Of("db:make", "app:make db");
        var plan = Decide(composition, [Going(composition, "db"), Ready(composition, "app")]);
        Assert.Equal("release app-db", Text(plan));
        Assert.Equal("db Terminating is deleted, then created anew; app Ready", Rows(plan));
        Assert.NotEqual(Phase.Ready, Status(composition, plan).Phase);
        Assert.Equal("create app-db", Text(Decide(composition, [Ready(composition, "app")])));
    }

    [Fact]
    public void A_composition_deletes_dependents_first_and_itself_last()
    {
        var composition = Of("db:make", "app:make db", "web:make app");
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        Assert.Equal("delete app-db, delete app-app, delete app-web", Text(Decide(going, [Ready(composition, "db"), Ready(composition, "app"), Ready(composition, "web")])));
        Assert.Equal("release app-web", Text(Decide(going, [Going(composition, "db"), Going(composition, "app"), Going(composition, "web")])));
        Assert.Equal("", Text(Decide(going, [Going(composition, "db"), Going(composition, "app"), Going(composition, "web", released: true)])));
        Assert.Equal("release app-app", Text(Decide(going, [Going(composition, "db"), Going(composition, "app")])));
        var last = Decide(going, [Going(composition, "db")]);
        Assert.Equal("release app-db", Text(last));
        Assert.Equal("db Terminating", Rows(last));
        Assert.Equal("db Terminating waiting for dependents to be deleted: app; app Terminating waiting for dependents to be deleted: web; web Terminating",
            Rows(Decide(going, [Going(composition, "db"), Going(composition, "app"), Going(composition, "web")])));
        Assert.Equal("release itself", Text(Decide(going, [])));
    }

    [Fact]
    public void A_stuck_deletion_names_the_blocking_child_and_its_finalizer()
    {
        var composition = Of("db:make", "app:make db", "web:make app");
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var web = Going(composition, "web");
        var plan = Decide(going, [Going(composition, "db"), Going(composition, "app"), web with { Metadata = web.Metadata with { Finalizers = ["example.org/guard"] } }]);

        var status = Status(going, plan);
        const string Why = "app waits for web: is held by the finalizer example.org/guard: whoever put it there takes it off";
        Assert.Equal((Phase.Terminating, Why), (status.Phase, status.Message));
        Assert.All(status.Conditions!, c => Assert.Equal(Why, c.Message));
    }

    [Fact]
    public void A_stuck_removed_entry_is_reported_and_not_the_entries_that_wait_for_it()
    {
        var before = Of("db:make", "app:make db");
        var after = Of("log:make");
        var app = Going(before, "app");
        var plan = Decide(after, [Ready(after, "log"), Going(before, "db"), app with { Metadata = app.Metadata with { Finalizers = ["example.org/guard"] } }]);

        Assert.Equal("db waits for app: is held by the finalizer example.org/guard: whoever put it there takes it off", Status(after, plan).Message);
    }

    [Fact]
    public void A_finalizer_on_the_Composition_is_reported_once_its_children_are_gone()
    {
        var composition = Of("db:make");
        var held = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch, Finalizers = ["example.org/guard"] } };

        Assert.Equal("its components are deleted; it is held by the finalizer example.org/guard: whoever put it there takes it off",
            Status(held, Decide(held, [])).Message);
    }

    [Fact]
    public void A_deleted_composition_creates_and_updates_nothing()
    {
        var composition = Of("db:make", "app:make db");
        var going = WithConfig(composition, "db", """{"v":2}""") with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        Assert.Equal("delete app-db", Text(Decide(going, [Ready(composition, "db")])));
    }

    // It became invalid after its children were made; nothing may be in the way of its end.
    [Theory]
    [InlineData("db:make", "db:make")]
    [InlineData("db:make db")]
    [InlineData("db:make nobody")]
    [InlineData("")]
    public void An_invalid_composition_can_be_deleted(params string[] entries)
    {
        var going = Of(entries) with { };
        going = going with { Metadata = going.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        Assert.Equal("delete app-db", Text(Decide(going, [Ready(Of("db:make"), "db")])));
        Assert.Equal("release app-db", Text(Decide(going, [Going(Of("db:make"), "db")])));
        Assert.Equal("release itself", Text(Decide(going, [])));
    }

    [Fact]
    public void Children_edited_into_a_dependency_cycle_can_be_deleted()
    {
        var composition = Of("a:make", "b:make a");
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var a = Going(composition, "a");
        Assert.Equal("release app-a, release app-b", Text(Decide(going, [a with { Spec = a.Spec with { DependsOn = ["b"] } }, Going(composition, "b")])));
    }

    [Fact]
    public void Orphaned_children_are_released_unchanged()
    {
        var composition = Of("db:make", "app:make db");
        var going = composition with
        {
            Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch, Finalizers = [ApiGroup.CoordinationFinalizer, "orphan"] },
        };
        Assert.Equal("release app-db, release app-app, release itself", Text(Decide(going, [Ready(composition, "db"), Ready(composition, "app")])));
    }

    [Fact]
    public void A_child_name_taken_by_another_owner_is_left_alone()
    {
        var composition = Of("db:make", "app:make db", "log:make");
        var plan = CompositionDecision.Decide(Facts(composition, []) with { NamesInUse = new HashSet<string> { "app-db" } });
        Assert.Equal("create app-log", Text(plan));
        Assert.StartsWith("db Failed a Component \"app-db\" that is not this Composition's has the name: rename the entry, or delete that Component; app Pending waits for db", Rows(plan));
    }

    [Fact]
    public void The_last_of_a_chain_names_the_entry_that_failed()
    {
        var composition = Of("db:make", "app:make db", "web:make app", "shop:make log web", "log:make");
        var failed = Ready(composition, "db") with { Status = new() { Phase = Phase.Failed, ObservedGeneration = 1, Message = "no right" } };
        Assert.Equal(
            "db Failed no right; app Pending waits for db; web Pending waits for app: db failed; shop Pending waits for log, web: db failed; log Pending",
            Rows(Decide(composition, [failed])));
        // One that is there already stays as it is, and so what needs it does not see why.
        Assert.Equal(
            "db Failed no right; app Ready; web Pending waits for app: db failed; shop Pending waits for web: db failed; log Ready",
            Rows(Decide(composition, [failed, Ready(composition, "app"), Ready(composition, "log")])));
        var busy = failed with { Status = failed.Status! with { Phase = Phase.Deploying, Message = "busy" } };
        Assert.Equal("db Deploying busy; app Pending waits for db; web Pending waits for app; shop Pending waits for log, web; log Pending", Rows(Decide(composition, [busy])));
    }

    [Fact]
    public void A_handler_that_is_not_running_is_named_until_one_sets_its_finalizer_or_a_status()
    {
        var composition = Of("db:rds", "app:make db");
        var child = Unclaimed(composition, "db");
        var plan = WithoutRds(composition, child);
        Assert.Equal("", Text(plan));
        Assert.Equal("db Pending no handler rds is running here; app Pending waits for db", Rows(plan));
        Assert.Equal("app waits for db: no handler rds is running here", Status(composition, plan).Message);

        var claimed = child with { Metadata = child.Metadata with { Finalizers = [.. child.Metadata.Finalizers!, "rds.deployment-orchestrator.io/lifecycle"] } };
        Assert.StartsWith("db Pending the handler rds has claimed it and said nothing of it yet; ", Rows(WithoutRds(composition, claimed)));
        var answered = child with { Status = new() { Phase = Phase.Deploying, ObservedGeneration = 1, Message = "busy" } };
        Assert.StartsWith("db Deploying busy; ", Rows(WithoutRds(composition, answered)));
    }

    // Nobody else may be there to say it.
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

        var busy = child with { Spec = child.Spec with { DeploymentTimeout = "5m" }, Status = new() { Phase = Phase.Deploying, ObservedGeneration = 1, Message = "busy" } };
        composition = composition with { Spec = new() { Components = [composition.Spec.Components[0] with { DeploymentTimeout = "5m" }] } };
        Assert.Equal("db Failed not ready after 5m: busy", Rows(WithoutRds(composition, busy, minutes: 5)));
        Assert.Equal("db Ready", Rows(WithoutRds(composition, busy with { Status = Status([]) }, minutes: 5)));
    }

    [Fact]
    public void The_holder_of_a_deletion_is_named()
    {
        var composition = Of("db:rds");
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var child = Going(composition, "db", released: true);
        const string Held = "no handler rds is running here, and its finalizer rds.deployment-orchestrator.io/lifecycle holds it: run that handler, or take the finalizer off";
        Assert.Equal($"db Terminating {Held}", Rows(WithoutRds(going, child)));
        Assert.Equal($"db TerminationFailed still there after 30m: {Held}", Rows(WithoutRds(going, child, minutes: 30)));
        Assert.Equal($"db Terminating {Held}", Rows(WithoutRds(composition, child)));
        var refused = child with { Status = new() { Phase = Phase.TerminationFailed, Message = "no right" } };
        Assert.Equal("db TerminationFailed no right", Rows(WithoutRds(going, refused, minutes: 30)));
        var others = child with { Metadata = child.Metadata with { Finalizers = ["example.org/backup"] } };
        Assert.Equal("db Terminating is held by the finalizer example.org/backup: whoever put it there takes it off", Rows(WithoutRds(going, others)));
        var paused = new Dictionary<string, string> { [ApiGroup.PausedAnnotation] = "true" };
        Assert.Equal("db Terminating is paused: it goes once the annotation deployment-orchestrator.io/paused is off",
            Rows(Decide(going, [child with { Metadata = child.Metadata with { Annotations = paused } }])));
    }

    [Fact]
    public void A_paused_child_that_is_not_ready_is_said_to_be_paused()
    {
        var composition = Of("db:make");
        var child = Unclaimed(composition, "db");
        child = child with { Metadata = child.Metadata with { Annotations = new Dictionary<string, string> { [ApiGroup.PausedAnnotation] = "true" } } };
        Assert.Equal("db: is paused: it goes on once the annotation deployment-orchestrator.io/paused is off", Status(composition, Decide(composition, [child])).Message);
    }

    // The way out of a deletion that AWS refuses.
    [Fact]
    public void An_edit_to_Retain_is_written_to_a_terminating_child_before_it_is_released()
    {
        var plain = Of("db:make", "app:make db");
        var edited = WithConfig(WithConfig(plain, "db", """{"deletionPolicy":"Retain","other":1}"""), "app", """{"deletionPolicy":"Delete"}""");
        var going = edited with { Metadata = edited.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var plan = Decide(going, [Going(plain, "db")]);
        Assert.Equal("update app-db", Text(plan));
        Assert.Equal("""{"deletionPolicy":"Retain"}""", plan.Update[0].Spec.Config!.ToJsonString());
        Assert.Equal("update app-db", Text(Decide(going, [Ready(plain, "db")])));
        Assert.Equal("update app-db", Text(Decide(going, [Going(plain, "db", released: true)])));
        Assert.Equal("update app-db", Text(Decide(edited, [Going(plain, "db", released: true)])));
        var kept = Going(plain, "db") with { Spec = plan.Update[0].Spec };
        Assert.Equal("release app-db", Text(Decide(going, [kept])));
    }

    // Each key is read on its own: neither a mistake beside it nor a reference hides it.
    [Theory]
    [InlineData("""{"deletionPolicy":"Retain","secretName":"{{ .gone.providerStatus.x }}","typo":1}""", """{"typo":2}""", """{"typo":2,"deletionPolicy":"Retain"}""")]
    [InlineData("""{"deletionPolicy":"retain"}""", """{"deletionPolicy":"Delete"}""", """{"deletionPolicy":"Retain"}""")]
    [InlineData("""{"recoveryWindowInDays":30}""", """{"recoveryWindowInDays":0}""", """{"recoveryWindowInDays":30}""")]
    [InlineData("""{"recoveryWindowInDays":14,"deletionPolicy":"Retain"}""", """{"recoveryWindowInDays":7}""", """{"recoveryWindowInDays":14,"deletionPolicy":"Retain"}""")]
    [InlineData("""{"recoveryWindowInDays":60}""", """{"recoveryWindowInDays":0}""", """{"recoveryWindowInDays":30}""")]
    [InlineData("""{"recoveryWindowInDays":"30"}""", """{"recoveryWindowInDays":0}""", """{"recoveryWindowInDays":30}""")]
    [InlineData("{}", """{"recoveryWindowInDays":0}""", """{"recoveryWindowInDays":30}""")]
    public void An_edit_that_keeps_more_is_written_to_a_terminating_child(string edit, string config, string result)
    {
        var plain = Of("db:make");
        var edited = WithConfig(plain, "db", edit);
        var going = edited with { Metadata = plain.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var child = Going(plain, "db");
        child = child with { Spec = child.Spec with { Config = Json(config) } };
        var plan = Decide(going, [child]);
        Assert.Equal("update app-db", Text(plan));
        Assert.Equal(result, plan.Update[0].Spec.Config!.ToJsonString());
        // Also where something else in the Composition is wrong.
        var halted = CompositionDecision.DecideInvalid(Facts(edited, [child]));
        Assert.Equal("update app-db", Text(halted));
        Assert.Equal(result, halted.Update[0].Spec.Config!.ToJsonString());
        Assert.Equal("release app-db", Text(Decide(going, [child with { Spec = plan.Update[0].Spec }])));
    }

    [Theory]
    [InlineData("""{"deletionPolicy":"Delete"}""", """{"deletionPolicy":"Retain"}""")]
    [InlineData("""{"deletionPolicy":"delete"}""", """{"deletionPolicy":"Retain"}""")]
    [InlineData("""{"deletionPolicy":"{{ .a.providerStatus.b }}"}""", "{}")]
    [InlineData("""{"deletionPolicy":7,"recoveryWindowInDays":0}""", "{}")]
    [InlineData("""{"recoveryWindowInDays":"{{ .a.providerStatus.b }}"}""", """{"recoveryWindowInDays":0}""")]
    [InlineData("""{"recoveryWindowInDays":7}""", """{"recoveryWindowInDays":30}""")]
    // Its handler knows no such key.
    [InlineData("""{"deletionPolicy":"Retain","recoveryWindowInDays":30}""", """{"recoveryWindowInDays":0}""", "other")]
    public void No_other_edit_is_written_to_a_terminating_child(string edit, string config, string type = "make")
    {
        var plain = Of($"db:{type}");
        var going = WithConfig(plain, "db", edit) with { Metadata = plain.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var child = Going(plain, "db");
        Assert.Equal("release app-db", Text(Decide(going, [child with { Spec = child.Spec with { Config = Json(config) } }])));
    }

    [Fact]
    public void A_child_status_of_an_older_spec_is_not_reported()
    {
        var composition = Of("db:make");
        var child = Ready(composition, "db");
        var plan = Decide(composition, [child with { Metadata = child.Metadata with { Generation = 2 } }]);
        Assert.Equal("db Deploying", Rows(plan));
    }

    [Fact]
    public void An_invalid_spec_does_not_block_terminating_children_and_the_others_keep_their_status()
    {
        var before = Of("db:make", "app:make db", "log:make");
        var impossible = Of("db:make app", "app:make db");
        CompositionPlan Halt(params Component[] children) => CompositionDecision.DecideInvalid(Facts(impossible, children));

        var plan = Halt(Going(before, "db"), Ready(before, "app"), Ready(before, "log") with { Status = new() { Phase = Phase.Failed, ObservedGeneration = 1, Message = "denied" } });
        Assert.Equal("release app-db", Text(plan));
        Assert.Equal("app Ready; db Terminating is deleted; nothing is made anew before the spec is mended; log Failed denied", Rows(plan));

        plan = Halt(Going(before, "db"), Going(before, "app"));
        Assert.Equal("release app-app", Text(plan));
        Assert.Equal("app Terminating is deleted; nothing is made anew before the spec is mended; db Terminating waiting for dependents to be deleted: app", Rows(plan));
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

    private static Composition Of(params string[] entries) => new()
    {
        Metadata = new() { Name = "app", Namespace = "apps", Uid = "uid-app", Generation = 1, Finalizers = [ApiGroup.CoordinationFinalizer] },
        Spec = new()
        {
            Components = [.. entries.Where(e => e.Length > 0).Select(e => e.Split(' ')).Select(e => new CompositionEntry
            {
                Name = e[0].Split(':')[0],
                Type = e[0].Split(':')[1],
                DependsOn = e.Length > 1 ? e[1..] : null,
            })],
        },
    };

    private static Composition WithConfig(Composition composition, string entry, string config) => composition with
    {
        Spec = new() { Components = [.. composition.Spec.Components.Select(e => e.Name == entry ? e with { Config = Json(config) } : e)] },
    };

    private static Component Unclaimed(Composition composition, string name)
    {
        var entry = composition.Spec.Components.First(e => e.Name == name);
        var alone = composition with { Spec = new() { Components = [entry with { DependsOn = null }] } };
        var child = Decide(alone, []).Create[0];
        return child with
        {
            Metadata = child.Metadata with { Uid = $"uid-{name}", Generation = 1 },
            Spec = child.Spec with { DependsOn = entry.DependsOn is null ? null : [.. entry.DependsOn.Distinct().Order(StringComparer.Ordinal)] },
        };
    }

    private static Component Ready(Composition composition, string name, string? config = null)
    {
        var child = Unclaimed(composition, name);
        return child with
        {
            Metadata = child.Metadata with { Finalizers = [.. child.Metadata.Finalizers!, ApiGroup.LifecycleFinalizer(child.Spec.Handler)] },
            Spec = child.Spec with { Config = config is null ? child.Spec.Config : Json(config) },
            Status = Status([]),
        };
    }

    private static Component Going(Composition composition, string name, bool released = false)
    {
        var child = Ready(composition, name);
        return child with
        {
            Metadata = child.Metadata with
            {
                DeletionTimestamp = DateTimeOffset.UnixEpoch,
                Finalizers = released ? [.. child.Metadata.Finalizers!.Where(f => f != ApiGroup.CoordinationFinalizer)] : child.Metadata.Finalizers,
            },
        };
    }

    private static ComponentStatus Status(JsonObject outputs) => new() { Phase = Phase.Ready, ObservedGeneration = 1, ProviderStatus = outputs };

    private static CompositionPlan Decide(Composition composition, IReadOnlyList<Component> children, Func<CompositionEntry, CompositionEntry>? changeLast = null)
    {
        if (changeLast is not null)
            composition = composition with { Spec = new() { Components = [.. composition.Spec.Components.SkipLast(1), changeLast(composition.Spec.Components[^1])] } };
        return CompositionDecision.Decide(Facts(composition, children));
    }

    private static CompositionPlan WithoutRds(Composition composition, Component child, int minutes = 0) =>
        CompositionDecision.Decide(Facts(composition, [child]) with { RunsHere = type => type == "make", Now = DateTimeOffset.UnixEpoch.AddMinutes(minutes) });

    private static ConfigSchema SchemaOf(string? type) => type == "make" ? SecretPushSchema.Instance : ConfigSchema.Unknown;

    private static CompositionFacts Facts(Composition composition, IReadOnlyList<Component> children) => new()
    {
        Composition = composition,
        Graph = DesiredGraph.Of(composition, SchemaOf),
        Children = children.ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal),
        NamesInUse = new HashSet<string>(),
        RunsHere = _ => true,
        SchemaOf = SchemaOf,
        Now = DateTimeOffset.UnixEpoch,
        Since = _ => DateTimeOffset.UnixEpoch,
    };

    private static CompositionStatus Status(Composition composition, CompositionPlan plan) => CompositionStatusRules.Of(composition, plan.Rows, plan.Waits);

    private static string Text(CompositionPlan plan) => string.Join(", ",
    [
        .. plan.Create.Select(c => $"create {c.Metadata.Name}"),
        .. plan.Update.Select(c => $"update {c.Metadata.Name}"),
        .. plan.Delete.Select(c => $"delete {c.Metadata.Name}"),
        .. plan.Release.Select(c => $"release {c.Metadata.Name}"),
        .. plan.ReleaseComposition ? ["release itself"] : Array.Empty<string>(),
    ]);

    private static string Rows(CompositionPlan plan) =>
        string.Join("; ", plan.Rows.Select(r => $"{r.Name} {r.Phase}{(r.Message is null ? "" : $" {r.Message}")}"));

    private static string Spec(Component component) => ApiJson.ToJson(component.Spec, ApiJson.Default.ComponentSpec).ToJsonString();

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
