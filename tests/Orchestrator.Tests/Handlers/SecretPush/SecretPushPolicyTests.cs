using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>SecretPolicies decide before AWS is called, and their changes take effect at once.</summary>
public sealed class SecretPushPolicyTests
{
    private const string Names = "{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [myapp/*]}}";
    private const string OtherNames = "{namespaces: {matchLabels: {team: a}}, allow: {secretNames: [other/*]}}";

    [Fact]
    public async Task What_a_policy_allows_is_pushed()
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);

        Assert.Equal(Phase.Ready, (await secret.Put(PushedSecret.Config())).Status!.Phase);
        Assert.True(await secret.IsThere());
    }

    [Fact]
    public async Task What_no_policy_allows_is_denied_before_AWS_is_called_and_heals_when_the_policy_changes()
    {
        await using var secret = await PushedSecret.StartWalledAsync(OtherNames);

        var denied = await secret.Put(PushedSecret.Config());
        Assert.Equal(
            (Phase.Failed, "Denied", "secretName: SecretPolicy p0, allow.secretNames: secretName myapp/prod/credentials is not allowed; allowed is other/*"),
            (denied.Status!.Phase, denied.Status.Condition(Condition.Ready)!.Reason, denied.Status.Message));
        Assert.Empty(secret.Cluster.SecretsManager.Calls.Snapshot());

        await secret.PutPolicy(Names);
        Assert.Equal(Phase.Ready, (await secret.Cluster.Component("app-credentials")).Status!.Phase);
    }

    [Fact]
    public async Task A_denial_heals_when_the_labels_of_the_Namespace_change()
    {
        await using var secret = await PushedSecret.StartWalledAsync(OtherNames, Names.Replace("team: a", "team: b", StringComparison.Ordinal));
        Assert.Equal(Phase.Failed, (await secret.Put(PushedSecret.Config())).Status!.Phase);

        await secret.Label("b");

        Assert.Equal(Phase.Ready, (await secret.Cluster.Component("app-credentials")).Status!.Phase);
    }

    [Fact]
    public async Task A_deleted_policy_neither_allows_nor_demands_anything()
    {
        await using var secret = await PushedSecret.StartWalledAsync(OtherNames);
        Assert.Equal(Phase.Failed, (await secret.Put(PushedSecret.Config())).Status!.Phase);

        await secret.Cluster.Store.Delete(
            ResourceType.SecretPolicy, new(null, "p0"), new(), TestContext.Current.CancellationToken);
        await secret.Cluster.WhenQuiet();

        Assert.Equal(Phase.Ready, (await secret.Cluster.Component("app-credentials")).Status!.Phase);
    }

    [Theory]
    [InlineData("""{"roleArn": "arn:aws:iam::222222222222:role/team-a"}""", "so roleArn arn:aws:iam::222222222222:role/team-a is not allowed")]
    [InlineData("""{"adopt": true}""", "so adopt: true is not allowed")]
    [InlineData("""{"kmsKeyId": "arn:aws:kms:us-east-1:222222222222:alias/theirs"}""", "so a KMS key of account 222222222222 is not allowed")]
    public async Task Without_a_policy_nothing_reaches_into_other_accounts(string options, string message)
    {
        await using var secret = await PushedSecret.StartWalledAsync();

        var denied = await secret.Put(PushedSecret.Config(options));

        Assert.Equal((Phase.Failed, "Denied"), (denied.Status!.Phase, denied.Status.Condition(Condition.Ready)!.Reason));
        Assert.Contains(message, denied.Status.Message, StringComparison.Ordinal);
        Assert.False(await secret.IsThere());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"region": "eu-west-1"}""")]
    [InlineData("""{"kmsKeyId": "arn:aws:kms:us-east-1:000000000000:alias/ours"}""")]
    public async Task Without_a_policy_everything_within_the_account_is_pushed(string options)
    {
        await using var secret = await PushedSecret.StartWalledAsync();

        Assert.Equal(Phase.Ready, (await secret.Put(PushedSecret.Config(options))).Status!.Phase);
    }

    [Fact]
    public async Task Where_a_policy_is_required_a_namespace_without_one_pushes_nothing()
    {
        await using var secret = await PushedSecret.StartWalledAsync();
        secret.Cluster.RequiresPolicy = true;
        await secret.Cluster.Restart();

        Assert.Equal(
            "required: no SecretPolicy selects the namespace default, and this operator requires one: ask an administrator for a SecretPolicy that selects it",
            (await secret.Put(PushedSecret.Config())).Status!.Message);
        await secret.PutPolicy(Names);
        Assert.Equal(Phase.Ready, (await secret.Cluster.Component("app-credentials")).Status!.Phase);
    }

    [Fact]
    public async Task What_a_policy_demands_is_in_the_secret()
    {
        await using var secret = await PushedSecret.StartWalledAsync(
            "{namespaces: {}, allow: {secretNames: [myapp/*]}, mandatory: {region: eu-west-1, kmsKeyId: alias/team-a, tags: {cost-centre: '4711', "
            + "where: '{cluster}/{namespace}'}}}");

        var component = await secret.Put(PushedSecret.Config());

        Assert.Equal((Phase.Ready, "eu-west-1"), (component.Status!.Phase, (string)component.Status.ProviderStatus!["region"]!));
        var described = (await secret.Describe(region: "eu-west-1")).Ok();
        Assert.Equal("alias/team-a", described.Text("KmsKeyId"));
        var tags = described["Tags"]!.AsArray().ToDictionary(t => (string)t!["Key"]!, t => (string)t!["Value"]!);
        Assert.Equal(("4711", "test-cluster/default"), (tags["cost-centre"], tags["where"]));
        Assert.False(await secret.IsThere());
    }

    [Fact]
    public async Task A_new_demand_reaches_a_secret_that_is_Ready()
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        await secret.Put(PushedSecret.Config());

        await secret.PutPolicy("{namespaces: {}, mandatory: {tags: {cost-centre: '4711'}}}", "demand");

        Assert.Equal("4711", (await secret.Tags())["cost-centre"]);
        Assert.Equal(1, await secret.Versions());
    }

    [Fact]
    public async Task Nothing_is_created_without_the_tags_that_a_policy_demands()
    {
        await using var secret = await PushedSecret.StartWalledAsync(
            "{namespaces: {}, allow: {secretNames: [myapp/*]}, mandatory: {tags: {cost-centre: '4711'}}}");
        secret.Faults.Queue("CreateSecret", Fault.AccessDenied);

        var status = (await secret.Put(PushedSecret.Config("""{"tags":{"mine":"x"}}"""))).Status!;

        Assert.Equal((Phase.Failed, "Denied"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.Contains("with the tags that a SecretPolicy demands also secretsmanager:TagResource", status.Message, StringComparison.Ordinal);
        Assert.Equal(1, secret.Cluster.Calls("CreateSecret"));
        Assert.Equal(Phase.Ready, (await secret.Advance(TimeSpan.FromHours(1))).Status!.Phase);
        Assert.Equal("4711", (await secret.Tags())["cost-centre"]);
    }

    [Fact]
    public async Task A_demanded_tag_that_may_not_be_set_is_Denied_and_another_tag_is_omitted()
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        await secret.Put(PushedSecret.Config());
        secret.Faults.DenyAlways("TagResource");
        Assert.Equal(Phase.Ready, (await secret.Put(PushedSecret.Config("""{"tags":{"mine":"x"}}"""))).Status!.Phase);

        await secret.PutPolicy("{namespaces: {}, mandatory: {tags: {cost-centre: '4711'}}}", "demand");

        var status = (await secret.Cluster.Component("app-credentials")).Status!;
        Assert.Equal((Phase.Failed, "Denied"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.StartsWith("needs secretsmanager:TagResource", status.Message, StringComparison.Ordinal);
        secret.Faults.Allow("TagResource");
        Assert.Equal(Phase.Ready, (await secret.Advance(TimeSpan.FromHours(1))).Status!.Phase);
        Assert.Equal(("4711", "x"), ((await secret.Tags())["cost-centre"], (await secret.Tags())["mine"]));
        Assert.Equal(1, await secret.Versions());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("4712")]
    public async Task A_demanded_tag_that_is_removed_or_changed_is_corrected(string? byHand)
    {
        await using var secret = await PushedSecret.StartWalledAsync(
            "{namespaces: {}, allow: {secretNames: [myapp/*]}, mandatory: {tags: {cost-centre: '4711'}}}");
        await secret.Put(PushedSecret.Config("""{"tags":{"mine":"x"}}"""));
        await secret.Aws("UntagResource", new { SecretId = PushedSecret.Name, TagKeys = new[] { "mine", "cost-centre" } });
        if (byHand is not null)
            await secret.Aws("TagResource", new { SecretId = PushedSecret.Name, Tags = new[] { new { Key = "cost-centre", Value = byHand } } });

        await secret.Advance(TimeSpan.FromHours(1));

        var tags = await secret.Tags();
        // A tag that no policy demands keeps its last change, whoever made it.
        Assert.Equal(("4711", false, 1), (tags["cost-centre"], tags.ContainsKey("mine"), await secret.Versions()));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_denies_and_heals()
    {
        await using var secret = await PushedSecret.StartWalledAsync("{namespaces: {}, allow: {secretNames: [myapp/*]}, mandatry: {region: eu-west-1}}");

        Assert.StartsWith("SecretPolicy p0, unreadable: cannot be read: spec.mandatry: unknown key \"mandatry\"",
            (await secret.Put(PushedSecret.Config())).Status!.Message, StringComparison.Ordinal);

        await secret.PutPolicy(Names);
        Assert.Equal(Phase.Ready, (await secret.Cluster.Component("app-credentials")).Status!.Phase);
    }

    [Fact]
    public async Task A_Component_waits_for_the_Namespace_whose_labels_decide()
    {
        using var clients = new SecretsManagerClients(EmbeddedAws.Client(new("http://127.0.0.1:1")));
        var handler = new SecretPushHandler(clients, new("cluster", seesAll: true, () => []), new(null), new Unseen());
        var request = new HandlerRequest
        {
            Component = new() { Metadata = new() { Name = "app", Namespace = "new", Uid = "1" }, Spec = new() { Handler = handler.Name } },
            Config = PushedSecret.Config(),
            Remember = (_, _) => Task.CompletedTask,
        };

        var answers = new[] { await handler.Apply(request, CancellationToken.None), await handler.Delete(request, CancellationToken.None) };

        Assert.All(answers, answer => Assert.Equal(
            "waiting for the Namespace new, whose labels decide which SecretPolicies apply", Assert.IsType<HandlerAnswer.InProgress>(answer).Message));
    }

    [Fact]
    public async Task A_name_is_checked_after_its_references_are_resolved()
    {
        await using var secret = await PushedSecret.StartWalledAsync(Names);
        await secret.Cluster.Put(new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "names", ["namespace"] = "default" },
            ["data"] = new JsonObject { ["name"] = "team-b/db" },
        });
        await secret.Cluster.PutComponent(
            "names", JsonNode.Parse("""{"sources": [{"name": "names", "exports": [{"key": "name"}]}]}""")!.AsObject(), "config-reader");

        var denied = await secret.Put(PushedSecret.Config("""{"secretName": "{{ .names.providerStatus.name }}"}"""));

        Assert.StartsWith("secretName: SecretPolicy p0, allow.secretNames: secretName team-b/db is not allowed", denied.Status!.Message,
            StringComparison.Ordinal);
    }

    private sealed class Unseen : IPolicySource
    {
        public NamespacePolicies? Of(string @namespace) => null;
    }
}
