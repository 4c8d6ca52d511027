using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Resources;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>A Component and a secret that its earlier incarnation scheduled for deletion; a rebuilt cluster and its own secrets.</summary>
public sealed class SecretPushRecreateTests
{
    private const string Restore = """{"recreate":"Restore"}""";
    private const string RestoreAlways = """{"recreate":"Restore","updatePolicy":"AlwaysUpdate"}""";
    private const string Kept = "secret myapp/prod/credentials is in AWS Secrets Manager in us-east-1, restored with its value";

    [Fact]
    public async Task Under_Restore_the_secret_comes_back_with_its_value()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Restore));
        var version = await push.VersionId();
        await push.Delete();

        var status = (await push.Put(Config(Restore))).Status!;
        Assert.Equal(("Ready", Kept), (status.Phase, status.Message));
        Assert.Equal((version, version), (await push.VersionId(), (string?)status.ProviderStatus!["versionId"]));
        Assert.Equal(1, push.Cluster.Calls("GetRandomPassword"));
        Assert.Equal("app-credentials: SecretRestored: restored myapp/prod/credentials: it was scheduled for deletion, and its value is kept",
            push.Cluster.EventTexts[^1]);
        Assert.Equal(Kept, (await push.Advance(TimeSpan.FromHours(3))).Status!.Message);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task Under_Regenerate_the_event_and_the_message_say_that_the_value_is_another()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        await push.Delete();
        var status = (await push.Put(Config("""{"recreate":"Regenerate"}"""))).Status!;
        Assert.EndsWith("in us-east-1, regenerated after it was scheduled for deletion", status.Message, StringComparison.Ordinal);
        Assert.Equal(2, await push.Versions());
        Assert.Contains(push.Cluster.EventTexts, e => e.EndsWith("it was scheduled for deletion, and every generated value is new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_AlwaysUpdate_a_restored_value_stays_until_the_next_is_due()
    {
        await using var push = await StartAsync();
        await push.Put(Config(RestoreAlways));
        await push.Advance(TimeSpan.FromMinutes(20));
        await push.Delete();
        await push.Cluster.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Kept, (await push.Put(Config(RestoreAlways))).Status!.Message);
        await push.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(1, await push.Versions());
        Assert.Equal(Kept[..Kept.IndexOf(',', StringComparison.Ordinal)], (await push.Advance(TimeSpan.FromMinutes(1))).Status!.Message);
        Assert.Equal(2, await push.Versions());
    }

    [Theory]
    [InlineData("IfNotExists")]
    [InlineData("AlwaysUpdate")]
    public async Task A_secret_that_may_not_be_restored_is_not_deleted(string policy)
    {
        await using var push = await StartAsync();
        var config = Config($$"""{"recreate":"Restore","updatePolicy":"{{policy}}"}""");
        await push.Put((JsonObject)config.DeepClone());
        await push.Delete();
        push.Faults.DenyAlways("RestoreSecret");
        var status = (await push.Put(config)).Status!;
        Assert.Equal(("Failed", "Denied"), (status.Phase, status.Condition("Ready")!.Reason));
        Assert.StartsWith("needs secretsmanager:RestoreSecret", status.Message, StringComparison.Ordinal);
        await push.Advance(TimeSpan.FromHours(2));
        Assert.NotNull((await push.Describe()).Ok()["DeletedDate"]);
        Assert.Equal(1, push.Cluster.Calls("DeleteSecret"));
    }

    [Fact]
    public async Task A_secret_that_is_to_be_retained_is_not_deleted_where_it_may_not_be_restored()
    {
        const string Names = "namespaces: {}, allow: {secretNames: [myapp/*]}";
        await using var push = await StartWalledAsync($"{{{Names}}}");
        await push.Put(Config());
        await push.Delete();
        await push.PutPolicy($"{{{Names}, mandatory: {{deletionPolicy: Retain}}}}");
        push.Faults.DenyAlways("RestoreSecret");

        var status = (await push.Put(Config())).Status!;

        Assert.Equal(("Failed", "Denied"), (status.Phase, status.Condition("Ready")!.Reason));
        Assert.StartsWith("needs secretsmanager:RestoreSecret", status.Message, StringComparison.Ordinal);
        Assert.NotNull((await push.Describe()).Ok()["DeletedDate"]);
        Assert.Equal(1, push.Cluster.Calls("DeleteSecret"));
        push.Faults.Allow("RestoreSecret");
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromHours(1))).Status!.Phase);
    }

    // tests/field/recreated-by-accident
    [Fact]
    public async Task What_Velero_restored_counts_as_Restore()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        await push.Delete();
        await push.Cluster.Put(
            Labelled("Component", "app-credentials", new() { ["handler"] = "secret-push", ["config"] = Config("""{"recreate":"Regenerate"}""") }));
        await push.Cluster.WhenQuiet();
        Assert.Equal(Kept, (await push.Cluster.Component("app-credentials")).Status!.Message);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task A_child_of_a_Composition_that_Velero_restored_counts_as_Restore()
    {
        await using var push = await StartAsync();
        await push.Cluster.Put(Composition(isRestored: false));
        await push.Cluster.WhenQuiet();
        await push.Cluster.Delete("shop", ResourceType.Composition);
        await push.Cluster.WhenQuiet();
        Assert.False(await push.IsThere());
        await push.Cluster.Put(Composition(isRestored: true));
        await push.Cluster.WhenQuiet();
        var child = await push.Cluster.Component("shop-creds");
        Assert.Equal((Kept, "nightly-1"), (child.Status!.Message, child.Metadata.Label("velero.io/restore-name")));
        Assert.Equal(1, await push.Versions());
    }

    // It was restored with the state of a write that its earlier incarnation had begun.
    [Fact]
    public void A_write_that_a_previous_Component_began_is_not_finished()
    {
        var pending = new PendingWrite(Observed.Token(uid: Observed.FormerUid, at: Observed.Start.AddMinutes(-5)));
        var restored = new Observed
        {
            Secret = Observed.Described(Observed.Token(uid: Observed.FormerUid), Observed.Me),
            State = new() { Pending = pending, UpdatePolicy = UpdatePolicy.AlwaysUpdate },
        };
        Assert.IsType<SecretAction.Keep>(restored.DecideValue());
        Assert.IsType<SecretAction.Keep>((restored with { Config = Observed.Always }).DecideValue());
    }

    // The write was recorded under Regenerate, but now Restore keeps the value.
    [Fact]
    public void A_regeneration_that_was_begun_stops_when_the_value_is_to_be_kept()
    {
        var secret = Observed.Described(Observed.Token(uid: Observed.FormerUid), Observed.Me);
        var begun = new Observed { Secret = secret, State = new() { Pending = new(Observed.Token(at: Observed.Start)) } };
        Assert.IsType<SecretAction.WriteValue>(begun.DecideValue());
        Assert.IsType<SecretAction.Keep>((begun with { Config = Observed.Plain with { Recreate = Recreate.Restore } }).DecideValue());
    }

    [Theory]
    [InlineData("IfNotExists")]
    [InlineData("AlwaysUpdate")]
    public async Task A_rebuilt_cluster_knows_the_secrets_of_the_id_that_it_had(string policy)
    {
        await using var push = await StartAsync();
        await push.Put(Config($$"""{"updatePolicy":"{{policy}}"}"""));
        var version = await push.VersionId();
        var backup = await push.BackUp();
        await push.Advance(TimeSpan.FromMinutes(10));

        push.Cluster.Identity = new("rebuilt", ["test-cluster"]);
        await push.RestoreBackup(backup, withStatus: false);
        var status = (await push.Cluster.Component("app-credentials")).Status!;
        Assert.Equal(("Ready", "True"), (status.Phase, status.Condition("SecretPushed")!.Status));
        Assert.Equal((version, version), (await push.VersionId(), (string?)status.ProviderStatus!["versionId"]));
        Assert.Equal("rebuilt/default/app-credentials", (await push.Tags())[SecretOwner.TagKey]);
        Assert.Null(status.Condition("Drifted"));
        await push.Delete();
        Assert.False(await push.IsThere());
    }

    [Fact]
    public async Task A_rebuilt_cluster_lets_its_Components_take_over_what_its_gone_ones_had()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        push.Cluster.Identity = new("rebuilt", ["never", "test-cluster"]);
        await push.RestoreBackup([], withStatus: false);
        Assert.Equal("Ready", (await push.Put(Config())).Status!.Phase);
        Assert.Equal((version, "rebuilt/default/app-credentials"), (await push.VersionId(), (await push.Tags())[SecretOwner.TagKey]));
        Assert.Contains("app-credentials: SecretAdopted", push.Cluster.Events);
    }

    [Fact]
    public async Task A_cluster_takes_nothing_of_an_id_that_it_never_had()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        var backup = await push.BackUp();
        push.Cluster.Identity = new("another", ["never"]);
        await push.RestoreBackup(backup, withStatus: false);
        Assert.Equal("AlreadyExists", (await push.Cluster.Component("app-credentials")).Status!.Condition("SecretPushed")!.Reason);
        Assert.Equal("test-cluster/default/app-credentials", (await push.Tags())[SecretOwner.TagKey]);
    }

    [Fact]
    public void An_owner_is_known_by_every_id_of_its_cluster()
    {
        var component = new Component { Metadata = new() { Namespace = "myapp", Name = "credentials", Uid = "uid" }, Spec = new() { Handler = "secret-push" } };
        var owners = new OwnerDirectory("new", true, () => [component], ["old", "older"]);
        var owner = owners.Owner(component);
        Assert.Equal("new/myapp/credentials", owner.TagValue);
        foreach (var id in (string[])["new", "old", "older"])
        {
            Assert.True(owner.Is(new SecretOwner(id, "myapp", "credentials").OwnerDigest));
            Assert.False(owner.Is(new SecretOwner(id, "myapp", "peer").OwnerDigest));
            Assert.True(Observed.IsGone(owners, new SecretOwner(id, "myapp", "peer").OwnerDigest, new("s", "us-east-1"), "us-east-1"));
        }

        Assert.False(owner.Is(new SecretOwner("oldest", "myapp", "credentials").OwnerDigest));
        Assert.False(Observed.IsGone(owners, new SecretOwner("oldest", "myapp", "peer").OwnerDigest, new("s", "us-east-1"), "us-east-1"));
    }

    private static JsonObject Composition(bool isRestored)
    {
        var composition = Labelled("Composition", "shop", new()
        {
            ["components"] = new JsonArray(new JsonObject { ["name"] = "creds", ["type"] = "secret-push", ["config"] = Config() }),
        });
        if (!isRestored)
            composition["metadata"]!.AsObject().Remove("labels");
        return composition;
    }

    private static JsonObject Labelled(string kind, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["labels"] = new JsonObject { ["velero.io/restore-name"] = "nightly-1" } },
        ["spec"] = spec,
    };
}
