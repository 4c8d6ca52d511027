using DeploymentOrchestrator.Handlers.SecretPush;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Observed;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The write budget of a secret.</summary>
public sealed partial class SecretDecisionTests
{
    [Fact]
    public void A_flapping_input_waits_for_its_budget()
    {
        var now = Start;
        var applied = Written(Start) with { Budget = WriteBudget.AfterWrite(null, Start) };
        Assert.Equal(Start.AddMinutes(1), WriteBudget.NextAllowed(Drawn(3).Budget, Start));
        for (var i = 0; i < 4; i++)
        {
            // The fifth comes a minute after the first.
            now = i == 3 ? Start.AddMinutes(1) : now;
            var write = Assert.IsType<SecretAction.WriteValue>(Flapped(applied, i, now).DecideValue());
            applied = applied with { Inputs = write.Token.Inputs, VersionId = write.Token.ToString(), Budget = WriteBudget.AfterWrite(applied.Budget, now) };
        }

        var kept = Assert.IsType<SecretAction.Keep>(Flapped(applied, 4, now).DecideValue());
        Assert.Equal((Start.AddMinutes(16), true), (kept.Until, kept.IsPostponed));
        Assert.Contains("2026-01-01T00:16:00Z", kept.Reason.Text, StringComparison.Ordinal);
        Assert.IsType<SecretAction.WriteValue>(Flapped(applied, 4, Start.AddMinutes(16)).DecideValue());
        // Without an existing value it waits.
        foreach (var secret in new[] { null, Described(null, Me), Described(Token(at: Start), Me, scheduled: true) })
            Assert.IsType<SecretAction.Wait>((Flapped(applied with { Targets = [] }, 4, now) with { Secret = secret }).DecideValue());

        static SecretState Drawn(int more) => Enumerable.Range(0, more).Aggregate(
            Written(Start) with { Budget = WriteBudget.AfterWrite(null, Start) }, (a, _) => a with { Budget = WriteBudget.AfterWrite(a.Budget, Start) });

        static Observed Flapped(SecretState applied, int i, DateTimeOffset now) => new()
        {
            Config = Always with { Fields = [new("a", $"{i}", null)] },
            State = applied,
            Secret = Described(applied.VersionId),
            Now = now,
        };
    }

    [Property]
    public Property The_budget_is_five_in_a_burst_and_never_more_than_a_hundred_in_a_day() => Prop.ForAll(
        Gen.ListOf(Gen.Choose(0, 3600)).ToArbitrary(),
        gaps =>
        {
            DateTimeOffset? budget = null;
            var now = Start;
            var writes = new List<DateTimeOffset>();
            foreach (var gap in gaps.Concat(Enumerable.Repeat(0, 300)))
            {
                now = now.AddSeconds(gap);
                var at = WriteBudget.NextAllowed(budget, now);
                budget = WriteBudget.AfterWrite(budget, at);
                now = at;
                writes.Add(at);
            }

            for (var i = 0; i + 5 < writes.Count; i++)
                Assert.True(writes[i + 5] - writes[i] >= TimeSpan.FromMinutes(15), "six writes within 15 minutes");
            for (var i = 0; i + 100 < writes.Count; i++)
                Assert.True(writes[i + 100] - writes[i] >= TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1), "101 writes within a day");
            Assert.True(budget <= now + WriteBudget.Longest);
        });

    [Fact]
    public void An_interval_of_fifteen_minutes_never_waits_for_its_budget()
    {
        DateTimeOffset? budget = null;
        for (var at = Start; at < Start.AddDays(2); at = at.AddMinutes(15))
        {
            Assert.Equal(at, WriteBudget.NextAllowed(budget, at));
            budget = WriteBudget.AfterWrite(budget, at);
        }
    }
}
