using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>The deletion of a Composition and of its children.</summary>
public sealed partial class CompositionDecisionTests
{
    [Fact]
    public void A_Composition_deletes_dependents_first_and_itself_last()
    {
        var composition = Of("db:make", "app:make db", "web:make app");
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        Assert.Equal("delete app-db, delete app-app, delete app-web",
            Text(Decide(going, [Ready(composition, "db"), Ready(composition, "app"), Ready(composition, "web")])));
        var (db, app, web) = (Terminating(composition, "db"), Terminating(composition, "app"), Terminating(composition, "web"));
        Assert.Equal("release app-web", Text(Decide(going, [db, app, web])));
        Assert.Equal("", Text(Decide(going, [db, app, Terminating(composition, "web", released: true)])));
        Assert.Equal("release app-app", Text(Decide(going, [db, app])));
        var last = Decide(going, [db]);
        Assert.Equal("release app-db", Text(last));
        Assert.Equal("db Terminating", Rows(last));
        Assert.Equal("db Terminating waiting for dependents to be deleted: app; app Terminating waiting for dependents to be deleted: web; web Terminating",
            Rows(Decide(going, [db, app, web])));
        Assert.Equal("release itself", Text(Decide(going, [])));
    }

    [Fact]
    public void A_stuck_deletion_names_the_blocking_child_and_its_finalizer()
    {
        var composition = Of("db:make", "app:make db", "web:make app");
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var web = Terminating(composition, "web");
        var held = web with { Metadata = web.Metadata with { Finalizers = ["example.org/guard"] } };
        var changes = Decide(going, [Terminating(composition, "db"), Terminating(composition, "app"), held]);

        var status = Status(going, changes);
        const string Why = "app waits for web: is held by the finalizer example.org/guard: only its owner should remove it";
        Assert.Equal((Phase.Terminating, Why), (status.Phase, status.Message));
        Assert.All(status.Conditions!, c => Assert.Equal(Why, c.Message));
    }

    [Fact]
    public void A_stuck_removed_entry_is_reported_and_not_the_entries_that_wait_for_it()
    {
        var before = Of("db:make", "app:make db");
        var after = Of("log:make");
        var app = Terminating(before, "app");
        var held = app with { Metadata = app.Metadata with { Finalizers = ["example.org/guard"] } };
        var changes = Decide(after, [Ready(after, "log"), Terminating(before, "db"), held]);

        Assert.Equal("db waits for app: is held by the finalizer example.org/guard: only its owner should remove it", Status(after, changes).Message);
    }

    [Fact]
    public void A_finalizer_on_the_Composition_is_reported_once_its_children_are_gone()
    {
        var composition = Of("db:make");
        var held =
            composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch, Finalizers = ["example.org/guard"] } };

        Assert.Equal("its components are deleted; it is held by the finalizer example.org/guard: only its owner should remove it",
            Status(held, Decide(held, [])).Message);
    }

    [Fact]
    public void A_deleted_composition_creates_and_updates_nothing()
    {
        var composition = Of("db:make", "app:make db");
        var going = WithConfig(composition, "db", """{"v":2}""") with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        Assert.Equal("delete app-db", Text(Decide(going, [Ready(composition, "db")])));
    }

    // It became invalid after its children were created. That must not block its deletion.
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
        Assert.Equal("release app-db", Text(Decide(going, [Terminating(Of("db:make"), "db")])));
        Assert.Equal("release itself", Text(Decide(going, [])));
    }

    [Fact]
    public void Children_edited_into_a_dependency_cycle_can_be_deleted()
    {
        var composition = Of("a:make", "b:make a");
        var going = composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var a = Terminating(composition, "a");
        Assert.Equal("release app-a, release app-b", Text(Decide(going, [a with { Spec = a.Spec with { DependsOn = ["b"] } }, Terminating(composition, "b")])));
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

    // The remedy for a deletion that AWS refuses.
    [Fact]
    public void An_edit_to_Retain_is_written_to_a_terminating_child_before_it_is_released()
    {
        var plain = Of("db:make", "app:make db");
        var edited = WithConfig(WithConfig(plain, "db", """{"deletionPolicy":"Retain","other":1}"""), "app", """{"deletionPolicy":"Delete"}""");
        var going = edited with { Metadata = edited.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var changes = Decide(going, [Terminating(plain, "db")]);
        Assert.Equal("update app-db", Text(changes));
        Assert.Equal("""{"deletionPolicy":"Retain"}""", changes.Update[0].Spec.Config!.ToJsonString());
        Assert.Equal("update app-db", Text(Decide(going, [Ready(plain, "db")])));
        Assert.Equal("update app-db", Text(Decide(going, [Terminating(plain, "db", released: true)])));
        Assert.Equal("update app-db", Text(Decide(edited, [Terminating(plain, "db", released: true)])));
        var kept = Terminating(plain, "db") with { Spec = changes.Update[0].Spec };
        Assert.Equal("release app-db", Text(Decide(going, [kept])));
    }

    // Each key is read on its own: neither another key's mistake nor a reference hides it.
    [Theory]
    [InlineData("""{"deletionPolicy":"Retain","secretName":"{{ .gone.providerStatus.x }}","typo":1}""", """{"typo":2}""",
        """{"typo":2,"deletionPolicy":"Retain"}""")]
    [InlineData("""{"deletionPolicy":"retain"}""", """{"deletionPolicy":"Delete"}""", """{"deletionPolicy":"Retain"}""")]
    [InlineData("""{"recoveryWindowInDays":30}""", """{"recoveryWindowInDays":0}""", """{"recoveryWindowInDays":30}""")]
    [InlineData("""{"recoveryWindowInDays":14,"deletionPolicy":"Retain"}""", """{"recoveryWindowInDays":7}""",
        """{"recoveryWindowInDays":14,"deletionPolicy":"Retain"}""")]
    [InlineData("""{"recoveryWindowInDays":60}""", """{"recoveryWindowInDays":0}""", """{"recoveryWindowInDays":30}""")]
    [InlineData("""{"recoveryWindowInDays":"30"}""", """{"recoveryWindowInDays":0}""", """{"recoveryWindowInDays":30}""")]
    [InlineData("{}", """{"recoveryWindowInDays":0}""", """{"recoveryWindowInDays":30}""")]
    public void An_edit_that_keeps_more_is_written_to_a_terminating_child(string edit, string config, string result)
    {
        var plain = Of("db:make");
        var edited = WithConfig(plain, "db", edit);
        var going = edited with { Metadata = plain.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var child = Terminating(plain, "db");
        child = child with { Spec = child.Spec with { Config = Json(config) } };
        var changes = Decide(going, [child]);
        Assert.Equal("update app-db", Text(changes));
        Assert.Equal(result, changes.Update[0].Spec.Config!.ToJsonString());
        // Also when something else in the Composition is invalid.
        var halted = CompositionDecision.DecideInvalid(Facts(edited, [child]));
        Assert.Equal("update app-db", Text(halted));
        Assert.Equal(result, halted.Update[0].Spec.Config!.ToJsonString());
        Assert.Equal("release app-db", Text(Decide(going, [child with { Spec = changes.Update[0].Spec }])));
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
        var child = Terminating(plain, "db");
        Assert.Equal("release app-db", Text(Decide(going, [child with { Spec = child.Spec with { Config = Json(config) } }])));
    }
}
