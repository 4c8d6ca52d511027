using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManager;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Situation;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

public sealed class PossessionTests
{
    private const string Foreign = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11";

    private static readonly AppliedSecret Holds = new() { Targets = [new(Name, "us-east-1", Arn)] };

    public static TheoryData<string, object?, object, object> Table => new()
    {
        { "none", null, new AppliedSecret(), PossessionKind.Absent },
        { "none, though remembered", null, Holds, PossessionKind.Absent },
        { "our current version", Described(Token()), new AppliedSecret(), PossessionKind.Mine },
        { "our current version and tag", Described(Token(), Me), new AppliedSecret(), PossessionKind.Mine },
        { "our version of a former life", Described(Token(uid: FormerUid)), new AppliedSecret(), PossessionKind.Mine },
        { "our tag alone", Described(Foreign, Me), new AppliedSecret(), PossessionKind.Mine },
        { "our tag, no value", Described(null, Me), new AppliedSecret(), PossessionKind.Mine },
        { "our previous version, a foreign current one", Described(Foreign, previous: Token()), new AppliedSecret(), PossessionKind.Mine },
        { "our ARN alone", Described(Foreign), Holds, PossessionKind.Mine },
        { "our ARN, no value", Described(null), Holds, PossessionKind.Mine },
        { "nobody's mark", Described(Foreign), new AppliedSecret(), PossessionKind.Others },
        { "nobody's mark, another ARN", Described(Foreign, arn: Arn[..^6] + "ZzZzZz"), Holds, PossessionKind.Others },
        { "no value, no mark", Described(null), new AppliedSecret(), PossessionKind.Others },
        { "a peer's", Described(Token(Peer), Peer), new AppliedSecret(), PossessionKind.Others },
        { "a peer's version", Described(Token(Peer)), new AppliedSecret(), PossessionKind.Others },
        { "another cluster's", Described(Token(Stranger), Stranger), new AppliedSecret(), PossessionKind.Others },
        { "a gone Component's", Described(Token(Gone), Gone), new AppliedSecret(), PossessionKind.Heirless },
        { "a gone Component's version", Described(Token(Gone)), new AppliedSecret(), PossessionKind.Heirless },
        { "a gone Component's version that we hold", Described(Token(Gone)), Holds, PossessionKind.Mine },
        { "a gone Component's, taken over by our tag", Described(Token(Gone), Me), new AppliedSecret(), PossessionKind.Mine },
        { "our version, taken over by a peer's tag", Described(Token(), Peer), Holds, PossessionKind.Others },
        { "our version, the peer that took it over is gone", Described(Token(), Gone), new AppliedSecret(), PossessionKind.Mine },
        { "a tag that no secret-push wrote", new SecretDescription(Arn, Name, null, null, null, false,
            new Dictionary<string, string> { [SecretOwner.TagKey] = "team-x" }, new Dictionary<string, IReadOnlyList<string>>(), null, null, null), new AppliedSecret(), PossessionKind.Others },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void Whose_it_is(string situation, object? secret, object applied, object kind) =>
        Assert.True((PossessionKind)kind == new Situation { Secret = (SecretDescription?)secret, Applied = (AppliedSecret)applied }.Possession().Kind, situation);

    [Fact]
    public void Of_a_former_life_is_what_only_a_version_of_another_uid_makes_ours()
    {
        Assert.True(Possession(Described(Token(uid: FormerUid))).IsFormerLife);
        Assert.True(Possession(Described(Token(uid: FormerUid), Me)).IsFormerLife);
        Assert.True(Possession(Described(Foreign, previous: Token(uid: FormerUid))).IsFormerLife);
        Assert.False(Possession(Described(Token())).IsFormerLife);
        Assert.False(Possession(Described(Token(uid: FormerUid)), Holds).IsFormerLife);
        Assert.False(Possession(Described(Token(), previous: Token(uid: FormerUid))).IsFormerLife);
        Assert.False(Possession(Described(Foreign, Me)).IsFormerLife);
        Assert.False(Possession(Described(Token(Gone, FormerUid))).IsFormerLife);
    }

    [Fact]
    public void It_has_drifted_where_somebody_wrote_after_us()
    {
        Assert.True(Possession(Described(Foreign, previous: Token())).IsDrifted);
        Assert.True(Possession(Described(Foreign, Me), Written(Start)).IsDrifted);
        Assert.True(Possession(Described(Token(Stranger), Me), Written(Start)).IsDrifted);
        Assert.False(Possession(Described(Token()), Written(Start)).IsDrifted);
        Assert.False(Possession(Described(Foreign, Me)).IsDrifted);
        Assert.False(Possession(Described(null, Me), Written(Start)).IsDrifted);
        Assert.False(Possession(Described(Token(Gone), Me)).IsDrifted);
    }

    [Fact]
    public void Whose_it_is_is_said_in_words()
    {
        Assert.Equal("cluster-b/myapp/credentials", Possession(Described(Foreign, Stranger)).Who);
        Assert.Equal("somebody who left no owner tag", Possession(Described(Foreign)).Who);
        Assert.Equal($"another Component of this cluster (owner digest {Peer.OwnerDigest})", Possession(Described(Token(Peer))).Who);
        Assert.Equal($"a Component of another cluster (owner digest {Stranger.OwnerDigest})", Possession(Described(Token(Stranger))).Who);
        Assert.Null(Possession(Described(Token())).Who);
    }

    [Fact]
    public void A_tag_too_long_for_words_still_tells_the_owner()
    {
        var me = new SecretOwner("group/cluster", new('n', 63), new('x', 253));
        var secret = Described(null, me);
        Assert.Equal(PossessionKind.Mine, DeploymentOrchestrator.Handlers.SecretPush.Possession.Of(secret, me, Uid, new(), Start, _ => false).Kind);
    }

    private static Possession Possession(SecretDescription secret, AppliedSecret? applied = null) => new Situation { Secret = secret, Applied = applied ?? new() }.Possession();
}
