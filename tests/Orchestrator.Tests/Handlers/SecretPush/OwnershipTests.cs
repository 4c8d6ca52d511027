using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManager;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Observed;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

public sealed class OwnershipTests
{
    private const string Foreign = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11";

    private static readonly SecretState Holds = new() { Targets = [new(Name, "us-east-1", Arn)] };

    public static TheoryData<string, object?, object, object> Table => new()
    {
        { "none", null, new SecretState(), OwnershipKind.Absent },
        { "none, though remembered", null, Holds, OwnershipKind.Absent },
        { "our current version", Described(Token()), new SecretState(), OwnershipKind.Ours },
        { "our current version and tag", Described(Token(), Me), new SecretState(), OwnershipKind.Ours },
        { "our version of a former life", Described(Token(uid: FormerUid)), new SecretState(), OwnershipKind.Ours },
        { "our tag alone", Described(Foreign, Me), new SecretState(), OwnershipKind.Ours },
        { "our tag, no value", Described(null, Me), new SecretState(), OwnershipKind.Ours },
        { "our previous version, a foreign current one", Described(Foreign, previous: Token()), new SecretState(), OwnershipKind.Ours },
        { "our ARN alone", Described(Foreign), Holds, OwnershipKind.Ours },
        { "our ARN, no value", Described(null), Holds, OwnershipKind.Ours },
        { "nobody's mark", Described(Foreign), new SecretState(), OwnershipKind.Foreign },
        { "nobody's mark, another ARN", Described(Foreign, arn: Arn[..^6] + "ZzZzZz"), Holds, OwnershipKind.Foreign },
        { "no value, no mark", Described(null), new SecretState(), OwnershipKind.Foreign },
        { "a peer's", Described(Token(Peer), Peer), new SecretState(), OwnershipKind.Foreign },
        { "a peer's version", Described(Token(Peer)), new SecretState(), OwnershipKind.Foreign },
        { "another cluster's", Described(Token(Stranger), Stranger), new SecretState(), OwnershipKind.Foreign },
        { "a gone Component's", Described(Token(Gone), Gone), new SecretState(), OwnershipKind.Abandoned },
        { "a gone Component's version", Described(Token(Gone)), new SecretState(), OwnershipKind.Abandoned },
        { "a gone Component's version that we hold", Described(Token(Gone)), Holds, OwnershipKind.Ours },
        { "a gone Component's, taken over by our tag", Described(Token(Gone), Me), new SecretState(), OwnershipKind.Ours },
        { "our version, taken over by a peer's tag", Described(Token(), Peer), Holds, OwnershipKind.Foreign },
        { "our version, the peer that took it over is gone", Described(Token(), Gone), new SecretState(), OwnershipKind.Ours },
        { "a tag that no secret-push wrote", new SecretDescription(Arn, Name, null, null, null, false,
            new Dictionary<string, string> { [SecretOwner.TagKey] = "team-x" }, new Dictionary<string, IReadOnlyList<string>>(), null, null, null),
                new SecretState(), OwnershipKind.Foreign },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void The_owner_of_a_secret_is_judged_by_its_marks_and_our_state(string situation, object? secret, object applied, object kind) =>
        Assert.True((OwnershipKind)kind == new Observed { Secret = (SecretDescription?)secret, State = (SecretState)applied }.Ownership().Kind, situation);

    [Fact]
    public void A_secret_is_of_a_previous_incarnation_if_only_a_version_of_another_uid_makes_it_ours()
    {
        Assert.True(Ownership(Described(Token(uid: FormerUid))).IsPreviousIncarnation);
        Assert.True(Ownership(Described(Token(uid: FormerUid), Me)).IsPreviousIncarnation);
        Assert.True(Ownership(Described(Foreign, previous: Token(uid: FormerUid))).IsPreviousIncarnation);
        Assert.False(Ownership(Described(Token())).IsPreviousIncarnation);
        Assert.False(Ownership(Described(Token(uid: FormerUid)), Holds).IsPreviousIncarnation);
        Assert.False(Ownership(Described(Token(), previous: Token(uid: FormerUid))).IsPreviousIncarnation);
        Assert.False(Ownership(Described(Foreign, Me)).IsPreviousIncarnation);
        Assert.False(Ownership(Described(Token(Gone, FormerUid))).IsPreviousIncarnation);
    }

    [Fact]
    public void A_secret_has_drifted_if_another_client_wrote_after_us()
    {
        Assert.True(Ownership(Described(Foreign, previous: Token())).IsDrifted);
        Assert.True(Ownership(Described(Foreign, Me), Written(Start)).IsDrifted);
        Assert.True(Ownership(Described(Token(Stranger), Me), Written(Start)).IsDrifted);
        Assert.False(Ownership(Described(Token()), Written(Start)).IsDrifted);
        Assert.False(Ownership(Described(Foreign, Me)).IsDrifted);
        Assert.False(Ownership(Described(null, Me), Written(Start)).IsDrifted);
        Assert.False(Ownership(Described(Token(Gone), Me)).IsDrifted);
    }

    [Fact]
    public void The_owner_is_named_in_words()
    {
        Assert.Equal("cluster-b/myapp/credentials", Ownership(Described(Foreign, Stranger)).Owner);
        Assert.Equal("an unknown owner (no owner tag)", Ownership(Described(Foreign)).Owner);
        Assert.Equal($"another Component of this cluster (owner digest {Peer.OwnerDigest})", Ownership(Described(Token(Peer))).Owner);
        Assert.Equal($"a Component of another cluster (owner digest {Stranger.OwnerDigest})", Ownership(Described(Token(Stranger))).Owner);
        Assert.Null(Ownership(Described(Token())).Owner);
    }

    [Fact]
    public void A_tag_too_long_for_words_still_tells_the_owner()
    {
        var me = new SecretOwner("group/cluster", new('n', 63), new('x', 253));
        var component = new Component { Metadata = new() { Namespace = me.Namespace, Name = me.Name, Uid = "uid" }, Spec = new() { Handler = "secret-push" } };
        var owners = new OwnerDirectory("group/cluster", seesAll: true, () => [component]);
        var target = new SecretTarget(Name, "us-east-1");
        Assert.Equal(OwnershipKind.Ours,
            Judge(Described(null, me), component, new(), target, Start, owners, null).Kind);
    }

    [Theory]
    [InlineData("group/cluster")]
    [InlineData("group")]
    [InlineData("group/former")]
    public void A_tag_too_long_for_words_shows_that_its_owner_is_of_this_cluster(string cluster)
    {
        var owner = new SecretOwner(cluster, "other", new('x', 250));
        var living = Itself with { Metadata = new() { Namespace = owner.Namespace, Name = owner.Name, Uid = "living" } };
        var owners = new OwnerDirectory("group/cluster", seesAll: true, () => [Itself, living], ["group", "group/former"], takeOverFrom: _ => []);
        var ownership = Judge(
            Described(Foreign, owner), Itself, new(), new(Name, "us-east-1"), Start, owners, null);
        Assert.Equal((OwnershipKind.Foreign, true, false), (ownership.Kind, ownership.IsBehindWall, ownership.MayBeAdopted));
        Assert.Equal(living.Metadata.Name, ownership.Holder?.Key.Name);

        // A short name stays plain text, whatever the cluster's former ids.
        Assert.Equal(new SecretOwner("group", "cluster", "app").OwnerDigest,
            OwnerMark.Read("group/cluster/app", owners.Owner(Itself), [])!.Digest);
    }

    // An operator for one namespace sees no other namespace, so it cannot know which owners exist there.
    [Theory]
    [InlineData(true, "other", true, true)]
    [InlineData(false, "other", true, false)]
    [InlineData(true, "myapp", false, true)]
    [InlineData(false, "myapp", false, true)]
    public void A_foreign_secret_is_adopted_only_if_its_owner_is_known_to_be_gone(bool seesAll, string ns, bool isStrangers, bool mayBeAdopted)
    {
        var owners = new OwnerDirectory("cluster-a", seesAll, () => [Itself], takeOverFrom: _ => []);
        foreach (var secret in new[] { Described(Foreign, Gone with { Namespace = ns }), Described(Token(Gone with { Namespace = ns }, withNamespace: true)) })
        {
            var ownership = Judge(secret, Itself, new(), new(Name, "us-east-1"), Start, owners, null);
            Assert.Equal((isStrangers, mayBeAdopted), (ownership.IsBehindWall, ownership.MayBeAdopted));
            Assert.Equal(isStrangers ? "a Component of another namespace" : null, isStrangers ? ownership.Owner : null);
        }
    }

    // takeOverFrom says whose secrets may be inherited, not that the owner is deleted; without isolation, and for another cluster, nothing changes.
    [Theory]
    [InlineData(true, "cluster-a", true, false)]
    [InlineData(false, "cluster-a", false, true)]
    [InlineData(true, "cluster-b", false, true)]
    public void An_operator_that_sees_one_namespace_takes_nothing_from_others(bool hasWalls, string cluster, bool isStrangers, bool mayBeAdopted)
    {
        var owners = new OwnerDirectory("cluster-a", seesAll: false, () => [Itself], takeOverFrom: hasWalls ? _ => ["other"] : null);
        var owner = new SecretOwner(cluster, "other", "app");
        foreach (var secret in new[] { Described(Foreign, owner), Described(Token(owner, withNamespace: true)),
            Described(Foreign, previous: Token(owner, withNamespace: true)) })
        {
            var ownership = Judge(secret, Itself, new(), new(Name, "us-east-1"), Start, owners, null);
            Assert.Equal((OwnershipKind.Foreign, isStrangers, mayBeAdopted), (ownership.Kind, ownership.IsBehindWall, ownership.MayBeAdopted));
        }
    }

    // Our Component is restored with its status; a namespace that took its secret over has the tag, and the version is still ours.
    [Theory]
    [InlineData("new", true, OwnershipKind.Foreign)]
    [InlineData("new", false, OwnershipKind.Ours)]
    [InlineData("myapp", true, OwnershipKind.Ours)]
    public void A_restored_status_takes_no_secret_back_from_the_namespace_that_took_it_over(string ns, bool hasWalls, object kind)
    {
        var secret = Described(Token(), Gone with { Namespace = ns });
        var restored = Itself with { Status = new() { Applied = Holds.ToJson() } };
        var heir = Itself with { Metadata = new() { Namespace = ns, Name = "heir", Uid = "heir" } };
        var owners = new OwnerDirectory("cluster-a", seesAll: true, () => [restored, heir], takeOverFrom: hasWalls ? c => c == heir ? ["myapp"] : [] : null);
        var ownership = Of(restored, Holds);
        Assert.Equal(((OwnershipKind)kind, (OwnershipKind)kind == OwnershipKind.Foreign), (ownership.Kind, ownership.IsBehindWall));

        // Nor does it keep the next Component of that namespace from its secret.
        if (ownership.IsBehindWall)
            Assert.Equal((OwnershipKind.Abandoned, null, false), Of(heir, new()) is var its ? (its.Kind, its.Holder, its.IsBehindWall) : default);

        Ownership Of(Component component, SecretState state) =>
            Judge(secret, component, state, new(Name, "us-east-1"), Start, owners, null);
    }

    // Only the existing Component's state claims the secret, which names a deleted owner or none.
    [Fact]
    public void A_secret_is_not_adopted_from_a_Component_behind_a_wall_whose_state_has_its_ARN()
    {
        var stranger = Itself with
        {
            Metadata = new() { Namespace = "other", Name = "heir", Uid = "heir" },
            Status = new() { Applied = new SecretState { Targets = [new(Name, "us-east-1", Arn)] }.ToJson() },
        };
        var owners = new OwnerDirectory("cluster-a", seesAll: true, () => [Itself, stranger], takeOverFrom: _ => []);
        foreach (var secret in new[] { Described(Foreign), Described(null), Described(Token(Gone, withNamespace: true)),
            Described(Foreign, previous: Token(Gone)), Described(Foreign, Gone with { Namespace = "other" }) })
        {
            var ownership = Judge(secret, Itself, new(), new(Name, "us-east-1"), Start, owners, null);
            Assert.Equal((true, false, true), (ownership.IsBehindWall, ownership.MayBeAdopted, ownership.Holder?.IsWalled));
        }
    }

    private static Ownership Ownership(SecretDescription secret, SecretState? applied = null) =>
        new Observed { Secret = secret, State = applied ?? new() }.Ownership();

    // A user who may choose names can search for one with the same digest, but cannot choose the namespace.
    [Fact]
    public void A_colliding_owner_digest_of_another_namespace_is_not_the_owner()
    {
        var me = new SecretOwner("cluster", "team-a", "app") { Former = [new("former", "team-a", "app")] };
        VersionToken By(string? ns) => new(me.OwnerDigest, "aaaaaaaa", "aaaaaaaaaaaa", 1, 0, ns);

        Assert.True(me.IsOf(By(me.NamespaceDigest)));
        Assert.True(me.IsOf(By(me.Former[0].NamespaceDigest)));
        // An older version id has no namespace.
        Assert.True(me.IsOf(By(null)));
        Assert.False(me.IsOf(By(new SecretOwner("cluster", "team-b", "").NamespaceDigest)));
        Assert.True(me.Is(new OwnerMark(me.OwnerDigest, "team-a", null)));
        Assert.False(me.Is(new OwnerMark(me.OwnerDigest, "team-b", null)));
        Assert.False(me.IsOf(null));
    }
}
