using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>A role is another way to the same secret, and does not bypass its owner.</summary>
public sealed class SecretPushAdoptTests
{
    private const string Role = "arn:aws:iam::000000000000:role/writer";
    private const string Arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-abcdef";
    private const string SameAccount = "arn:aws:iam::123456789012:role/x";
    private const string OtherAccount = "arn:aws:iam::210987654321:role/x";

    [Theory]
    [InlineData("{}", Role, true)]
    [InlineData("{}", Role, false)]
    [InlineData($$"""{"roleArn":"{{Role}}"}""", null, false)]
    [InlineData("""{"roleArn":"{{ .later.providerStatus.role }}"}""", Role, false)]
    public async Task Adopt_takes_nothing_from_a_living_Component_by_another_role_of_its_account(string options, string? role, bool hasStatus)
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        // Its handler is not called while its references are unresolved, or before AWS answers.
        push.Faults.DenyAlways("DescribeSecret");
        await push.Put(Config(options), "first");
        if (!hasStatus)
            await push.LoseStatus("first");
        await push.Cluster.PutComponent("second", Config($$"""{"adopt":true{{(role is null ? "" : $",\"roleArn\":\"{role}\"")}}}"""));
        push.Faults.Allow("DescribeSecret");
        await push.Cluster.Advance(TimeSpan.FromMinutes(6));

        var second = (await push.Cluster.Component("second")).Status!;
        Assert.Equal("Failed", second.Phase);
        Assert.StartsWith("the secret belongs to default/first, an existing Component", second.Message, StringComparison.Ordinal);
        Assert.Equal((version, "test-cluster/default/first"), (await push.VersionId(), (await push.Tags())[SecretOwner.TagKey]));
    }

    // Its Composition recreates the child, after kubectl or a restore.
    [Theory]
    [InlineData(null, false)]
    [InlineData(Role, false)]
    [InlineData(null, true)]
    public async Task Adopt_takes_nothing_from_a_child_that_its_entry_is_about_to_bring_back(string? role, bool isUnderAForeignValue)
    {
        await using var push = await StartAsync();
        var entry = new JsonObject { ["name"] = "creds", ["type"] = "secret-push", ["config"] = Config() };
        var composition = new JsonObject
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = "Composition",
            ["metadata"] = new JsonObject { ["name"] = "app", ["namespace"] = "default" },
            ["spec"] = new JsonObject { ["components"] = new JsonArray(entry) },
        };
        if (isUnderAForeignValue)
        {
            push.Faults.DenyAlways("TagResource");
            push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        }

        await push.Cluster.Put(composition);
        await push.Cluster.WhenQuiet();
        if (isUnderAForeignValue)
            (await push.Aws("PutSecretValue", new { SecretId = Name, SecretString = "theirs", ClientRequestToken = AwsJsonClient.NewToken() })).Ok();
        push.Faults.Allow("TagResource");
        var (version, tags) = (await push.VersionId(), await push.Tags());
        // A paused Composition does not recreate the child, and still wants its secret.
        composition = (await push.Cluster.Store.Get(ResourceType.Composition, new("default", "app"), TestContext.Current.CancellationToken))!;
        composition["metadata"]!["annotations"] = new JsonObject { ["deployment-orchestrator.io/paused"] = "true" };
        await push.Cluster.Store.Replace(composition, TestContext.Current.CancellationToken);
        await push.Cluster.WhenQuiet();
        await push.RestoreBackup([], withStatus: false);

        await push.Put(Config($$"""{"adopt":true{{(role is null ? "" : $",\"roleArn\":\"{role}\"")}}}"""), "second");
        Assert.Equal((version, !isUnderAForeignValue), (await push.VersionId(), tags.ContainsKey(SecretOwner.TagKey)));
        Assert.Equal(tags, await push.Tags());
    }

    [Fact]
    public async Task A_secret_is_left_to_one_that_names_it_by_another_role_though_both_lost_their_status()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"recoveryWindowInDays":0}"""), "first");
        await push.Put(Config($$"""{"roleArn":"{{Role}}"}"""), "second");
        push.Faults.DenyAlways("DescribeSecret");
        await push.LoseStatus("second");
        await push.LoseStatus("first");
        push.Faults.Allow("DescribeSecret");
        await push.Delete("first");
        Assert.Contains($"first: SecretLeft: left {Name} in place: default/second names it too", push.Cluster.EventTexts);
        Assert.True(await push.IsThere());
    }

    // The holder, other Components that name it, and entries that want it: each lookup knows the ARN that AWS returned.
    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "arn:aws:secretsmanager:us-east-1:210987654321:secret:s-ghijkl", false)]
    [InlineData(null, Arn, true)]
    [InlineData(SameAccount, null, true)]
    [InlineData(OtherAccount, null, false)]
    [InlineData(OtherAccount, Arn, true)]
    [InlineData("{{ .a.providerStatus.b }}", null, true)]
    public void A_Component_means_the_secret_unless_its_account_is_known_to_be_another(string? role, string? reported, bool isTheSame)
    {
        var config = new JsonObject { ["secretName"] = "s", ["roleArn"] = role };
        var peer = Component("peer", config);
        if (reported is not null)
            peer = peer with { Status = new() { ProviderStatus = new() { ["secretName"] = "s", ["secretArn"] = reported } } };
        var me = Component("me", new() { ["secretName"] = "s", ["adopt"] = true });
        var target = new SecretTarget("s", "us-east-1", Arn, "arn:aws:iam::123456789012:role/mine");
        var owners = new OwnerDirectory("cluster", seesAll: true, () => [me, peer]);
        var digest = owners.Owner(peer).OwnerDigest;
        Assert.Equal((isTheSame, isTheSame, !isTheSame),
            (owners.OtherNaming(target, me, "us-east-1") is not null, owners.Holder(target, digest, "us-east-1") is not null,
                Observed.IsGone(owners, digest, target, "us-east-1")));
    }

    // Its state belongs to its former role.
    [Fact]
    public void The_account_of_a_former_role_is_not_that_of_the_present_one()
    {
        var former = new SecretState { Targets = [new("s", "us-east-1", "arn:aws:secretsmanager:us-east-1:210987654321:secret:s-ghijkl", OtherAccount)] };
        var peer = Component("peer", new() { ["secretName"] = "s" }) with { Status = new() { Applied = former.ToJson() } };
        var owners = new OwnerDirectory("cluster", seesAll: true, () => [peer]);
        var target = new SecretTarget("s", "us-east-1", Arn, SameAccount);
        Assert.NotNull(owners.Holder(target, owners.Owner(peer).OwnerDigest, "us-east-1"));
    }

    private static Component Component(string name, JsonObject config) => new()
    {
        Metadata = new() { Namespace = "default", Name = name, Uid = name },
        Spec = new() { Handler = "secret-push", Config = config },
    };
}
