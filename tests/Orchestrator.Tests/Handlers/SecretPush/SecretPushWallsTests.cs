using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Namespaces of different teams: a Component of another namespace is foreign; its secrets are left alone and its name is hidden.</summary>
public sealed partial class SecretPushWallsTests
{
    private const string Strangers = "the secret is owned by a Component of another namespace: choose another secretName, "
        + "or ask an administrator for takeOverFrom in a SecretPolicy where the namespace was renamed";

    private const string OwnerTag = "deployment-orchestrator.io/owner";

    private const string Adopting = """{"adopt":true}""";

    public static TheoryData<string> Policies => new("""{"updatePolicy":"IfNotExists"}""", """{"updatePolicy":"AlwaysUpdate"}""");

    public static TheoryData<string, string> PoliciesAndRights => new MatrixTheoryData<string, string>(
        ["""{"updatePolicy":"IfNotExists"}""", """{"updatePolicy":"AlwaysUpdate"}"""], ["every right", "the specification's rights"]);

    [Theory]
    [MemberData(nameof(PoliciesAndRights))]
    public async Task A_living_foreign_secret_is_a_Conflict_under_both_policies_and_with_adopt(string options, string rights)
    {
        await using var push = await WalledAsync(rights);
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        foreach (var with in (string[])[options, Adopting])
        {
            var status = await PutIn(push, "team-b", Config(with));
            Assert.Equal(("Failed", Strangers), (status.Phase, status.Message));
            Assert.Null(status.ProviderStatus?["secretArn"]);
            Assert.Null(status.Condition("SecretPushed"));
        }

        await push.Cluster.Advance(TimeSpan.FromHours(2));
        Assert.Equal((version, 1), (await push.VersionId(), await push.Versions()));
        Assert.Equal("Ready", (await push.Cluster.Component("first")).Status!.Phase);
        AssertNothingRevealed(push);
    }

    [Theory]
    [MemberData(nameof(PoliciesAndRights))]
    public async Task What_a_foreign_owner_left_behind_is_not_inherited(string options, string rights)
    {
        await using var push = await WalledAsync(rights);
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "first");
        var version = await push.VersionId();
        await push.Delete("first");
        var status = await PutIn(push, "team-b", Config(options));
        Assert.Equal(("Failed", Strangers), (status.Phase, status.Message));
        await push.Cluster.Advance(TimeSpan.FromHours(2));
        Assert.Equal((version, 1), (await push.VersionId(), await push.Versions()));
        await push.Cluster.Delete("app", @namespace: "team-b");
        await push.Cluster.WhenQuiet();
        Assert.True(await push.IsThere());
        AssertNothingRevealed(push);
    }

    [Theory]
    [InlineData("every right")]
    [InlineData("the specification's rights")]
    public async Task What_a_Component_of_the_same_namespace_left_behind_is_inherited(string rights)
    {
        await using var push = await WalledAsync(rights);
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "first");
        var version = await push.VersionId();
        await push.Delete("first");
        await push.Cluster.Restart();
        Assert.Equal("Ready", (await push.Put(Config(), "second")).Status!.Phase);
        Assert.Equal((version, 1), (await push.VersionId(), await push.Versions()));
        Assert.Contains("second: SecretAdopted", push.Cluster.Events);
    }

    [Theory]
    [InlineData("every right")]
    [InlineData("the specification's rights")]
    public async Task What_a_namespace_of_takeOverFrom_left_behind_is_inherited(string rights)
    {
        await using var push = await WalledAsync(rights);
        push.Cluster.TakeOverFrom!["team-b"] = ["default"];
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "first");
        var version = await push.VersionId();
        await push.Delete("first");
        Assert.Equal("Ready", (await PutIn(push, "team-b", Config())).Phase);
        Assert.Equal((version, 1), (await push.VersionId(), await push.Versions()));
        AssertNothingRevealed(push);
        // The tag names the current owner.
        if (rights == "every right")
            Assert.Equal(Strangers, (await push.Put(Config(), "first")).Status!.Message);
    }

    [Fact]
    public async Task A_namespace_is_renamed_by_takeOverFrom()
    {
        await using var push = await WalledAsync();
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        Assert.Equal(Strangers, (await PutIn(push, "team-b", Config())).Message);

        // A change of the policy heals it without a restart.
        push.Cluster.TakeOverFrom!["team-b"] = ["default"];
        await push.Cluster.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("the secret is owned by an existing Component of another namespace: this one takes it over with its value as soon as that one is removed",
            (await push.Cluster.Component("app", "team-b")).Status!.Message);
        AssertNothingRevealed(push);

        await push.Delete("first");
        Assert.Contains($"first: SecretLeft: left {Name} in place: a Component of another namespace names it too, and may take it over",
            push.Cluster.EventTexts);
        Assert.Equal("Ready", (await push.Cluster.Component("app", "team-b")).Status!.Phase);
        Assert.Equal((version, 1, "test-cluster/team-b/app"), (await push.VersionId(), await push.Versions(), (await push.Tags())[OwnerTag]));
        AssertNothingRevealed(push);
    }

    [Theory]
    [InlineData("a Component")]
    [InlineData("an entry")]
    public async Task A_secret_is_deleted_though_a_foreign_owner_names_it(string stranger)
    {
        await using var push = await WalledAsync();
        await push.Put(Config("""{"recoveryWindowInDays":0}"""), "first");
        if (stranger == "a Component")
        {
            await PutIn(push, "team-b", Config());
        }
        else
        {
            await AddNamespace(push, "team-b");
            var entry = new JsonObject { ["name"] = "creds", ["type"] = "secret-push", ["config"] = Config() };
            await push.Cluster.Put(Resource("Composition", "team-b", "app", new() { ["components"] = new JsonArray(entry) }));
            await push.Cluster.WhenQuiet();
        }

        await push.Delete("first");
        Assert.False(await push.Exists("first"));
        Assert.Contains("first: SecretDeleted", push.Cluster.Events);
        Assert.DoesNotContain("first: SecretLeft", push.Cluster.Events);

        // The name is free, and the next secret there belongs to the foreign owner.
        await push.Cluster.Advance(TimeSpan.FromMinutes(6));
        var name = stranger == "a Component" ? "app" : "app-creds";
        Assert.Equal("Ready", (await push.Cluster.Component(name, "team-b")).Status!.Phase);
        Assert.Equal(($"test-cluster/team-b/{name}", 2), ((await push.Tags())[OwnerTag], push.Cluster.Calls("GetRandomPassword")));
    }

    [Fact]
    public async Task A_former_secret_is_deleted_though_a_foreign_owner_names_it()
    {
        await using var push = await WalledAsync();
        await push.Put(Config("""{"recoveryWindowInDays":0}"""), "first");
        await PutIn(push, "team-b", Config());
        await push.Put(Config("""{"recoveryWindowInDays":0,"secretName":"myapp/other"}"""), "first");
        Assert.DoesNotContain("first: SecretLeft", push.Cluster.Events);
        Assert.False(await push.IsThere());
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task An_edit_of_the_name_to_that_of_a_foreign_secret_keeps_both(string options)
    {
        await using var push = await WalledAsync();
        await push.Put(Config(), "first");
        var own = Config(options);
        own["secretName"] = "team-b/own";
        await PutIn(push, "team-b", own);
        var versions = (await push.VersionId(), await push.VersionId("team-b/own"));
        Assert.Equal(("Failed", Strangers), await PutIn(push, "team-b", Config(options)) is var status ? (status.Phase, status.Message) : default);
        Assert.Equal(versions, (await push.VersionId(), await push.VersionId("team-b/own")));

        await push.Cluster.Delete("app", @namespace: "team-b");
        await push.Cluster.WhenQuiet();
        Assert.True(await push.IsThere());
        Assert.False(await push.IsThere("team-b/own"));
        AssertNothingRevealed(push);
    }

    [Fact]
    public async Task A_reference_that_leads_to_a_foreign_secret_late_is_a_Conflict()
    {
        await using var push = await WalledAsync();
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "first");
        var version = await push.VersionId();
        var status = await PutIn(push, "team-b", Config("""{"secretName":"{{ .names.providerStatus.secret }}"}"""));
        Assert.NotEqual("Failed", status.Phase);
        await push.Delete("first");

        await AddNames(push);
        status = (await push.Cluster.Component("app", "team-b")).Status!;
        Assert.Equal(("Failed", Strangers, version), (status.Phase, status.Message, await push.VersionId()));
    }

    [Theory]
    [MemberData(nameof(PoliciesAndRights))]
    public async Task A_backup_restored_into_another_namespace_takes_nothing(string options, string rights)
    {
        await using var push = await WalledAsync(rights);
        await push.Put(Config($$"""{"deletionPolicy":"Retain",{{options[1..]}}"""), "app");
        var version = await push.VersionId();
        var backup = (await push.BackUp())[0];
        await push.Delete("app");
        await AddNamespace(push, "team-b");
        var restored = backup.DeepClone().AsObject();
        restored["metadata"] = new JsonObject
        {
            ["name"] = "app",
            ["namespace"] = "team-b",
            ["labels"] = new JsonObject { ["velero.io/restore-name"] = "nightly-1" },
        };
        await push.Cluster.Put(restored);
        await push.Cluster.WhenQuiet();
        Assert.Equal(("Failed", Strangers), ((await push.Cluster.Component("app", "team-b")).Status!.Phase,
            (await push.Cluster.Component("app", "team-b")).Status!.Message));
        Assert.Equal((version, 1), (await push.VersionId(), await push.Versions()));

        restored = backup.DeepClone().AsObject();
        restored["metadata"] = new JsonObject { ["name"] = "app", ["namespace"] = "default" };
        await push.Cluster.Put(restored);
        await push.Cluster.WhenQuiet();
        Assert.Equal(("Ready", 1), ((await push.Cluster.Component("app")).Status!.Phase, await push.Versions()));
    }

    [Fact]
    public async Task A_foreign_secret_that_is_scheduled_for_deletion_is_not_restored()
    {
        await using var push = await WalledAsync();
        await push.Put(Config(), "first");
        await push.Delete("first");
        Assert.Equal(("Failed", Strangers), await PutIn(push, "team-b", Config()) is var status ? (status.Phase, status.Message) : default);
        Assert.Equal(0, push.Cluster.Calls("RestoreSecret"));
        AssertNothingRevealed(push);
    }

    private static async Task<PushedSecret> WalledAsync(string rights = "every right")
    {
        // Without the right to tag, only the version id identifies the owner. The test itself reads, too.
        const string Reads = "\"secretsmanager:GetSecretValue\", \"secretsmanager:ListSecretVersionIds\", ";
        var iam = SecretPushRightsTests.Specification.Replace("\"secretsmanager:CreateSecret\"", $"{Reads}\"secretsmanager:CreateSecret\"",
            StringComparison.Ordinal);
        var push = await (rights == "every right" ? StartAsync() : StartAsync(IamPolicy.Parse(iam)));
        push.Cluster.TakeOverFrom = [];
        await push.Cluster.Restart();
        return push;
    }

    private static async Task<ComponentStatus> PutIn(PushedSecret push, string ns, JsonObject config)
    {
        await AddNamespace(push, ns);
        await push.Cluster.Put(Resource("Component", ns, "app", new() { ["handler"] = "secret-push", ["config"] = config }));
        await push.Cluster.WhenQuiet();
        return (await push.Cluster.Component("app", ns)).Status!;
    }

    private static async Task AddNamespace(PushedSecret push, string ns)
    {
        if (await push.Cluster.Store.Get(ResourceType.Namespace, new(null, ns), TestContext.Current.CancellationToken) is null)
            await push.Cluster.Put(new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = ns } });
    }

    private static JsonObject Resource(string kind, string ns, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
        ["spec"] = spec,
    };

    // Neither team's events reveal the other team or the cluster.
    private static void AssertNothingRevealed(PushedSecret push)
    {
        (string Own, string[] Others)[] teams = [("app: ", ["default", "first", "test-cluster", "digest"]), ("first: ", ["team-b", "test-cluster"])];
        foreach (var (own, others) in teams)
        {
            foreach (var text in push.Cluster.EventTexts.Where(e => e.StartsWith(own, StringComparison.Ordinal)))
                Assert.All(others, name => Assert.DoesNotContain(name, text, StringComparison.Ordinal));
        }
    }
}
