using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Observed;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

public sealed partial class SecretDecisionTests
{
    private const string Foreign = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11";
    private static readonly SecretPushConfig Adopting = Plain with { Adopt = true };
    private static readonly SecretPushConfig AlwaysAdopting = Always with { Adopt = true };

    /// <summary>design.md's table, row by row: the step under IfNotExists and under AlwaysUpdate.</summary>
    public static TheoryData<string, object?, object, string, string> Table => new()
    {
        { "absent", null, new SecretState(), "create", "create" },
        { "ours", Described(Token()), Written(Start), "keep", "keep" },
        { "ours, no memory left", Described(Token()), new SecretState(), "keep", "keep" },
        { "ours of a former life, retained", Described(Token(uid: FormerUid)), new SecretState(), "keep", "keep" },
        { "ours, no value yet", Described(null, Me), new SecretState(), "update", "update" },
        { "ours by tag, never written by us", Described(Foreign, Me), new SecretState(), "keep", "update" },
        { "a gone owner's", Described(Token(Gone), Gone), new SecretState(), "take over", "take over" },
        { "a gone owner's, no tag", Described(Token(Gone)), new SecretState(), "take over", "take over" },
        { "a gone owner's, no value", Described(null, Gone), new SecretState(), "take over", "take over" },
        { "someone else's", Described(Foreign), new SecretState(), "leave", "conflict" },
        { "a living peer's", Described(Token(Peer), Peer), new SecretState(), "leave to holder", "leave to holder" },
        { "another cluster's", Described(Token(Stranger), Stranger), new SecretState(), "leave", "conflict" },
        { "someone else's, no value", Described(null), new SecretState(), "leave", "conflict" },
        { "ours, scheduled", Described(Token(), Me, scheduled: true), Written(Start), "restore", "restore, update" },
        { "ours, scheduled, no memory left", Described(Token(), Me, scheduled: true), new SecretState(), "restore", "restore, update" },
        { "ours, scheduled, no value", Described(null, Me, scheduled: true), new SecretState(), "restore, update", "restore, update" },
        { "of a former life, scheduled", Described(Token(uid: FormerUid), Me, scheduled: true), new SecretState(), "restore or delete, update",
            "restore or delete, update" },
        { "of a former life, scheduled, held in a restored status", Described(Token(uid: FormerUid), Me, scheduled: true), Written(Start), "restore",
            "restore, update" },
        { "a gone owner's, scheduled", Described(Token(Gone), Gone, scheduled: true), new SecretState(), "restore", "restore" },
        { "someone else's, scheduled", Described(Foreign, scheduled: true), new SecretState(), "conflict", "conflict" },
        { "a living peer's, no value", Described(null, Peer), new SecretState(), "leave to holder", "leave to holder" },
        { "a living peer's, scheduled", Described(Token(Peer), Peer, scheduled: true), new SecretState(), "leave to holder", "leave to holder" },
        { "a living peer's, under somebody's value", Described(Foreign, previous: Token(Peer)), new SecretState(), "leave to holder", "leave to holder" },
        { "was ours, gone without us", null, Written(Start - TimeSpan.FromHours(1)), "create anew", "create anew" },
        { "was ours, not to be seen yet", null, Written(Start - TimeSpan.FromSeconds(119)), "wait", "wait" },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void Each_situation_has_its_action(string situation, object? secret, object applied, string ifNotExists, string always)
    {
        var seen = new Observed { Secret = (SecretDescription?)secret, State = (SecretState)applied };
        Assert.Equal($"{situation}: {ifNotExists}", $"{situation}: {Word(seen.DecideValue())}");
        Assert.Equal($"{situation}: {always}", $"{situation}: {Word((seen with { Config = Always }).DecideValue())}");
    }

    // recreate: Restore changes only the rows of our scheduled secrets.
    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void Each_situation_has_its_action_under_recreate_Restore(string situation, object? secret, object applied, string ifNotExists, string always)
    {
        var seen = new Observed { Secret = (SecretDescription?)secret, State = (SecretState)applied };
        foreach (var (config, plain) in new[] { (Plain, ifNotExists), (Always, always) })
        {
            var expected = plain.StartsWith("restore", StringComparison.Ordinal) ? "restore" : plain;
            Assert.Equal($"{situation}: {expected}",
                $"{situation}: {Word((seen with { Config = config with { Recreate = Recreate.Restore } }).DecideValue())}");
        }
    }

    [Fact]
    public void Adopt_takes_a_foreign_secret_over_by_tag()
    {
        foreach (var config in new[] { Adopting, AlwaysAdopting })
        {
            foreach (var secret in new[] { Described(Foreign), Described(Token(Stranger), Stranger), Described(null) })
            {
                var takeOver = Assert.IsType<SecretAction.TakeOver>(new Observed { Config = config, Secret = secret }.DecideValue());
                Assert.True(takeOver.NeedsTag);
                Assert.Equal(new SecretAction.Restore(null, false, ActionReason.Restored),
                    new Observed { Config = config, Secret = secret with { DeletedDate = Start } }.DecideValue());
            }
        }

        Assert.False(Assert.IsType<SecretAction.TakeOver>(new Observed { Secret = Described(Token(Gone), Gone) }.DecideValue()).NeedsTag);
    }

    [Fact]
    public void Adopt_takes_nothing_from_a_living_Component_of_this_cluster()
    {
        foreach (var config in new[] { Adopting, AlwaysAdopting })
        {
            foreach (var secret in new[] { Described(Token(Peer), Peer), Described(Token(Peer)), Described(Foreign, Peer), Described(Token(), Peer),
                Described(null, Peer, scheduled: true), Described(Foreign, previous: Token(Peer)) })
                Assert.Equal("peer",
                    Assert.IsType<SecretAction.LeaveToHolder>(new Observed { Config = config, Secret = secret }.DecideValue()).Holder.Key.Name);
        }
    }

    [Fact]
    public void The_state_of_a_Component_that_names_the_secret_counts_if_the_secret_names_no_existing_owner()
    {
        foreach (var config in new[] { Plain, Always, Adopting, AlwaysAdopting })
        {
            foreach (var secret in new[] { Described(Token(Gone)), Described(Token(Gone), scheduled: true), Described(Foreign), Described(null),
                Described(Foreign, scheduled: true) })
                Assert.IsType<SecretAction.LeaveToHolder>(new Observed { Config = config, Secret = secret, IsHeldByState = true }.DecideValue());
            // An owner outside the cluster has taken it by tag.
            Assert.IsNotType<SecretAction.LeaveToHolder>(
                new Observed { Config = config, Secret = Described(Foreign, Stranger), IsHeldByState = true }.DecideValue());
        }
    }

    [Fact]
    public void Another_account_than_the_recorded_one_is_a_conflict()
    {
        var other = Described(Token(), arn: Arn.Replace("123456789012", "999999999999", StringComparison.Ordinal));
        var conflict = Assert.IsType<SecretAction.Refuse>(new Observed { Secret = other, State = Written(Start) }.DecideValue());
        Assert.Equal(
            "the credentials are of account 999999999999, but the secret was made in 123456789012: nothing is written; set roleArn for the right account",
            conflict.Reason.Text);
        Assert.IsType<SecretAction.Refuse>(new Observed { Secret = other with { DeletedDate = Start }, State = Written(Start) }.DecideValue());
    }

    [Fact]
    public void Rotation_in_AWS_is_a_conflict_only_under_AlwaysUpdate()
    {
        var rotated = Described(Token()) with { RotationEnabled = true };
        Assert.IsType<SecretAction.Refuse>(new Observed { Config = Always, Secret = rotated, State = Written(Start) }.DecideValue());
        Assert.IsType<SecretAction.Keep>(new Observed { Secret = rotated, State = Written(Start) }.DecideValue());
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(59, null)]
    [InlineData(60, 60)]
    [InlineData(61, 60)]
    [InlineData(119, 60)]
    [InlineData(120, 120)]
    [InlineData(60 * 24 * 7 + 30, 60 * 24 * 7)]
    public void A_value_is_due_when_its_slot_is_over_and_missed_slots_collapse_into_one(int minutesAfter, int? slot)
    {
        var step =
            new Observed { Config = Always, Secret = Described(Token(at: Start)), State = Written(Start), Now = Start.AddMinutes(minutesAfter) }.DecideValue();
        if (slot is null)
        {
            Assert.Equal(new SecretAction.Keep(Start.AddHours(1), false, ActionReason.NotDue(Start.AddHours(1), isRecognized: false)), step);
            return;
        }

        var write = Assert.IsType<SecretAction.WriteValue>(step);
        Assert.Equal(Start.AddMinutes(slot.Value), write.Slot);
        Assert.Equal(write.Slot, write.Token.OccasionTime);
        Assert.False(write.Creates);
    }

    [Fact]
    public void A_changed_field_is_due_at_once_and_moves_no_slot()
    {
        var changed = Always with { Fields = [new("a", "c", null)] };
        var write = Assert.IsType<SecretAction.WriteValue>(
            new Observed { Config = changed, Secret = Described(Token()), State = Written(Start), Now = Start.AddMinutes(10) }.DecideValue());
        Assert.Equal((Start, Start.AddMinutes(10)), (write.Slot, write.Token.OccasionTime));
        Assert.Equal(FieldsDigest.Of(changed.Fields), write.Token.Inputs);
        Assert.IsType<SecretAction.Keep>(
            new Observed
            {
                Config = changed with { UpdatePolicy = UpdatePolicy.IfNotExists },
                Secret = Described(Token()),
                State = Written(Start),
                Now = Start.AddDays(9)
            }.DecideValue());
    }

    [Theory]
    [InlineData("requested")]
    [InlineData("field")]
    [InlineData("policy")]
    [InlineData("begun")]
    public void A_value_due_for_two_reasons_is_written_once(string reason)
    {
        var now = Start.AddHours(5).AddMinutes(10);
        var situation = reason switch
        {
            "requested" => new Observed { Config = Always, RequestedAt = "now", State = Written(Start) },
            "field" => new Observed { Config = Always with { Fields = [new("a", "c", null)] }, State = Written(Start) },
            "policy" => new Observed { Config = Always, State = Written(Start, UpdatePolicy.IfNotExists) },
            _ => new Observed { Config = Always, State = Written(Start) with { Slot = Start.AddHours(1), Pending = new(Token(at: Start.AddHours(1))) } },
        };
        var write = Assert.IsType<SecretAction.WriteValue>((situation with { Secret = Described(Token()), Now = now }).DecideValue());

        var inputs = FieldsDigest.Of(situation.Config.Fields);
        var after = Written(now, requestedAt: situation.RequestedAt) with { Slot = write.Slot, Inputs = inputs, VersionId = write.Token.ToString() };
        Assert.IsType<SecretAction.Keep>((situation with { Secret = Described(write.Token.ToString()), State = after, Now = now.AddSeconds(5) }).DecideValue());
    }

    [Fact]
    public void Requested_at_counts_once_and_never_under_IfNotExists()
    {
        var asked = new Observed { Config = Always, Secret = Described(Token()), State = Written(Start, requestedAt: "one"), RequestedAt = "two" };
        Assert.IsType<SecretAction.WriteValue>(asked.DecideValue());
        Assert.IsType<SecretAction.Keep>((asked with { RequestedAt = "one" }).DecideValue());
        Assert.IsType<SecretAction.Keep>((asked with { RequestedAt = null }).DecideValue());
        Assert.IsType<SecretAction.Keep>((asked with { State = new() }).DecideValue());
        Assert.IsType<SecretAction.Keep>((asked with { Config = Plain }).DecideValue());
    }

    [Fact]
    public void Neither_tags_nor_timeouts_nor_a_lost_state_make_a_value_due()
    {
        var kept =
            new Observed
            {
                Config = Always with { Tags = new Dictionary<string, string> { ["a"] = "b" }, Description = "d" },
                Secret = Described(Token()),
                Now = Start.AddMinutes(59)
            };
        Assert.IsType<SecretAction.Keep>((kept with { State = Written(Start) }).DecideValue());
        Assert.Equal(new SecretAction.Keep(Start.AddHours(1), false, ActionReason.NotDue(Start.AddHours(1), isRecognized: false)), kept.DecideValue());
        Assert.IsType<SecretAction.WriteValue>((kept with { Now = Start.AddHours(1) }).DecideValue());
    }

    [Fact]
    public void A_write_that_was_begun_continues_under_its_token()
    {
        var pending = Token(at: Start.AddMinutes(-10));
        var begun = new Observed { State = new() { Pending = new(pending), Targets = [new(Name, "us-east-1")] } };
        var create = Assert.IsType<SecretAction.WriteValue>(begun.DecideValue());
        Assert.True(create.Creates);
        Assert.Equal(ActionReason.NotThere, create.Reason);
        Assert.Equal(pending, create.Token.ToString());

        var update = Assert.IsType<SecretAction.WriteValue>((begun with { Config = Always, Secret = Described(Token(at: Start.AddHours(-1))) }).DecideValue());
        Assert.Equal(pending, update.Token.ToString());
        Assert.False(update.Creates);
    }

    [Fact]
    public void A_write_that_was_begun_for_other_fields_or_by_an_earlier_Component_gets_a_token_of_its_own()
    {
        foreach (var token in new[] { Token(inputs: "aaaaaaaaaaaa", at: Start.AddMinutes(5)), Token(uid: FormerUid, at: Start.AddMinutes(5)),
            Token(Peer, at: Start.AddMinutes(5)) })
        {
            var write = Assert.IsType<SecretAction.WriteValue>(new Observed { State = new() { Pending = new(token) } }.DecideValue());
            Assert.Equal((Me.OwnerDigest, Uid, Inputs, 0), (write.Token.Owner, write.Token.Uid, write.Token.Inputs, write.Token.Attempt));
            Assert.Equal(Start.AddMinutes(5).AddSeconds(1), write.Token.OccasionTime);
        }
    }

    [Fact]
    public void The_next_attempt_follows_two_minutes_after_AWS_refused_a_token()
    {
        var refused = new Observed { State = new() { Pending = new(Token(attempt: 99), Start) } };
        Assert.IsType<SecretAction.Wait>((refused with { Now = Start.AddSeconds(119) }).DecideValue());
        Assert.Equal(0, Assert.IsType<SecretAction.WriteValue>((refused with { Now = Start.AddSeconds(120) }).DecideValue()).Token.Attempt);
        var first = refused with { State = new() { Pending = new(Token(), Start) }, Now = Start.AddSeconds(120) };
        Assert.Equal(Token(attempt: 1), Assert.IsType<SecretAction.WriteValue>(first.DecideValue()).Token.ToString());
    }

    [Fact]
    public void A_value_is_written_after_a_restore_that_regenerates_it()
    {
        var scheduled = new Observed { Secret = Described(Token(uid: FormerUid), Me, scheduled: true) };
        var regenerate = Assert.IsType<SecretAction.Restore>(scheduled.DecideValue()).Regenerate!;
        var restored = new Observed
        {
            Secret = Described(Token(uid: FormerUid), Me),
            State = new() { Pending = new(regenerate.Token.ToString()), Slot = Start, Targets = [new(Name, "us-east-1")] },
        };
        Assert.Equal(regenerate.Token, Assert.IsType<SecretAction.WriteValue>(restored.DecideValue()).Token);
        Assert.IsType<SecretAction.Keep>((restored with { Secret = Described(regenerate.Token.ToString(), Me) }).DecideValue());
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

    private static string Word(SecretAction step) => step switch
    {
        SecretAction.WriteValue { Creates: true, Reason.Code: nameof(ActionReason.Vanished) } => "create anew",
        SecretAction.WriteValue { Creates: true } => "create",
        SecretAction.WriteValue => "update",
        SecretAction.Keep => "keep",
        SecretAction.TakeOver => "take over",
        SecretAction.LeaveToOwner => "leave",
        SecretAction.LeaveToHolder => "leave to holder",
        SecretAction.Restore restore => (restore.MayDeleteInstead ? "restore or delete" : "restore") + (restore.Regenerate is null ? "" : ", update"),
        SecretAction.Refuse => "conflict",
        SecretAction.Wait => "wait",
        _ => step.ToString(),
    };
}
