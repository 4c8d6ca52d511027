using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Observed;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Why a secret is written or kept: the decision's reason, which events, status and <c>dorch plan</c> show.</summary>
public sealed class ActionReasonTests
{
    private const string Foreign = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11";
    private const string NeverWritten = "secret-push has not written a value to it, and updatePolicy is AlwaysUpdate";
    private const string Over = "its refreshInterval of 1h is over";
    private const string Changed = "its fields changed, and updatePolicy is AlwaysUpdate: every generated value is new";
    private const string Requested = "the annotation deployment-orchestrator.io/requested-at changed";

    public static TheoryData<string, string, object, object, string?> Values => new()
    {
        { "ours by the tag alone", NeverWritten, Described(Foreign, Me), new SecretState(), null },
        { "ours by the tag alone, taken over before", NeverWritten, Described(Foreign, Me),
            new SecretState { UpdatePolicy = UpdatePolicy.AlwaysUpdate, Slot = Start }, null },
        { "no value", "it has no value yet", Described(null, Me), new SecretState(), null },
        { "written an hour ago", Over, Described(Token(at: Start.AddHours(-1))), Written(Start.AddHours(-1)), null },
        { "written an hour ago, no state", Over, Described(Token(at: Start.AddHours(-1))), new SecretState(), null },
        { "under somebody's value, no state", Over, Described(Foreign, previous: Token(at: Start.AddHours(-1))), new SecretState(), null },
        { "other fields", Changed, Described(Token(inputs: "aaaaaaaaaaaa")), Written(Start) with { Inputs = "aaaaaaaaaaaa" }, null },
        { "another policy", "updatePolicy became AlwaysUpdate", Described(Token()), Written(Start, UpdatePolicy.IfNotExists), null },
        { "requested", Requested, Described(Token()), Written(Start), "now" },
        { "requested before, state lost", Over, Described(Token(at: Start.AddHours(-1))), new SecretState(), "now" },
        { "begun", "an interrupted write is finished", Described(Token(at: Start.AddHours(-1))),
            Written(Start.AddHours(-1)) with { Pending = new(Token()) }, null },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void A_new_value_has_the_reason_of_its_decision(string situation, string reason, object secret, object state, string? requestedAt)
    {
        var seen = new Observed { Config = Always, Secret = (SecretDescription)secret, State = (SecretState)state, RequestedAt = requestedAt };
        Assert.Equal($"{situation}: {reason}", $"{situation}: {Assert.IsType<SecretAction.WriteValue>(seen.Decide()).Reason.Text}");
    }

    [Theory]
    [InlineData("us-east-1", null, "it was created before, and another client deleted it: every generated value is new")]
    [InlineData("eu-west-1", null, "it does not exist")]
    [InlineData("us-east-1", "arn:aws:iam::999999999999:role/x", "it does not exist")]
    public void Only_a_secret_that_was_created_at_its_target_has_vanished(string region, string? role, string reason)
    {
        var before = Written(Start.AddHours(-1)) with { Targets = [new(Name, region, Arn, role, WriteBegunAt: Start.AddHours(-1))] };
        Assert.Equal(reason, new Observed { Config = Always, State = before }.Decide().Reason.Text);
    }

    [Fact]
    public void A_kept_value_says_why_it_is_kept()
    {
        Assert.Equal("it is up to date; the next value is due at 2026-01-01T01:00:00Z",
            Kept(new() { Config = Always, Secret = Described(Token(), Me), State = Written(Start) }));
        Assert.Equal("updatePolicy is IfNotExists: its value is kept", Kept(new() { Secret = Described(Token(), Me), State = Written(Start) }));
        Assert.Equal("recognised, value kept: an earlier Component of this name wrote it", Kept(new() { Secret = Described(Token(uid: FormerUid), Me) }));
        Assert.StartsWith("fields changed after the secret was written, and IfNotExists leaves its value: ",
            Kept(new() { Secret = Described(Token(inputs: "aaaaaaaaaaaa"), Me) }), StringComparison.Ordinal);
        Assert.Equal("only its KMS key, description or tags change: its value is kept",
            new Observed { Secret = Described(Token()), State = Written(Start) }.Decide().Reason.Text);
    }

    [Fact]
    public void A_secret_that_vanished_is_created_again_only_in_the_account_where_it_was()
    {
        var vanished = new Observed { State = Written(Start.AddHours(-1)) };
        Assert.Equal(MissingFact.Account, Assert.IsType<SecretAction.Ask>((vanished with { CallerAccount = null }).Decide()).Fact);
        Assert.Equal(
            ActionReason.OtherAccount("999999999999", "123456789012"),
            Assert.IsType<SecretAction.Refuse>((vanished with { CallerAccount = "999999999999" }).Decide()).Reason);
    }

    private static string Kept(Observed seen) => Assert.IsType<SecretAction.Keep>(seen.Decide()).Reason.Text;
}
