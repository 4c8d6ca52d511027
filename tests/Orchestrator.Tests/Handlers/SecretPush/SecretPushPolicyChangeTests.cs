using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Policies;
using DeploymentOrchestrator.Tests.Resources;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>SecretPolicies change right before a write to AWS, as during a wait for a quota: the write is not made.</summary>
public sealed class SecretPushPolicyChangeTests
{
    private const string Names = "{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [myapp/*]}}";
    private const string OtherNames = "{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [other/*]}}";
    private const string BothNames = "{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [myapp/*, other/*]}}";
    private static readonly Tag OwnTag = new("deployment-orchestrator.io/owner", "test-cluster/default/app-credentials");
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";

    [Fact]
    public async Task Nothing_is_created_once_it_is_denied()
    {
        await using var secret = await StartWalledAsync(Names);
        await Pause(secret, () => secret.Cluster.PutComponent("app-credentials", Config()), OtherNames);

        Assert.Equal((0, "Denied"), (secret.Cluster.Calls("CreateSecret"), await Reason(secret)));
        Assert.Contains("allow.secretNames", (await secret.Cluster.Component("app-credentials")).Status!.Message, StringComparison.Ordinal);
        await secret.Cluster.WhilePaused(() => secret.Cluster.Put(PolicyYaml.Object(Names, "p0")));
        // Two reconciles caused by changes are a second apart.
        await secret.Cluster.Advance(TimeSpan.FromSeconds(1));
        await Quiet(secret);
        Assert.True(await secret.IsThere());
    }

    [Fact]
    public async Task What_was_denied_before_it_was_created_needs_no_policy_to_be_deleted()
    {
        await using var secret = await StartWalledAsync(Names);
        await Pause(secret, () => secret.Cluster.PutComponent("app-credentials", Config()), OtherNames);
        Assert.Equal((0, "Denied"), (secret.Cluster.Calls("CreateSecret"), await Reason(secret)));

        await secret.Cluster.WhilePaused(() => secret.Cluster.Delete("app-credentials"));
        Assert.False(await secret.Exists());
    }

    [Fact]
    public async Task What_AWS_refused_to_create_needs_no_policy_to_be_deleted()
    {
        await using var secret = await StartWalledAsync(Names);
        secret.Faults.DenyAlways("CreateSecret");
        await secret.Put(Config());
        await secret.PutPolicy(OtherNames, "p0");
        await secret.Cluster.Advance(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(30));
        Assert.Equal("Denied", await Reason(secret));

        await secret.Cluster.Delete("app-credentials");
        await secret.Cluster.WhenQuiet();
        Assert.False(await secret.Exists());
    }

    [Fact]
    public async Task What_may_have_been_created_needs_a_policy_to_be_deleted()
    {
        await using var secret = await StartWalledAsync(Names);
        secret.Faults.Queue("CreateSecret", DeploymentOrchestrator.SecretsManagerEmulator.Fault.CutAfter);
        await secret.Cluster.PutComponent("app-credentials", Config());
        await secret.Cluster.WhenQuiet();
        await secret.PutPolicy(OtherNames, "p0");
        await secret.Cluster.WhenQuiet();
        await secret.Cluster.Delete("app-credentials");
        await secret.Cluster.Advance(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(30));
        Assert.True(await secret.Exists());
        Assert.Contains("cannot release", (await secret.Cluster.Component("app-credentials")).Status!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_created_once_the_Namespace_has_other_labels()
    {
        await using var secret = await StartWalledAsync(Names, OtherNames.Replace("team: a", "team: b", StringComparison.Ordinal));
        await Pause(secret, () => secret.Cluster.PutComponent("app-credentials", Config()), async () =>
        {
            var ns = (await secret.Cluster.Store.Get(ResourceType.Namespace, new(null, "default"), TestContext.Current.CancellationToken))!;
            ns["metadata"]!["labels"]!["team"] = "b";
            await secret.Cluster.Store.Replace(ns, TestContext.Current.CancellationToken);
        });

        Assert.Equal((0, "Denied"), (secret.Cluster.Calls("CreateSecret"), await Reason(secret)));
    }

    [Fact]
    public async Task Nothing_is_written_with_a_value_that_policies_no_longer_fill_in()
    {
        await using var secret = await StartWalledAsync(Names);
        await Pause(secret, () => secret.Cluster.PutComponent("app-credentials", Config()), "{namespaces: {}, allow: {secretNames: [myapp/*]}, "
            + "mandatory: {kmsKeyId: alias/team-a, tags: {cost-centre: '4711'}}}");
        await secret.Cluster.Advance(TimeSpan.FromSeconds(5));
        await Quiet(secret);

        Assert.Equal("alias/team-a", (await secret.Describe()).Ok().Text("KmsKeyId"));
        Assert.Equal((1, "4711"), (await secret.Versions(), (await secret.Tags())["cost-centre"]));
        Assert.Equal(1, secret.Cluster.Calls("CreateSecret"));
    }

    [Fact]
    public async Task Nothing_is_updated_once_it_is_denied()
    {
        await using var secret = await StartWalledAsync(Names);
        await secret.Put(Config(Always));
        var version = await secret.VersionId();
        await Pause(secret, () => secret.Cluster.PutComponent("app-credentials", Config(Always, "root")), OtherNames);

        Assert.Equal((version, "Denied"), (await secret.VersionId(), await Reason(secret)));
    }

    [Theory]
    [InlineData(OtherNames)]
    [InlineData("{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [myapp/*]}, mandatory: {deletionPolicy: Retain}}")]
    public async Task Nothing_is_deleted_once_it_is_denied_or_to_be_retained(string policy)
    {
        await using var secret = await StartWalledAsync(Names);
        await secret.Put(Config());
        await Pause(secret, () => secret.Cluster.Delete("app-credentials"), policy);
        await secret.Cluster.Advance(TimeSpan.FromSeconds(5));
        await Quiet(secret);

        Assert.True(await secret.IsThere());
        Assert.Equal(policy != OtherNames, !await secret.Exists());
    }

    [Theory]
    [InlineData(OtherNames)]
    [InlineData("{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [myapp/*, other/*]}, mandatory: {deletionPolicy: Retain}}")]
    public async Task A_rename_deletes_nothing_once_it_is_denied_or_to_be_retained(string policy)
    {
        await using var secret = await StartWalledAsync(BothNames);
        await secret.Put(Config());
        // It already exists, so that the first write is the deletion of the former one.
        await secret.Aws("CreateSecret", new
        {
            Name = "other/credentials",
            SecretString = "{}",
            ClientRequestToken = new string('a', 36),
            Tags = new[] { OwnTag },
        });
        await Pause(secret, () => secret.Cluster.PutComponent("app-credentials", Config("""{"secretName":"other/credentials"}""")), policy);
        await secret.Cluster.Advance(TimeSpan.FromSeconds(5));
        await Quiet(secret);

        Assert.True(await secret.IsThere());
    }

    [Fact]
    public async Task Nothing_is_taken_over_once_takeOverFrom_no_longer_says_so()
    {
        await using var secret = await StartWalledAsync(Names);
        const string Heir = "{namespaces: {matchNames: [team-b]}, allow: {secretNames: [myapp/*], takeOverFrom: [default]}}";
        await secret.PutPolicy(Heir, "heir");
        await secret.Put(Config("""{"deletionPolicy":"Retain"}"""));
        await secret.Delete();
        await secret.Cluster.Put(NewResource.Namespace("team-b"));
        await Pause(
            secret, () => secret.Cluster.Put(NewResource.Component("team-b", "heir", "secret-push", Config())),
            () => secret.Cluster.Put(PolicyYaml.Object("{namespaces: {matchNames: [team-b]}, allow: {secretNames: [myapp/*]}}", "heir")));
        await secret.Cluster.Advance(TimeSpan.FromSeconds(5));
        await Quiet(secret);

        Assert.Equal("test-cluster/default/app-credentials", (await secret.Tags())[OwnTag.Key]);
        Assert.Equal("Conflict", (await secret.Cluster.Component("heir", "team-b")).Status!.Condition(Condition.Ready)!.Reason);
    }

    private static Task Pause(PushedSecret secret, Func<Task> begin, string policy) =>
        Pause(secret, begin, () => secret.Cluster.Put(PolicyYaml.Object(policy, "p0")));

    private static async Task Pause(PushedSecret secret, Func<Task> begin, Func<Task> change)
    {
        secret.Cluster.Lease.PauseAtAws();
        await begin();
        await secret.Cluster.WhilePaused(change);
    }

    private static Task Quiet(PushedSecret secret) => secret.Cluster.WhilePaused(() => Task.CompletedTask);

    private static async Task<string> Reason(PushedSecret secret) =>
        (await secret.Cluster.Component("app-credentials")).Status!.Condition(Condition.Ready)!.Reason!;

    private sealed record Tag(string Key, string Value);
}
