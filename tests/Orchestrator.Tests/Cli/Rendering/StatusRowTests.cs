using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using static DeploymentOrchestrator.Tests.Cli.Rendering.Resources;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

public sealed class StatusRowTests
{
    [Fact]
    public void A_Composition_is_followed_by_its_entries_in_their_order_and_then_come_the_others()
    {
        var app = Composition("app", "web_tier", "database") with { Status = new() { Phase = Phase.Deploying, Message = "database: at work" } };

        var rows =
            StatusRow.Of([app], [Component("zebra"), Component("app-database", Phase.Deploying, "at work"), Component("aardvark"), Component("app-web-tier")],
            _ => true);

        Assert.Equal(
            ["app Composition Deploying database: at work", "app-web-tier secret-push Ready ", "app-database secret-push Deploying at work",
                "aardvark secret-push Ready ", "zebra secret-push Ready "],
            rows.Select(Text));
    }

    [Fact]
    public void An_entry_without_a_Component_has_the_phase_that_its_Composition_gives_it()
    {
        var app = Composition("app", "database", "web") with
        {
            Status = new()
            {
                Components = [new() { Name = "web", Component = "app-web", Type = "manifest", Phase = Phase.Pending,
                Message = "waits for database" }]
            },
        };

        var rows = StatusRow.Of([app], [], _ => true);

        Assert.Equal(["app Composition Pending ", "app-database manifest Pending ", "app-web manifest Pending waits for database"], rows.Select(Text));
    }

    [Fact]
    public void A_child_that_has_left_the_Composition_is_shown_while_it_is_there()
    {
        var app = Composition("app") with
        {
            Status = new()
            {
                Phase = Phase.Deploying,
                Components = [new() { Name = "old", Component = "app-old", Type = "manifest", Phase = Phase.Terminating }]
            },
        };

        Assert.Equal(["app", "app-old"], StatusRow.Of([app], [Component("app-old", Phase.Terminating)], _ => true).Select(r => r.Name));
    }

    [Fact]
    public void Several_namespaces_are_named()
    {
        var rows = StatusRow.Of([], [Component("a", @namespace: "two"), Component("a", @namespace: "one")], _ => true);

        Assert.Equal(["one/a", "two/a"], rows.Select(r => r.Name));
        Assert.Equal(["a"], StatusRow.Of([], [Component("a", @namespace: "two")], _ => true).Select(r => r.Name));
    }

    [Fact]
    public void A_handler_that_is_not_running_is_reported()
    {
        var rows = StatusRow.Of([], [Component("a", phase: null, handler: "rds"), Component("b", phase: null)], handler => handler == "secret-push");

        Assert.Equal(["a rds Pending no handler rds is running here", "b secret-push Pending "], rows.Select(Text));
    }

    [Fact]
    public void A_deleted_resource_is_Terminating_whatever_its_status_says()
    {
        var deleted = Component("a", message: "all well");
        deleted = deleted with { Metadata = deleted.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };

        Assert.Equal(["a secret-push Terminating "], StatusRow.Of([], [deleted], _ => true).Select(Text));
    }

    [Fact]
    public void A_message_stays_on_one_line() =>
        Assert.Equal("one two", StatusRow.Of([], [Component("a", message: "one\ntwo")], _ => true)[0].Message);

    private static string Text(StatusRow row) => $"{row.Name} {row.Handler} {row.Phase} {row.Message}";
}
