using System.Text.Json.Nodes;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Inheritance of secrets as SecretPolicies allow it.</summary>
public sealed partial class SecretPushWallsTests
{
    [Fact]
    public async Task A_namespace_is_renamed_by_a_SecretPolicy_and_back_is_denied()
    {
        await using var push = await StartWalledAsync();
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        await PutIn(push, "team-b", Config());
        await push.PutPolicy($"{{namespaces: {{matchNames: [team-b]}}, allow: {{secretNames: ['{Name}'], takeOverFrom: [default]}}}}");
        await push.Delete("first");
        // Two reconciles caused by changes are a second apart.
        await push.Cluster.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Ready", (await push.Cluster.Component("app", "team-b")).Status!.Phase);
        Assert.Equal((version, "test-cluster/team-b/app"), (await push.VersionId(), (await push.Tags())[OwnerTag]));
        Assert.Equal(Strangers, (await push.Put(Config(), "first")).Status!.Message);
    }

    // The policy that allows inheriting is for other names.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_one_policy_allows_is_not_inherited_by_another(bool isReference)
    {
        await using var push = await StartWalledAsync();
        await push.PutPolicy($"{{namespaces: {{matchNames: [team-b]}}, allow: {{secretNames: ['{Name}']}}}}", "name");
        await push.PutPolicy("{namespaces: {matchNames: [team-b]}, allow: {secretNames: ['web/*'], takeOverFrom: [default]}}", "renamed");
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "first");
        var version = await push.VersionId();
        await push.Delete("first");
        if (isReference)
            await AddNames(push);
        var config = Config(isReference ? """{"secretName":"{{ .names.providerStatus.secret }}"}""" : "{}");
        Assert.Equal(("Failed", Strangers), await PutIn(push, "team-b", config) is var status ? (status.Phase, status.Message) : default);
        Assert.Equal((version, 1), (await push.VersionId(), await push.Versions()));
    }

    [Fact]
    public async Task A_secret_is_deleted_though_a_foreign_owner_names_it_who_may_inherit_other_names()
    {
        await using var push = await StartWalledAsync();
        await push.PutPolicy("{namespaces: {matchNames: [team-b]}, allow: {secretNames: ['web/*'], takeOverFrom: [default]}}", "renamed");
        await push.Put(Config(), "first");
        Assert.Equal("Denied", (await PutIn(push, "team-b", Config())).Condition("Ready")!.Reason);
        await push.Delete("first");
        Assert.DoesNotContain("first: SecretLeft", push.Cluster.Events);
        Assert.False(await push.IsThere());
    }

    private static async Task AddNames(PushedSecret push)
    {
        await AddNamespace(push, "team-b");
        await push.Cluster.Put(new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "names", ["namespace"] = "team-b" },
            ["data"] = new JsonObject { ["secret"] = Name },
        });
        var source = new JsonObject { ["name"] = "names", ["exports"] = new JsonArray(new JsonObject { ["key"] = "secret" }) };
        var reader = new JsonObject { ["handler"] = "config-reader", ["config"] = new JsonObject { ["sources"] = new JsonArray(source) } };
        await push.Cluster.Put(Resource("Component", "team-b", "names", reader));
        await push.Cluster.WhenQuiet();
    }
}
