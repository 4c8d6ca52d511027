using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

public sealed class CompositionStatusRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // Rows as "name Phase message", with "name waits need" for those without a Component yet.
    [Theory]
    [InlineData("a Ready; b Ready", "Ready", "True False False", "2 of 2 components are Ready")]
    [InlineData("a Pending no handler rds is running here; b waits a", "Pending", "False False False", "b waits for a: no handler rds is running here")]
    [InlineData("a Ready; b Pending", "Deploying", "False True False", "b: Pending")]
    [InlineData("a Ready; b Pending paused", "Deploying", "False False False", "b: paused")]
    [InlineData("a Failed x; b Failed y", "Failed", "False False True", "a: x")]
    [InlineData("a Deploying creating; b waits a", "Deploying", "False True False", "b waits for a: creating")]
    [InlineData("a Failed denied; b waits a", "Failed", "False False True", "b waits for a: denied")]
    [InlineData("a Failed denied; b Deploying busy", "Deploying", "False True True", "a: denied")]
    [InlineData("a Ready; b Terminating is no longer in the Composition", "Deploying", "False True False", "b: is no longer in the Composition")]
    [InlineData("a Ready; b TerminationFailed denied", "Failed", "False False True", "b: denied")]
    [InlineData("c waits b; b waits a; a Failed denied", "Failed", "False False True", "b waits for a: denied")]
    public void The_status_of_a_Composition_follows_from_its_rows(string rows, string phase, string conditions, string message)
    {
        var status = Of(rows);
        Assert.Equal(phase, status.Phase);
        Assert.Equal(message, status.Message);
        Assert.Equal(["Ready", "Progressing", "Degraded"], status.Conditions!.Select(c => c.Type));
        Assert.Equal(conditions, string.Join(' ', status.Conditions!.Select(c => c.Status)));
        Assert.All(status.Conditions!, c => Assert.Equal((message, 3L, null), (c.Message, c.ObservedGeneration, c.LastTransitionTime)));
        Assert.Equal(3, status.ObservedGeneration);
    }

    [Theory]
    [InlineData("a Terminating; b Terminating", "Terminating", "a: Terminating")]
    [InlineData("a Terminating; b TerminationFailed denied", "TerminationFailed", "b: denied")]
    [InlineData("", "Terminating", "deleted")]
    public void A_terminating_Composition_reports_what_it_waits_for(string rows, string phase, string message)
    {
        var status = Of(rows, terminating: true);
        Assert.Equal((phase, message), (status.Phase, status.Message));
        Assert.Equal(Condition.False, status.Conditions![0].Status);
    }

    [Fact]
    public void A_long_message_of_a_Composition_is_cut() =>
        Assert.Equal(256, System.Text.Encoding.UTF8.GetByteCount(Of($"a Failed {new string('x', 500)}").Message!));

    [Fact]
    public void An_invalid_Composition_reports_all_problems_in_its_Ready_condition_and_the_state_of_its_children()
    {
        var rows = new[] { new CompositionRow { Name = "a", Component = "app-a", Type = "make", Phase = Phase.Ready } };
        var status = CompositionStatusRules.Invalid(Composition(), [new("spec.x", "is wrong"), new("spec.y", "too")], rows);
        Assert.Equal((Phase.Failed, "spec.x: is wrong (and 1 more)"), (status.Phase, status.Message));
        Assert.Equal(("False", "InvalidConfig", "spec.x: is wrong; spec.y: too"),
            (status.Conditions![0].Status, status.Conditions[0].Reason, status.Conditions[0].Message));
        Assert.Same(rows, status.Components);
    }

    [Fact]
    public void A_Compositions_condition_keeps_its_transition_time_while_its_status_is_the_same()
    {
        var first = CompositionStatusRules.Stamp(Of("a Deploying x"), null, Noon);
        Assert.All(first.Conditions!, c => Assert.Equal(Noon, c.LastTransitionTime));
        var second = CompositionStatusRules.Stamp(Of("a Failed y"), first, Noon.AddHours(1));
        Assert.Equal([Noon, Noon.AddHours(1), Noon.AddHours(1)], second.Conditions!.Select(c => c.LastTransitionTime));
    }

    [Theory]
    [InlineData(ResourceError.Forbidden, "a Failed no quota")]
    [InlineData(ResourceError.Invalid, "a Failed no quota")]
    [InlineData(ResourceError.Conflict, "a Pending")]
    [InlineData(ResourceError.Unavailable, "a Pending")]
    public void A_refused_write_that_a_user_must_fix_is_reported(object error, string row)
    {
        var changes = new CompositionChanges { Rows = Of("a Pending").Components! };
        var refused = new Dictionary<string, ResourceException> { ["app-a"] = new((ResourceError)error, "no quota") };
        var status = CompositionStatusRules.WithRefusals(Composition(), changes, refused);
        Assert.Equal(row, string.Join("; ", status.Components!.Select(r => $"{r.Name} {r.Phase} {r.Message}".TrimEnd())));
    }

    private static Composition Composition(bool terminating = false) => new()
    {
        Metadata = new() { Name = "app", Generation = 3, DeletionTimestamp = terminating ? Noon : null },
        Spec = new(),
    };

    private static CompositionStatus Of(string text, bool terminating = false)
    {
        var rows = new List<CompositionRow>();
        var waits = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var row in text.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split(' ', 3)))
        {
            if (row[1] == "waits")
                waits[row[0]] = [row[2]];
            rows.Add(new()
            {
                Name = row[0],
                Component = $"app-{row[0]}",
                Type = "make",
                Phase = row[1] == "waits" ? Phase.Pending : row[1],
                Message = row.Length > 2 ? row[2] : null,
            });
        }

        return CompositionStatusRules.Of(Composition(terminating), rows, waits);
    }
}
