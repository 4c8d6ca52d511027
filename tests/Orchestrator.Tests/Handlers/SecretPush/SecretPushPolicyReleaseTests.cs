using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>SecretPolicies decide about each secret that a status names, before it is released or deleted.</summary>
public sealed class SecretPushPolicyReleaseTests
{
    private const string Role = "arn:aws:iam::222222222222:role/team-a";
    private const string Names = "{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [myapp/*]}}";
    private const string OtherNames = "{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [other/*]}}";

    [Fact]
    public async Task A_deletion_waits_while_no_policy_allows_the_secret_and_continues_when_one_does()
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        await secret.Put(PushedSecret.Config());
        await secret.PutPolicy(OtherNames);

        await secret.Delete();
        var waiting = await secret.Cluster.Component("app-credentials");
        Assert.Equal("Denied", waiting.Status!.Condition(Condition.Ready)!.Reason);
        Assert.StartsWith("cannot release myapp/prod/credentials: secretName: SecretPolicy p0, allow.secretNames:", waiting.Status.Message,
            StringComparison.Ordinal);
        Assert.True(await secret.IsThere());

        await secret.PutPolicy(Names);
        // Two reconciles caused by changes are a second apart.
        await secret.Cluster.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await secret.Exists());
        Assert.False(await secret.IsThere());
    }

    [Fact]
    public async Task A_deletion_that_waits_ends_with_Retain()
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        await secret.Put(PushedSecret.Config());
        await secret.PutPolicy(OtherNames);
        await secret.Delete();

        await secret.Cluster.PutComponent("app-credentials", PushedSecret.Config("""{"deletionPolicy": "Retain"}"""));
        await secret.Cluster.WhenQuiet();

        Assert.False(await secret.Exists());
        Assert.True(await secret.IsThere());
    }

    [Fact]
    public async Task A_Component_that_was_never_allowed_is_deleted_at_once()
    {
        await using var secret = await PushedSecret.StartWalledAsync(OtherNames);
        await secret.Put(PushedSecret.Config());

        await secret.Delete();

        Assert.False(await secret.Exists());
        Assert.Empty(secret.Cluster.SecretsManager.Calls.Snapshot());
    }

    [Fact]
    public async Task A_rename_leaves_the_former_secret_where_it_is_no_longer_allowed()
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        await secret.Put(PushedSecret.Config());
        await secret.PutPolicy(OtherNames);

        var renamed = await secret.Put(PushedSecret.Config("""{"secretName": "other/credentials"}"""));

        Assert.Contains("cannot release myapp/prod/credentials", renamed.Status!.Message, StringComparison.Ordinal);
        Assert.True(await secret.IsThere());
        Assert.True(await secret.IsThere("other/credentials"));
    }

    [Theory]
    [InlineData("Retain", "{}", true)]
    [InlineData("Delete", "{}", false)]
    [InlineData("Delete", """{"deletionPolicy": "Retain"}""", true)]
    public async Task A_demanded_deletionPolicy_holds_at_the_deletion(string demanded, string options, bool stays)
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        await secret.Put(PushedSecret.Config(options));
        await secret.PutPolicy($"{{namespaces: {{}}, mandatory: {{deletionPolicy: {demanded}}}}}", "demand");

        await secret.Delete();

        Assert.Equal(stays, await secret.IsThere());
    }

    [Fact]
    public async Task A_default_is_no_new_place_for_a_deletion()
    {
        await using var secret = await PushedSecret.StartWalledAsync(
            "{namespaces: {}, allow: {secretNames: [myapp/*], regions: [eu-west-1]}, defaults: {region: eu-west-1}}");
        await secret.Put(PushedSecret.Config());
        Assert.True(await secret.IsThere(region: "eu-west-1"));

        await secret.Delete();

        Assert.False(await secret.Exists());
        Assert.False(await secret.IsThere(region: "eu-west-1"));
    }

    [Theory]
    [InlineData("defaults: {region: eu-west-1}")]
    [InlineData("mandatory: {region: eu-west-1}")]
    public async Task A_secret_that_another_Component_names_by_what_a_policy_fills_in_stays(string filled)
    {
        await using var secret = await PushedSecret.StartWalledAsync($"{{namespaces: {{}}, allow: {{secretNames: [myapp/*]}}, {filled}}}");
        await secret.Put(PushedSecret.Config());
        await secret.Cluster.PutComponent("other", PushedSecret.Config());
        await secret.Cluster.WhenQuiet();

        await secret.Delete();

        Assert.True(await secret.IsThere(region: "eu-west-1"));
        Assert.Contains("app-credentials: SecretLeft", secret.Cluster.Events);
    }

    [Theory]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:myapp/prod/credentials-AbCdEf", "us-east-1", Role)]
    [InlineData(null, "us-east-1", Role)]
    [InlineData(null, "eu-west-1", null)]
    public async Task A_role_or_region_in_the_state_that_is_not_allowed_is_not_used(string? arn, string region, string? role)
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        await secret.Put(PushedSecret.Config());
        await Forge(secret, new JsonObject { ["name"] = PushedSecret.Name, ["region"] = region, ["arn"] = arn, ["roleArn"] = role });
        var calls = Calls(secret);

        await secret.Delete();

        Assert.Equal("Denied", (await secret.Cluster.Component("app-credentials")).Status!.Condition(Condition.Ready)!.Reason);
        Assert.Equal(calls, Calls(secret));
    }

    [Fact]
    public async Task The_ARN_of_another_secret_in_the_state_is_not_used()
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        var theirs = (await secret.Aws("CreateSecret", new { Name = "theirs", SecretString = "x", ClientRequestToken = new string('a', 36) })).Ok().Text("ARN");
        await secret.Put(PushedSecret.Config());
        await Forge(secret, new JsonObject { ["name"] = "myapp/other", ["region"] = "us-east-1", ["arn"] = theirs });

        await secret.Delete();

        Assert.False(await secret.Exists());
        Assert.True(await secret.IsThere("theirs"));
    }

    private static int Calls(PushedSecret secret) => secret.Cluster.SecretsManager.Calls.Snapshot().Count;

    private static async Task Forge(PushedSecret secret, JsonObject target)
    {
        var component = await secret.Stored();
        component["status"]!["applied"]!["targets"] = new JsonArray(target);
        await secret.Cluster.Store.ReplaceStatus(component, TestContext.Current.CancellationToken);
        await secret.Cluster.WhenQuiet();
    }
}
