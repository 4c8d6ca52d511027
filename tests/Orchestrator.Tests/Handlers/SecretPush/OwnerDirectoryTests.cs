using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

public sealed class OwnerDirectoryTests
{
    private static readonly Component Me = Component("me", """{"secretName":"s","region":"us-east-1"}""");
    private static readonly SecretTarget Target = new("s", "us-east-1");

    [Theory]
    [InlineData("""{"secretName":"s","region":"us-east-1"}""", null, true)]
    [InlineData("""{"secretName":"s"}""", null, true)]
    [InlineData("""{"secretName":"s","region":"","roleArn":""}""", null, true)]
    [InlineData("""{"secretName":"s","region":null,"roleArn":null}""", null, true)]
    [InlineData("""{"secretName":"s","region":"eu-west-1"}""", null, false)]
    [InlineData("""{"secretName":"t"}""", null, false)]
    [InlineData("""{"secretName":"s","roleArn":"arn:aws:iam::123456789012:role/x"}""", null, false)]
    [InlineData("""{"secretName":"{{ .a.providerStatus.b }}"}""", """{"secretName":"s","region":"us-east-1"}""", true)]
    [InlineData("""{"secretName":{"$valueFrom":{"component":"a","output":"b"}}}""", """{"secretName":"s","region":"us-east-1"}""", true)]
    [InlineData("""{"secretName":"{{ .a.providerStatus.b }}"}""", null, false)]
    [InlineData("""{"secretName":"s","region":"{{ .a.providerStatus.b }}"}""", """{"secretName":"s","region":"eu-west-1"}""", false)]
    // It had the secret, but its spec now names another one: it will not take this one.
    [InlineData("""{"secretName":"t","region":"us-east-1"}""", """{"secretName":"s","region":"us-east-1"}""", false)]
    [InlineData("""{"secretName":"s","region":"eu-west-1"}""", """{"secretName":"s","region":"us-east-1"}""", false)]
    public void Another_Component_that_names_the_secret_is_found(string config, string? outputs, bool isFound)
    {
        var peer = Component("peer", config, outputs);
        Assert.Equal(isFound ? "peer" : null, OwnerDirectory(Me, peer).OtherNaming(Target, Me, "us-east-1")?.Metadata.Name);
    }

    [Theory]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:s-abcdef", null, true)]
    [InlineData("arn:aws:secretsmanager:us-east-1:210987654321:secret:s-abcdef", null, false)]
    [InlineData(null, "arn:aws:iam::123456789012:role/another", true)]
    [InlineData(null, "arn:aws:iam::210987654321:role/another", false)]
    public void A_secret_reached_by_another_role_of_the_same_account_is_the_same_secret(string? arn, string? role, bool isFound)
    {
        var peer = Component("peer", """{"secretName":"s","roleArn":"arn:aws:iam::123456789012:role/x"}""");
        Assert.Equal(isFound, OwnerDirectory(Me, peer).OtherNaming(Target with { Arn = arn, RoleArn = role }, Me, "us-east-1") is not null);
    }

    [Fact]
    public void A_terminating_Component_or_one_of_another_handler_names_no_secret()
    {
        var going = Component("going", """{"secretName":"s"}""");
        going = going with { Metadata = going.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        var manifest = Component("manifest", """{"secretName":"s"}""");
        manifest = manifest with { Spec = manifest.Spec with { Handler = "manifest" } };
        Assert.Null(OwnerDirectory(Me, going, manifest).OtherNaming(Target, Me, "us-east-1"));

        var owners = OwnerDirectory(Me, going, manifest);
        Assert.True(IsGone(owners, owners.Owner(going)));
        Assert.True(IsGone(owners, owners.Owner(manifest)));
    }

    [Fact]
    public void Only_an_owner_of_this_cluster_can_be_known_to_be_deleted()
    {
        var owners = OwnerDirectory(Me);
        Assert.False(IsGone(owners, owners.Owner(Me)));
        Assert.True(IsGone(owners, new("cluster", "default", "never")));
        Assert.False(IsGone(owners, new("another", "default", "never")));
        Assert.False(IsGone(new("cluster", seesAll: false, () => []), new("cluster", "default", "never")));
    }

    [Theory]
    [InlineData("""{"secretName":"t","region":"us-east-1"}""", null, null, true)]
    [InlineData("""{"secretName":"s","region":"us-east-1"}""", null, null, false)]
    // The Component is moving to another name, and releases this one itself.
    [InlineData("""{"secretName":"t","region":"us-east-1"}""", null, """{"targets":[{"name":"s","region":"us-east-1"}]}""", false)]
    // The secret that it names is not known yet.
    [InlineData("""{"secretName":"{{ .a.providerStatus.b }}","region":"us-east-1"}""", null, null, false)]
    [InlineData("""{"secretName":"{{ .a.providerStatus.b }}","region":"us-east-1"}""", """{"secretName":"t"}""", null, true)]
    [InlineData("""{"secretName":"s","region":"{{ .a.providerStatus.b }}"}""", null, null, false)]
    [InlineData("""{"secretName":"s","region":{"$valueFrom":{"component":"a","output":"b"}}}""", null, null, false)]
    [InlineData("""{"secretName":"s","region":"{{ .a.providerStatus.b }}"}""", """{"secretName":"s","region":"eu-west-1"}""", null, true)]
    [InlineData("""{"secretName":"t","region":"{{ .a.providerStatus.b }}"}""", null, null, true)]
    [InlineData("""{"secretName":"s","region":"us-east-1","roleArn":"{{ .a.providerStatus.b }}"}""", null, null, false)]
    [InlineData("""{"secretName":"s","region":"eu-west-1","roleArn":"{{ .a.providerStatus.b }}"}""", null, null, true)]
    public void A_Component_with_the_name_of_a_deleted_owner_does_not_own_its_secret(string config, string? outputs, string? applied, bool isGone)
    {
        var peer = Component("peer", config, outputs);
        if (applied is not null)
            peer = peer with { Status = new() { Applied = JsonNode.Parse(applied)!.AsObject() } };
        var owners = OwnerDirectory(Me, peer);
        Assert.Equal(isGone, IsGone(owners, owners.Owner(peer)));
    }

    // The region from the policies is unknown; that protects the owner's secret, and lets no one inherit it.
    [Theory]
    [InlineData("""{"secretName":"s"}""", false)]
    [InlineData("""{"secretName":"t"}""", true)]
    [InlineData("""{"secretName":"s","region":"us-east-1"}""", true)]
    public void An_owner_without_a_region_is_not_gone_while_the_policies_cannot_be_read(string config, bool isGone)
    {
        var (peer, elsewhere) = (Component("peer", config), Target with { Region = "eu-west-1" });
        var owners = new OwnerDirectory("cluster", seesAll: true, () => [Me, peer], policies: new Unread());
        Assert.Equal(isGone, Observed.IsGone(owners, owners.Owner(peer).OwnerDigest, elsewhere, "us-east-1"));
        Assert.Null(owners.OtherNaming(elsewhere, Me, "us-east-1"));
        Assert.True(Observed.IsGone(OwnerDirectory(Me, peer), owners.Owner(peer).OwnerDigest, elsewhere, "us-east-1"));
    }

    [Fact]
    public void An_owner_holds_a_secret_while_it_exists_and_names_it()
    {
        var peer = Component("peer", """{"secretName":"s"}""");
        var owners = OwnerDirectory(Me, peer, Component("other", """{"secretName":"t"}"""));
        Assert.Equal("peer", owners.Holder(Target, owners.Owner(peer).OwnerDigest, "us-east-1")?.Metadata.Name);
        foreach (var owner in new[] { owners.Owner(Component("other", "{}")), owners.Owner(Component("never", "{}")),
            new SecretOwner("another", "default", "peer") })
            Assert.Null(owners.Holder(Target, owner.OwnerDigest, "us-east-1"));
        var going = peer with { Metadata = peer.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        Assert.Null(OwnerDirectory(Me, going).Holder(Target, owners.Owner(peer).OwnerDigest, "us-east-1"));
        // This does not require seeing all Components: one that is seen exists.
        Assert.NotNull(new OwnerDirectory("cluster", seesAll: false, () => [peer]).Holder(Target, owners.Owner(peer).OwnerDigest, "us-east-1"));
    }

    // The tag has the namespace, the version id its digest; an older id has neither, and then the name of an existing Component counts.
    [Theory]
    [InlineData("the tag", "default", "never", true)]
    [InlineData("the tag", "old", "never", true)]
    [InlineData("the tag", "other", "never", false)]
    [InlineData("the version id", "default", "never", true)]
    [InlineData("the version id", "old", "never", true)]
    [InlineData("the version id", "other", "never", false)]
    [InlineData("an older id", "default", "never", false)]
    [InlineData("an older id", "default", "going", true)]
    [InlineData("an older id", "other", "going", false)]
    public void Behind_walls_a_namespace_inherits_its_own_and_what_a_policy_names(string by, string ns, string name, bool mayInherit)
    {
        var going = Component("going", """{"secretName":"t"}""");
        going = going with { Metadata = going.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        foreach (var cluster in (string[])["cluster", "former"])
        {
            var owner = new SecretOwner(cluster, ns, name);
            var mark = by switch
            {
                "the tag" => OwnerMark.Read(owner.TagValue, new("cluster", "default", "me"), [])!,
                "the version id" => new(owner.OwnerDigest, null, owner.NamespaceDigest),
                _ => new(owner.OwnerDigest, null, null),
            };
            var walled = new OwnerDirectory("cluster", true, () => [going], ["former"], takeOverFrom: heir => heir == Me ? ["old"] : []);
            Assert.Equal((mayInherit, true), (walled.MayInherit(Me, mark), OwnerDirectory(going).MayInherit(Me, mark)));
            Assert.Equal(!mayInherit || ns == "old", walled.IsWalled("default", mark));
        }
    }

    // A user who may create namespaces quickly finds two whose digests begin with the same 20 bits.
    [Fact]
    public void A_namespace_named_for_a_colliding_short_digest_inherits_nothing()
    {
        var names = Enumerable.Range(0, 100_000).Select(i => new SecretOwner("cluster", $"team-{i}", "app")).GroupBy(o => o.NamespaceDigest[..4])
            .First(same => same.Skip(1).Any()).ToList();
        var walled = new OwnerDirectory("cluster", true, () => [], takeOverFrom: _ => []);
        var heir = Me with { Metadata = Me.Metadata with { Namespace = names[1].Namespace } };

        Assert.False(walled.MayInherit(heir, new OwnerMark(names[0].OwnerDigest, null, names[0].NamespaceDigest)));
        Assert.True(walled.MayInherit(heir, new OwnerMark(names[1].OwnerDigest, null, names[1].NamespaceDigest)));
    }

    private static bool IsGone(OwnerDirectory owners, SecretOwner owner) => Observed.IsGone(owners, owner.OwnerDigest, Target, "us-east-1");

    private static OwnerDirectory OwnerDirectory(params Component[] components) => new("cluster", seesAll: true, () => components);

    private static Component Component(string name, string config, string? outputs = null) => new()
    {
        Metadata = new() { Namespace = "default", Name = name, Uid = name },
        Spec = new() { Handler = "secret-push", Config = JsonNode.Parse(config)!.AsObject() },
        Status = outputs is null ? null : new() { ProviderStatus = JsonNode.Parse(outputs)!.AsObject() },
    };

    private sealed class Unread : IPolicySource
    {
        public NamespacePolicies? Of(string @namespace) => null;
    }
}
