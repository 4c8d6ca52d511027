using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>Deletion of Compositions and of their children.</summary>
public sealed partial class CompositionControllerTests
{
    [Fact]
    public async Task A_deletion_removes_dependents_first_and_the_Composition_last()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App, Web, Log);
        await cluster.RunUntilQuiet();
        await cluster.Delete("sys", ResourceType.Composition);
        await cluster.RunUntilQuiet();
        Assert.Equal("", await cluster.Names());
        Assert.Null(await cluster.FindComposition("sys"));
        // A handler is called again if the removal of its finalizer met a write of another client.
        Assert.Equal(["Delete sys-web", "Delete sys-app", "Delete sys-db"],
            make.Calls.Where(c => c.StartsWith("Delete", StringComparison.Ordinal) && c != "Delete sys-log").Distinct());
        Assert.Contains("Delete sys-log", make.Calls);
    }

    [Fact]
    public async Task A_stuck_deletion_reports_why_and_holds_the_dependencies()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App);
        await cluster.RunUntilQuiet();
        make.OnDelete = (_, _) => Task.FromResult<HandlerAnswer>(new HandlerAnswer.Failed(FailureKind.Denied, "no right to delete"));
        await cluster.Delete("sys", ResourceType.Composition);
        await cluster.RunUntilQuiet();
        Assert.Equal("sys-app sys-db", await cluster.Names());
        var status = (await cluster.Composition("sys")).Status!;
        Assert.Equal((Phase.TerminationFailed, "db waits for app: no right to delete"), (status.Phase, status.Message));
        Assert.DoesNotContain("Delete sys-db", make.Calls);

        make.OnDelete = (_, _) => Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());
        await cluster.Advance(TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(1));
        Assert.Equal("", await cluster.Names());
        Assert.Null(await cluster.FindComposition("sys"));
    }

    [Fact]
    public async Task Orphaned_children_are_released_and_can_be_deleted_later()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App);
        await cluster.RunUntilQuiet();
        await cluster.Delete("sys", ResourceType.Composition, DeletePropagation.Orphan);
        await cluster.RunUntilQuiet();
        Assert.Null(await cluster.FindComposition("sys"));
        Assert.Equal("sys-app sys-db", await cluster.Names());
        Assert.Equal(["make.deployment-orchestrator.io/lifecycle"], (await cluster.Component("sys-db")).Metadata.Finalizers);
        Assert.Equal(2, make.Calls.Count);

        await cluster.Delete("sys-db");
        await cluster.RunUntilQuiet();
        Assert.Equal("sys-app", await cluster.Names());
    }

    // The Composition's finalizer was removed by force: the garbage collector deletes the children, in no order.
    [Fact]
    public async Task Children_of_a_Composition_that_no_longer_exists_can_be_deleted()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Db, App);
        await cluster.RunUntilQuiet();
        await cluster.Edit(ResourceType.Composition, "sys", c => c["metadata"]!.AsObject().Remove("finalizers"));
        await cluster.Delete("sys", ResourceType.Composition);
        await cluster.RunUntilQuiet();
        Assert.Equal("", await cluster.Names());
    }
}
