using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>Entries that are retyped, renamed or removed.</summary>
public sealed partial class CompositionDecisionTests
{
    [Fact]
    public void An_entry_of_another_type_replaces_its_child()
    {
        var (before, after) = (Of("db:make", "app:make db"), Of("db:rds", "app:make db"));
        var changes = Decide(after, [Ready(before, "db"), Ready(before, "app")]);
        Assert.Equal("delete app-db", Text(changes));
        Assert.Equal("db Terminating changes its handler from make to rds: is being deleted, then recreated; app Ready", Rows(changes));
        Assert.Equal("release app-db", Text(Decide(after, [Terminating(before, "db"), Ready(before, "app")])));
        Assert.Equal("create app-db", Text(Decide(after, [Ready(before, "app")])));
    }

    // Both the type and the child's spec.handler were changed: by its claim the child still belongs to make.
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
        var changes = Decide(after, [Ready(before, "db"), Ready(before, "app"), Ready(before, "log")]);
        Assert.Equal("delete app-db, delete app-app", Text(changes));
        Assert.Equal("log Ready; app Terminating is no longer in the Composition; db Terminating is no longer in the Composition", Rows(changes));
        Assert.Equal("release app-app", Text(Decide(after, [Terminating(before, "db"), Terminating(before, "app"), Ready(before, "log")])));
        Assert.Equal("", Text(Decide(after, [Terminating(before, "db"), Terminating(before, "app", released: true), Ready(before, "log")])));
        Assert.Equal("release app-db", Text(Decide(after, [Terminating(before, "db"), Ready(before, "log")])));
    }

    [Fact]
    public void A_removed_dependency_is_deleted_once_its_dependent_is_updated_without_it()
    {
        var (before, after) = (Of("db:make", "app:make db"), Of("app:make"));
        Assert.Equal("update app-app, delete app-db", Text(Decide(after, [Ready(before, "db"), Ready(before, "app")])));
        Assert.Equal("update app-app", Text(Decide(after, [Terminating(before, "db"), Ready(before, "app")])));
        Assert.Equal("release app-db", Text(Decide(after, [Terminating(before, "db"), Ready(after, "app")])));
    }

    // The old child holds what the new one wants; its dependents wait for the new one.
    [Theory]
    [InlineData("Conflict", "release app-a")]
    [InlineData("Denied", "")]
    public void A_renamed_entry_takes_over_what_its_old_entry_held(string reason, string expected)
    {
        var (before, after) = (Of("a:make", "b:make a", "c:make a b"), Of("n:make", "b:make n", "c:make b"));
        var refused = Ready(after, "n") with
        {
            Status = new()
            {
                Phase = Phase.Failed,
                ObservedGeneration = 1,
                Conditions = [new() { Type = Condition.Ready, Status = Condition.False, Reason = reason }]
            },
        };
        Assert.Equal(expected, Text(Decide(after, [Terminating(before, "a"), Ready(before, "b"), Ready(before, "c"), refused])));
    }

    // The renamed entry's dependency is replaced, too: it is deleted after the old child, and the new child is created after it.
    [Fact]
    public void An_entry_renamed_with_a_new_dependency_in_one_edit_is_created()
    {
        var (before, after) = (Of("db:make", "old:make db", "app:make old"), Of("db:rds", "new:make db", "app:make new"));
        Assert.Equal("release app-old", Text(Decide(after, [Terminating(before, "db"), Terminating(before, "old"), Ready(before, "app")])));
        Assert.Equal("release app-db", Text(Decide(after, [Terminating(before, "db"), Ready(before, "app")])));
    }

    [Fact]
    public void An_entry_inserted_between_a_removed_entry_and_its_dependent_is_created()
    {
        var (before, after) = (Of("db:make", "app:make db"), Of("db:rds", "new:make db", "app:make new"));
        Assert.Equal("release app-db", Text(Decide(after, [Terminating(before, "db"), Ready(before, "app")])));
    }

    [Fact]
    public void A_removed_entry_stays_until_its_dependents_no_longer_depend_on_it()
    {
        var (before, after) = (Of("db:make", "old:make", "app:make old"), Of("db:rds", "new:make db", "app:make new"));
        Assert.Equal("release app-db", Text(Decide(after, [Terminating(before, "db"), Terminating(before, "old"), Ready(before, "app")])));
    }

    [Fact]
    public void An_entry_that_changes_its_handler_is_deleted_before_its_dependencies()
    {
        var (before, after) = (Of("db:make", "app:make db"), Of("db:rds", "app:rds db"));
        Assert.Equal("delete app-app", Text(Decide(after, [Terminating(before, "db"), Ready(before, "app")])));
    }

    [Fact]
    public void A_child_deleted_by_hand_is_released_at_once_and_created_again_although_it_has_dependents()
    {
        var composition = Of("db:make", "app:make db");
        var changes = Decide(composition, [Terminating(composition, "db"), Ready(composition, "app")]);
        Assert.Equal("release app-db", Text(changes));
        Assert.Equal("db Terminating is being deleted, then recreated; app Ready", Rows(changes));
        Assert.NotEqual(Phase.Ready, Status(composition, changes).Phase);
        Assert.Equal("create app-db", Text(Decide(composition, [Ready(composition, "app")])));
    }
}
