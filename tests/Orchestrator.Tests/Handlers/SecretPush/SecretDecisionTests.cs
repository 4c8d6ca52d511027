using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManager;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Situation;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

public sealed class SecretDecisionTests
{
    private const string Foreign = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11";
    private static readonly SecretPushConfig Adopting = Plain with { Adopt = true };
    private static readonly SecretPushConfig AlwaysAdopting = Always with { Adopt = true };

    /// <summary>design.md's table, row by row: the step under IfNotExists and under AlwaysUpdate.</summary>
    public static TheoryData<string, object?, object, string, string> Table => new()
    {
        { "absent", null, new AppliedSecret(), "create", "create" },
        { "ours", Described(Token()), Written(Start), "keep", "keep" },
        { "ours, no memory left", Described(Token()), new AppliedSecret(), "keep", "keep" },
        { "ours of a former life, retained", Described(Token(uid: FormerUid)), new AppliedSecret(), "keep", "keep" },
        { "ours, no value yet", Described(null, Me), new AppliedSecret(), "update", "update" },
        { "ours by tag, never written by us", Described(Foreign, Me), new AppliedSecret(), "keep", "update" },
        { "a gone owner's", Described(Token(Gone), Gone), new AppliedSecret(), "take over", "take over" },
        { "a gone owner's, no tag", Described(Token(Gone)), new AppliedSecret(), "take over", "take over" },
        { "a gone owner's, no value", Described(null, Gone), new AppliedSecret(), "take over", "take over" },
        { "someone else's", Described(Foreign), new AppliedSecret(), "leave", "conflict" },
        { "a living peer's", Described(Token(Peer), Peer), new AppliedSecret(), "leave to peer", "leave to peer" },
        { "another cluster's", Described(Token(Stranger), Stranger), new AppliedSecret(), "leave", "conflict" },
        { "someone else's, no value", Described(null), new AppliedSecret(), "leave", "conflict" },
        { "ours, scheduled", Described(Token(), Me, scheduled: true), Written(Start), "restore", "restore, update" },
        { "ours, scheduled, no memory left", Described(Token(), Me, scheduled: true), new AppliedSecret(), "restore", "restore, update" },
        { "ours, scheduled, no value", Described(null, Me, scheduled: true), new AppliedSecret(), "restore, update", "restore, update" },
        { "of a former life, scheduled", Described(Token(uid: FormerUid), Me, scheduled: true), new AppliedSecret(), "restore or delete, update", "restore or delete, update" },
        { "of a former life, scheduled, held in a restored status", Described(Token(uid: FormerUid), Me, scheduled: true), Written(Start), "restore", "restore, update" },
        { "a gone owner's, scheduled", Described(Token(Gone), Gone, scheduled: true), new AppliedSecret(), "restore", "restore" },
        { "someone else's, scheduled", Described(Foreign, scheduled: true), new AppliedSecret(), "conflict", "conflict" },
        { "a living peer's, no value", Described(null, Peer), new AppliedSecret(), "leave to peer", "leave to peer" },
        { "a living peer's, scheduled", Described(Token(Peer), Peer, scheduled: true), new AppliedSecret(), "leave to peer", "leave to peer" },
        { "a living peer's, under somebody's value", Described(Foreign, previous: Token(Peer)), new AppliedSecret(), "leave to peer", "leave to peer" },
        { "was ours, gone without us", null, Written(Start - TimeSpan.FromHours(1)), "create anew", "create anew" },
        { "was ours, not to be seen yet", null, Written(Start - TimeSpan.FromSeconds(119)), "wait", "wait" },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void What_is_done(string situation, object? secret, object applied, string ifNotExists, string always)
    {
        var seen = new Situation { Secret = (SecretDescription?)secret, Applied = (AppliedSecret)applied };
        Assert.Equal($"{situation}: {ifNotExists}", $"{situation}: {Word(seen.Decide())}");
        Assert.Equal($"{situation}: {always}", $"{situation}: {Word((seen with { Config = Always }).Decide())}");
    }

    // recreate: Restore changes the rows of what is ours and scheduled, and no other.
    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void What_is_done_under_recreate_Restore(string situation, object? secret, object applied, string ifNotExists, string always)
    {
        var seen = new Situation { Secret = (SecretDescription?)secret, Applied = (AppliedSecret)applied };
        foreach (var (config, plain) in new[] { (Plain, ifNotExists), (Always, always) })
        {
            var expected = plain.StartsWith("restore", StringComparison.Ordinal) ? "restore" : plain;
            Assert.Equal($"{situation}: {expected}", $"{situation}: {Word((seen with { Config = config with { Recreate = Recreate.Restore } }).Decide())}");
        }
    }

    [Fact]
    public void Adopt_takes_over_by_tag_what_is_someone_elses()
    {
        foreach (var config in new[] { Adopting, AlwaysAdopting })
        {
            foreach (var secret in new[] { Described(Foreign), Described(Token(Stranger), Stranger), Described(null) })
            {
                var takeOver = Assert.IsType<SecretStep.TakeOver>(new Situation { Config = config, Secret = secret }.Decide());
                Assert.True(takeOver.NeedsTag);
                Assert.Equal(new SecretStep.Restore(null, false), new Situation { Config = config, Secret = secret with { DeletedDate = Start } }.Decide());
            }
        }

        Assert.False(Assert.IsType<SecretStep.TakeOver>(new Situation { Secret = Described(Token(Gone), Gone) }.Decide()).NeedsTag);
    }

    [Fact]
    public void Adopt_takes_nothing_from_a_living_Component_of_this_cluster()
    {
        foreach (var config in new[] { Adopting, AlwaysAdopting })
        {
            foreach (var secret in new[] { Described(Token(Peer), Peer), Described(Token(Peer)), Described(Foreign, Peer), Described(Token(), Peer), Described(null, Peer, scheduled: true), Described(Foreign, previous: Token(Peer)) })
                Assert.Equal("peer", Assert.IsType<SecretStep.LeaveToPeer>(new Situation { Config = config, Secret = secret }.Decide()).Holder.Metadata.Name);
        }
    }

    [Fact]
    public void Where_the_secret_names_no_living_owner_the_memory_of_one_that_names_it_counts()
    {
        foreach (var config in new[] { Plain, Always, Adopting, AlwaysAdopting })
        {
            foreach (var secret in new[] { Described(Token(Gone)), Described(Token(Gone), scheduled: true), Described(Foreign), Described(null), Described(Foreign, scheduled: true) })
                Assert.IsType<SecretStep.LeaveToPeer>(new Situation { Config = config, Secret = secret, IsHeldByMemory = true }.Decide());
            // Somebody outside the cluster has taken it by his tag.
            Assert.IsNotType<SecretStep.LeaveToPeer>(new Situation { Config = config, Secret = Described(Foreign, Stranger), IsHeldByMemory = true }.Decide());
        }
    }

    [Fact]
    public void Another_account_than_the_remembered_one_is_a_conflict()
    {
        var other = Described(Token(), arn: Arn.Replace("123456789012", "999999999999", StringComparison.Ordinal));
        var conflict = Assert.IsType<SecretStep.Conflict>(new Situation { Secret = other, Applied = Written(Start) }.Decide());
        Assert.Equal("the credentials are of account 999999999999, but the secret was made in 123456789012: nothing is written; set roleArn for the right account", conflict.Message);
        Assert.IsType<SecretStep.Conflict>(new Situation { Secret = other with { DeletedDate = Start }, Applied = Written(Start) }.Decide());
    }

    [Fact]
    public void Rotation_in_aws_is_a_conflict_for_AlwaysUpdate_alone()
    {
        var rotated = Described(Token()) with { RotationEnabled = true };
        Assert.IsType<SecretStep.Conflict>(new Situation { Config = Always, Secret = rotated, Applied = Written(Start) }.Decide());
        Assert.IsType<SecretStep.Keep>(new Situation { Secret = rotated, Applied = Written(Start) }.Decide());
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(59, null)]
    [InlineData(60, 60)]
    [InlineData(61, 60)]
    [InlineData(119, 60)]
    [InlineData(120, 120)]
    [InlineData(60 * 24 * 7 + 30, 60 * 24 * 7)]
    public void It_is_due_when_the_slot_is_over_and_missed_slots_collapse_into_one(int minutesAfter, int? slot)
    {
        var step = new Situation { Config = Always, Secret = Described(Token(at: Start)), Applied = Written(Start), Now = Start.AddMinutes(minutesAfter) }.Decide();
        if (slot is null)
        {
            Assert.Equal(new SecretStep.Keep(Start.AddHours(1)), step);
            return;
        }

        var write = Assert.IsType<SecretStep.Write>(step);
        Assert.Equal(Start.AddMinutes(slot.Value), write.Slot);
        Assert.Equal(write.Slot, write.Token.OccasionTime);
        Assert.False(write.Creates);
    }

    [Fact]
    public void A_changed_field_is_due_at_once_and_moves_no_slot()
    {
        var changed = Always with { Fields = [new("a", "c", null)] };
        var write = Assert.IsType<SecretStep.Write>(
            new Situation { Config = changed, Secret = Described(Token()), Applied = Written(Start), Now = Start.AddMinutes(10) }.Decide());
        Assert.Equal((Start, Start.AddMinutes(10)), (write.Slot, write.Token.OccasionTime));
        Assert.Equal(FieldsDigest.Of(changed.Fields), write.Token.Inputs);
        Assert.IsType<SecretStep.Keep>(
            new Situation { Config = changed with { UpdatePolicy = UpdatePolicy.IfNotExists }, Secret = Described(Token()), Applied = Written(Start), Now = Start.AddDays(9) }.Decide());
    }

    [Theory]
    [InlineData("requested")]
    [InlineData("field")]
    [InlineData("policy")]
    [InlineData("begun")]
    public void What_is_due_for_two_reasons_is_written_once(string reason)
    {
        var now = Start.AddHours(5).AddMinutes(10);
        var situation = reason switch
        {
            "requested" => new Situation { Config = Always, RequestedAt = "now", Applied = Written(Start) },
            "field" => new Situation { Config = Always with { Fields = [new("a", "c", null)] }, Applied = Written(Start) },
            "policy" => new Situation { Config = Always, Applied = Written(Start, UpdatePolicy.IfNotExists) },
            _ => new Situation { Config = Always, Applied = Written(Start) with { Slot = Start.AddHours(1), Pending = new(Token(at: Start.AddHours(1))) } },
        };
        var write = Assert.IsType<SecretStep.Write>((situation with { Secret = Described(Token()), Now = now }).Decide());

        var inputs = FieldsDigest.Of(situation.Config.Fields);
        var after = Written(now, requestedAt: situation.RequestedAt) with { Slot = write.Slot, Inputs = inputs, VersionId = write.Token.ToString() };
        Assert.IsType<SecretStep.Keep>((situation with { Secret = Described(write.Token.ToString()), Applied = after, Now = now.AddSeconds(5) }).Decide());
    }

    [Fact]
    public void Requested_at_counts_once_and_never_under_IfNotExists()
    {
        var asked = new Situation { Config = Always, Secret = Described(Token()), Applied = Written(Start, requestedAt: "one"), RequestedAt = "two" };
        Assert.IsType<SecretStep.Write>(asked.Decide());
        Assert.IsType<SecretStep.Keep>((asked with { RequestedAt = "one" }).Decide());
        Assert.IsType<SecretStep.Keep>((asked with { RequestedAt = null }).Decide());
        Assert.IsType<SecretStep.Keep>((asked with { Applied = new() }).Decide());
        Assert.IsType<SecretStep.Keep>((asked with { Config = Plain }).Decide());
    }

    [Fact]
    public void Neither_tags_nor_timeouts_nor_a_lost_memory_make_it_due()
    {
        var kept = new Situation { Config = Always with { Tags = new Dictionary<string, string> { ["a"] = "b" }, Description = "d" }, Secret = Described(Token()), Now = Start.AddMinutes(59) };
        Assert.IsType<SecretStep.Keep>((kept with { Applied = Written(Start) }).Decide());
        Assert.Equal(new SecretStep.Keep(Start.AddHours(1)), kept.Decide());
        Assert.IsType<SecretStep.Write>((kept with { Now = Start.AddHours(1) }).Decide());
    }

    [Fact]
    public void A_write_that_was_begun_goes_on_under_its_token()
    {
        var pending = Token(at: Start.AddMinutes(-10));
        var begun = new Situation { Applied = new() { Pending = new(pending), Targets = [new(Name, "us-east-1")] } };
        var create = Assert.IsType<SecretStep.Write>(begun.Decide());
        Assert.True(create.Creates);
        Assert.False(create.WasGone);
        Assert.Equal(pending, create.Token.ToString());

        var update = Assert.IsType<SecretStep.Write>((begun with { Config = Always, Secret = Described(Token(at: Start.AddHours(-1))) }).Decide());
        Assert.Equal(pending, update.Token.ToString());
        Assert.False(update.Creates);
    }

    [Fact]
    public void A_write_that_was_begun_for_other_fields_or_by_another_life_gets_a_token_of_its_own()
    {
        foreach (var token in new[] { Token(inputs: "aaaaaaaaaaaa", at: Start.AddMinutes(5)), Token(uid: FormerUid, at: Start.AddMinutes(5)), Token(Peer, at: Start.AddMinutes(5)) })
        {
            var write = Assert.IsType<SecretStep.Write>(new Situation { Applied = new() { Pending = new(token) } }.Decide());
            Assert.Equal((Me.OwnerDigest, Uid, Inputs, 0), (write.Token.Owner, write.Token.Uid, write.Token.Inputs, write.Token.Attempt));
            Assert.Equal(Start.AddMinutes(5).AddSeconds(1), write.Token.OccasionTime);
        }
    }

    [Fact]
    public void A_token_that_aws_refuses_is_waited_for_two_minutes_and_then_the_next_attempt_is_made()
    {
        var refused = new Situation { Applied = new() { Pending = new(Token(attempt: 99), Start) } };
        Assert.IsType<SecretStep.Wait>((refused with { Now = Start.AddSeconds(119) }).Decide());
        Assert.Equal(0, Assert.IsType<SecretStep.Write>((refused with { Now = Start.AddSeconds(120) }).Decide()).Token.Attempt);
        var first = refused with { Applied = new() { Pending = new(Token(), Start) }, Now = Start.AddSeconds(120) };
        Assert.Equal(Token(attempt: 1), Assert.IsType<SecretStep.Write>(first.Decide()).Token.ToString());
    }

    [Fact]
    public void After_a_restore_that_was_to_regenerate_the_value_is_written()
    {
        var scheduled = new Situation { Secret = Described(Token(uid: FormerUid), Me, scheduled: true) };
        var regenerate = Assert.IsType<SecretStep.Restore>(scheduled.Decide()).Regenerate!;
        var restored = new Situation
        {
            Secret = Described(Token(uid: FormerUid), Me),
            Applied = new() { Pending = new(regenerate.Token.ToString()), Slot = Start, Targets = [new(Name, "us-east-1")] },
        };
        Assert.Equal(regenerate.Token, Assert.IsType<SecretStep.Write>(restored.Decide()).Token);
        Assert.IsType<SecretStep.Keep>((restored with { Secret = Described(regenerate.Token.ToString(), Me) }).Decide());
    }

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
            var write = Assert.IsType<SecretStep.Write>(Flapped(applied, i, now).Decide());
            applied = applied with { Inputs = write.Token.Inputs, VersionId = write.Token.ToString(), Budget = WriteBudget.AfterWrite(applied.Budget, now) };
        }

        var kept = Assert.IsType<SecretStep.Keep>(Flapped(applied, 4, now).Decide());
        Assert.Equal(Start.AddMinutes(16), kept.Until);
        Assert.Contains("2026-01-01T00:16:00Z", kept.Postponed, StringComparison.Ordinal);
        Assert.IsType<SecretStep.Write>(Flapped(applied, 4, Start.AddMinutes(16)).Decide());
        // Where no value stands, it is waited for.
        foreach (var secret in new[] { null, Described(null, Me), Described(Token(at: Start), Me, scheduled: true) })
            Assert.IsType<SecretStep.Wait>((Flapped(applied with { Targets = [] }, 4, now) with { Secret = secret }).Decide());

        static AppliedSecret Drawn(int more) => Enumerable.Range(0, more).Aggregate(
            Written(Start) with { Budget = WriteBudget.AfterWrite(null, Start) }, (a, _) => a with { Budget = WriteBudget.AfterWrite(a.Budget, Start) });

        static Situation Flapped(AppliedSecret applied, int i, DateTimeOffset now) => new()
        {
            Config = Always with { Fields = [new("a", $"{i}", null)] },
            Applied = applied,
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

    [Fact]
    public void Times_ahead_of_awss_clock_count_as_now()
    {
        var ahead = Written(Start.AddHours(1)) with { Budget = Start.AddDays(1), Pending = new("t", Start.AddHours(1)) };
        var now = ahead.NotAheadOf(Start);
        Assert.Equal((Start, Start, Start, Start), (now.WrittenAt, now.Slot, now.Pending!.RefusedAt, now.Targets[0].WriteBegunAt));
        Assert.Equal(Start.AddMinutes(75), now.Budget);
        var little = Written(Start.AddMinutes(5));
        Assert.Equal(little.ToJson().ToJsonString(), little.NotAheadOf(Start).ToJson().ToJsonString());
    }

    private static string Word(SecretStep step) => step switch
    {
        SecretStep.Write { Creates: true, WasGone: true } => "create anew",
        SecretStep.Write { Creates: true } => "create",
        SecretStep.Write => "update",
        SecretStep.Keep => "keep",
        SecretStep.TakeOver => "take over",
        SecretStep.LeaveToOwner => "leave",
        SecretStep.LeaveToPeer => "leave to peer",
        SecretStep.Restore restore => (restore.MayDeleteInstead ? "restore or delete" : "restore") + (restore.Regenerate is null ? "" : ", update"),
        SecretStep.Conflict => "conflict",
        SecretStep.Wait => "wait",
        _ => step.ToString(),
    };
}
