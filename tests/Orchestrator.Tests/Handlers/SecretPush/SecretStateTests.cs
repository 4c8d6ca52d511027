using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManager;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Observed;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>How an observation updates the state: a pure step between observing and deciding.</summary>
public sealed class SecretStateTests
{
    [Theory]
    [InlineData(false, "SecretCreated", "created myapp/credentials")]
    [InlineData(true, "SecretUpdated", "wrote a new value to myapp/credentials")]
    public void A_write_whose_answer_was_lost_is_learned_and_reported_once(bool isKnown, string reason, string message)
    {
        var token = Token(at: Start.AddHours(1));
        var before = Written(Start) with { Pending = new(token), Targets = [new(Name, "us-east-1", isKnown ? Arn : null)] };
        var seen = Seen(before, Described(token));

        var (state, finished) = seen.State.AfterLostAnswer(seen);
        Assert.Equal((reason, message), (finished!.Reason, finished.Message));
        Assert.Equal((null, token, Arn), (state.Pending, state.VersionId, state.Wanted.Arn));
        // The same observation reports the same again, and nothing to a state that knows it.
        Assert.Equal(finished, seen.State.AfterLostAnswer(seen).Finished);
        Assert.Null(state.AfterLostAnswer(seen with { State = state }).Finished);
    }

    [Fact]
    public void Only_the_owner_learns_a_value_that_its_state_does_not_know()
    {
        var secret = Described(Token());
        Assert.Equal((Inputs, Token()), Known(Seen(new(), secret)));
        Assert.Equal((null, null), Known(Seen(new(), secret) with { Ownership = new Observed { Secret = Described(Foreign) }.Ownership() }));

        static (string?, string?) Known(SecretObservation seen) => seen.State.Learn(seen) is var state ? (state.Inputs, state.VersionId) : default;
    }

    private const string Foreign = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11";

    private static SecretObservation Seen(SecretState state, SecretDescription secret) => new()
    {
        Self = Me,
        Uid = Uid,
        State = state.AtStart(Plain, "us-east-1"),
        Secret = secret,
        Ownership = new Observed { Secret = secret, State = state }.Ownership(),
        Now = Start.AddHours(2),
        Config = Plain,
        Inputs = Inputs,
    };
}
