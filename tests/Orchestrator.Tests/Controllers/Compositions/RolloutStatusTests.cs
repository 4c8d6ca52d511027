using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;
using static DeploymentOrchestrator.Tests.Cli.Rendering.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

public sealed class RolloutStatusTests
{
    [Theory]
    [InlineData(Phase.Ready, true, true)]
    [InlineData(Phase.Failed, true, false)]
    [InlineData(Phase.Pending, true, false)]
    [InlineData(null, true, false)]
    [InlineData(Phase.Deploying, false, false)]
    [InlineData(Phase.Claimed, false, false)]
    [InlineData(Phase.Terminating, false, false)]
    [InlineData(Phase.TerminationFailed, true, false)]
    public void A_Component_is_not_complete_while_its_handler_works_on_it(string? phase, bool isComplete, bool isReady) =>
        Assert.Equal(new(isComplete, isReady), RolloutStatus.Of([], [Component("a", phase)]));

    [Fact]
    public void A_Ready_Component_of_an_older_spec_is_not_Ready()
    {
        var edited = Component("a");
        edited = edited with { Metadata = edited.Metadata with { Generation = 2 } };

        Assert.False(RolloutStatus.Of([], [edited]).IsReady);
    }

    [Fact]
    public void A_terminating_resource_is_not_complete_until_it_is_gone()
    {
        var deleted = Component("a");
        deleted = deleted with { Metadata = deleted.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };

        Assert.Equal(new(false, false), RolloutStatus.Of([], [deleted]));
        Assert.Equal(new(true, true), RolloutStatus.Of([], []));
    }

    [Fact]
    public void A_Composition_is_not_complete_until_its_status_is_for_its_spec()
    {
        var app = Composition("app", "database");

        Assert.False(RolloutStatus.Of([app], []).IsComplete);
        Assert.Equal(new(true, true), RolloutStatus.Of([app with { Status = Status(Phase.Ready, "app-database", Phase.Ready) }], [Component("app-database")]));
        Assert.False(RolloutStatus.Of([app with { Status = Status(Phase.Ready, "app-database", Phase.Ready) with { ObservedGeneration = 0 } }], []).IsComplete);
    }

    [Fact]
    public void A_Composition_with_an_outdated_status_is_waited_for()
    {
        var late = Composition("app", "database") with { Status = Status(Phase.Pending, "app-database", Phase.Pending) };

        Assert.False(RolloutStatus.Of([late], [Component("app-database")]).IsComplete);
    }

    [Fact]
    public void A_Composition_that_is_stuck_is_complete_though_it_is_not_Ready()
    {
        var stuck = Composition("app", "database") with { Status = Status(Phase.Deploying, "app-database", Phase.Pending) };

        Assert.Equal(new(true, false), RolloutStatus.Of([stuck], [Component("app-database", phase: null, handler: "rds")]));
    }

    [Fact]
    public void A_row_older_than_its_Component_is_waited_for()
    {
        var late = Composition("app", "database") with { Status = Status(Phase.Pending, "app-database", Phase.Pending, message: null) };
        var paused = Component("app-database", phase: null);
        paused = paused with { Metadata = paused.Metadata with { Annotations = new Dictionary<string, string> { [ApiGroup.PausedAnnotation] = "true" } } };

        Assert.False(RolloutStatus.Of([late], [Component("app-database", phase: null)]).IsComplete);
        Assert.Equal(new(true, false), RolloutStatus.Of([late], [paused]));
    }

    private static CompositionStatus Status(string phase, string child, string childPhase, string? message = "no handler") => new()
    {
        Phase = phase,
        ObservedGeneration = 1,
        Conditions = [new() { Type = CompositionStatusRules.Progressing, Status = Condition.False }],
        Components = [new() { Name = "database", Component = child, Type = "manifest", Phase = childPhase, Message = message }],
    };
}
