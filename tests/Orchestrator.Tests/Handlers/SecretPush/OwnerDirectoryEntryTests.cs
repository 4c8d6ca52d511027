using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Whether an entry of a Composition still wants a secret whose Component is deleted.</summary>
public sealed class OwnerDirectoryEntryTests
{
    private const string Arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-abcdef";

    private static readonly SecretTarget Target = new("s", "us-east-1", Arn);

    [Theory]
    [InlineData("""{"secretName":"s","region":"us-east-1"}""", null, true)]
    [InlineData("""{"secretName":"s"}""", null, true)]
    [InlineData("""{"secretName":"t"}""", null, false)]
    [InlineData("""{"secretName":"s","region":"eu-west-1"}""", null, false)]
    [InlineData("""{"secretName":"s","roleArn":"arn:aws:iam::123456789012:role/x"}""", null, true)]
    [InlineData("""{"secretName":"s","roleArn":"arn:aws:iam::210987654321:role/x"}""", null, false)]
    // The current value of the reference counts, or else the child's last value.
    [InlineData("""{"secretName":"{{ .names.providerStatus.mine }}"}""", "s", true)]
    [InlineData("""{"secretName":"{{ .names.providerStatus.mine }}"}""", "t", false)]
    [InlineData("""{"secretName":"{{ .names.providerStatus.mine }}"}""", null, true)]
    [InlineData("""{"secretName":"{{ .nobody.providerStatus.mine }}"}""", "t", true)]
    // Problems or unresolved references elsewhere in the config do not matter.
    [InlineData("""{"secretName":"s","fields":{"a":{"value":"{{ .nobody.providerStatus.x }}"}},"typo":1}""", null, true)]
    [InlineData("""{"secretName":7}""", null, false)]
    public void The_entry_of_a_terminating_child_wants_the_secret_that_it_names(string config, string? named, bool isWanted)
    {
        var child = Going(Component("app-creds", """{"secretName":"s"}"""));
        var names = Component("app-names", "{}", handler: "config-reader") with
        {
            Status = named is null ? null : new() { ProviderStatus = new() { ["mine"] = named } },
        };
        var owners = OwnerDirectory([child, names], Composition(("names", "config-reader", "{}"), ("creds", "secret-push", config)));
        Assert.Equal(isWanted ? "creds" : null, owners.EntryNaming(Target, child, "us-east-1")?.Entry);
    }

    [Fact]
    public void An_entry_of_another_type_and_a_terminating_Composition_want_no_secret()
    {
        var child = Going(Component("app-creds", """{"secretName":"s"}"""));
        var composition = Composition(("creds", "secret-push", """{"secretName":"s"}"""));
        Assert.NotNull(OwnerDirectory([child], composition).EntryNaming(Target, child, "us-east-1"));
        Assert.NotNull(OwnerDirectory([], composition).EntryNaming(Target, child, "us-east-1"));
        Assert.Null(OwnerDirectory([child], composition with { Metadata = composition.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } })
            .EntryNaming(Target, child, "us-east-1"));
        Assert.Null(OwnerDirectory([child], Composition(("creds", "manifest", """{"secretName":"s"}"""))).EntryNaming(Target, child, "us-east-1"));
        Assert.Null(OwnerDirectory([child]).EntryNaming(Target, child, "us-east-1"));
    }

    [Fact]
    public void The_entry_of_an_existing_child_counts_only_for_other_Components()
    {
        var child = Component("app-creds", """{"secretName":"t"}""");
        var owners = OwnerDirectory([child], Composition(("creds", "secret-push", """{"secretName":"s"}""")));
        Assert.Null(owners.EntryNaming(Target, child, "us-east-1"));
        Assert.Equal("creds", owners.EntryNaming(Target, Component("alone", """{"secretName":"t"}"""), "us-east-1")?.Entry);
    }

    [Fact]
    public void An_owner_whose_entry_still_wants_the_secret_is_not_gone()
    {
        var child = Going(Component("app-creds", """{"secretName":"s"}"""));
        var owners = OwnerDirectory([child], Composition(("creds", "secret-push", """{"secretName":"s"}""")));
        Assert.False(Observed.IsGone(owners, owners.Owner(child).OwnerDigest, Target, "us-east-1"));
        Assert.True(Observed.IsGone(owners, owners.Owner(child).OwnerDigest, Target with { Name = "t" }, "us-east-1"));
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("other", false)]
    public void Behind_walls_a_foreign_entry_wants_no_secret_of_ours(string ns, bool isWanted)
    {
        var me = Component("alone", """{"secretName":"s"}""");
        var composition = Composition(("creds", "secret-push", """{"secretName":"s"}"""));
        composition = composition with { Metadata = composition.Metadata with { Namespace = ns } };
        OwnerDirectory Directory(Func<Component, IEnumerable<string>>? takeOverFrom) =>
            new("cluster", seesAll: true, () => [me], wanted: new(() => [composition], () => [me]), takeOverFrom: takeOverFrom);
        Assert.Equal(isWanted, Directory(_ => []).EntryNaming(Target, me, "us-east-1") is not null);
        Assert.NotNull(Directory(heir => heir.Metadata.Namespace == ns ? ["default"] : []).EntryNaming(Target, me, "us-east-1"));
        Assert.NotNull(Directory(null).EntryNaming(Target, me, "us-east-1"));
    }

    [Fact]
    public void A_child_has_lost_its_Composition_once_none_has_its_owners_uid()
    {
        var child = Component("app-creds", "{}");
        Component OwnedBy(string uid) => child with
        {
            Metadata =
                child.Metadata with
                {
                    OwnerReferences = [new() { ApiVersion = ApiGroup.ApiVersion, Kind = "Composition", Name = "app", Uid = uid,
                Controller = true }]
                },
        };
        var owners = OwnerDirectory([], Composition());
        Assert.False(owners.HasLostComposition(OwnedBy("living")));
        Assert.True(owners.HasLostComposition(OwnedBy("former")));
        Assert.False(owners.HasLostComposition(child));
    }

    private static OwnerDirectory OwnerDirectory(Component[] components, params Composition[] compositions) =>
        new("cluster", seesAll: true, () => components, wanted: new(() => compositions, () => components));

    private static Composition Composition(params (string Name, string Type, string Config)[] entries) => new()
    {
        Metadata = new() { Namespace = "default", Name = "app", Uid = "living" },
        Spec = new()
        {
            Components = [.. entries.Select(e =>
            new CompositionEntry { Name = e.Name, Type = e.Type, Config = JsonNode.Parse(e.Config)!.AsObject() })]
        },
    };

    private static Component Going(Component component) =>
        component with { Metadata = component.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };

    private static Component Component(string name, string config, string handler = "secret-push") => new()
    {
        Metadata = new() { Namespace = "default", Name = name, Uid = name },
        Spec = new() { Handler = handler, Config = JsonNode.Parse(config)!.AsObject() },
    };
}
