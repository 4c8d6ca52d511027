using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Planning;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManager;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Situation;

namespace DeploymentOrchestrator.Tests.Cli.Planning;

/// <summary>Why a plan would write a value: what SecretDecision went by, and nothing that is guessed.</summary>
public sealed class SecretReasonTests
{
    private const string Foreign = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11";
    private const string NeverWritten = "secret-push has written no value to it that is known, and updatePolicy is AlwaysUpdate";
    private const string Over = "its refreshInterval of 1h is over";
    private const string Changed = "its fields changed, and updatePolicy is AlwaysUpdate: every generated field gets a new value";
    private const string Requested = "the annotation deployment-orchestrator.io/requested-at changed";

    public static TheoryData<string, string, object, object, string?> Values => new()
    {
        { "ours by the tag alone", NeverWritten, Described(Foreign, Me), new AppliedSecret(), null },
        { "ours by the tag alone, taken over before", NeverWritten, Described(Foreign, Me), new AppliedSecret { UpdatePolicy = UpdatePolicy.AlwaysUpdate, Slot = Start }, null },
        { "no value", "it has no value yet", Described(null, Me), new AppliedSecret(), null },
        { "written an hour ago", Over, Described(Token(at: Start.AddHours(-1))), Written(Start.AddHours(-1)), null },
        { "written an hour ago, no memory", Over, Described(Token(at: Start.AddHours(-1))), new AppliedSecret(), null },
        { "under somebody's value, no memory", Over, Described(Foreign, previous: Token(at: Start.AddHours(-1))), new AppliedSecret(), null },
        { "other fields", Changed, Described(Token(inputs: "aaaaaaaaaaaa")), Written(Start) with { Inputs = "aaaaaaaaaaaa" }, null },
        { "another policy", "updatePolicy became AlwaysUpdate", Described(Token()), Written(Start, UpdatePolicy.IfNotExists), null },
        { "requested", Requested, Described(Token()), Written(Start), "now" },
        { "requested before, memory lost", Over, Described(Token(at: Start.AddHours(-1))), new AppliedSecret(), "now" },
        { "begun", "a write that was begun is finished", Described(Token(at: Start.AddHours(-1))), Written(Start.AddHours(-1)) with { Pending = new(Token()) }, null },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void A_new_value_has_the_reason_that_the_decision_went_by(string situation, string reason, object secret, object applied, string? requestedAt)
    {
        var memory = (AppliedSecret)applied;
        var step = new DeploymentOrchestrator.Tests.Handlers.SecretPush.Situation { Config = Always, Secret = (SecretDescription)secret, Applied = memory, RequestedAt = requestedAt }.Decide();
        var token = Assert.IsType<SecretStep.Write>(step).Token.ToString();
        Assert.Equal($"{situation}: {reason}", $"{situation}: {Reason(memory, requestedAt, new SecretDeed(SecretDeedKind.Value, Name, "us-east-1", (SecretDescription)secret, token))}");
    }

    [Theory]
    [InlineData("us-east-1", null, "it was made before and is gone without us: it gets new values")]
    [InlineData("eu-west-1", null, "it is not there")]
    [InlineData("us-east-1", "arn:aws:iam::999999999999:role/x", "it is not there")]
    public void Only_what_was_made_in_this_place_is_gone_from_it(string region, string? role, string reason) =>
        Assert.Equal(reason, Reason(Written(Start), null, new SecretDeed(SecretDeedKind.Create, Name, region, null), Always with { RoleArn = role }));

    private static string Reason(AppliedSecret applied, string? requestedAt, SecretDeed deed, SecretPushConfig? config = null)
    {
        var component = new Component
        {
            Metadata = new()
            {
                Namespace = Me.Namespace,
                Name = Me.Name,
                Uid = "uid-now",
                Annotations = requestedAt is null ? null : new Dictionary<string, string> { [ApiGroup.RequestedAtAnnotation] = requestedAt },
            },
            Spec = new() { Handler = "secret-push" },
            Status = new() { Applied = applied.ToJson() },
        };
        var request = new HandlerRequest { Component = component, Config = [], Remember = (_, _) => Task.CompletedTask };
        return SecretReason.Of(request, config ?? Always, [deed], new HandlerAnswer.Done(), Me, isAsked: true);
    }
}
