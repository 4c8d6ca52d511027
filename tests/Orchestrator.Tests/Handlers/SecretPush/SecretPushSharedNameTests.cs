using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Resources;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Two Components of one cluster that name one secret (tests/field/two-components-one-secret): one owns it, the other waits for it.</summary>
public sealed class SecretPushSharedNameTests
{
    private const string Message = "the secret belongs to default/first, an existing Component of this cluster: choose another secretName here or there, "
        + "or remove that Component; then this one takes the secret over with its value";

    public static TheoryData<string> Options =>
        new("{}", """{"adopt":true}""", """{"updatePolicy":"AlwaysUpdate"}""", """{"updatePolicy":"AlwaysUpdate","adopt":true}""");

    [Theory]
    [MemberData(nameof(Options))]
    public async Task A_second_Component_is_in_Conflict_and_takes_the_secret_over_as_soon_as_the_first_is_deleted(string options)
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        var second = (await push.Put(Config(options), "second")).Status!;
        Assert.Equal(("Failed", Message), (second.Phase, second.Message));
        Assert.Equal(["SecretsGenerated=False AlreadyExists", "SecretPushed=False AlreadyExists", "Ready=False Conflict"],
            second.Conditions!.Select(c => $"{c.Type}={c.Status} {c.Reason}"));
        Assert.Equal(["secretArn", "secretName", "secretPath", "region"], second.ProviderStatus!.Select(o => o.Key));
        await push.Cluster.Advance(TimeSpan.FromHours(3));
        Assert.Equal(("test-cluster/default/first", 1), ((await push.Tags())["deployment-orchestrator.io/owner"], await push.Versions()));
        Assert.Single(push.Cluster.Events, "second: OwnershipConflict");

        await push.Delete("first");
        Assert.Contains("first: SecretLeft", push.Cluster.Events);
        Assert.Contains("second: SecretAdopted", push.Cluster.Events);
        second = (await push.Cluster.Component("second")).Status!;
        Assert.Equal(("Ready", "True"), (second.Phase, second.Condition("SecretPushed")!.Status));
        Assert.Equal("test-cluster/default/second", (await push.Tags())["deployment-orchestrator.io/owner"]);
        // Under AlwaysUpdate the next value was due.
        Assert.Equal(options.Contains("AlwaysUpdate", StringComparison.Ordinal) ? 2 : 1, await push.Versions());
        Assert.Contains(version, (await push.Describe()).Ok()["VersionIdsToStages"]!.AsObject().Select(v => v.Key));

        await push.Delete("second");
        Assert.False(await push.IsThere());
    }

    [Fact]
    public async Task Two_Components_that_swap_their_names_swap_their_secrets_with_their_values()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        await push.Put(Config("""{"secretName":"myapp/other"}"""), "second");
        var versions = (await push.VersionId(), await push.VersionId("myapp/other"));

        await push.Put(Config("""{"secretName":"myapp/other"}"""), "first");
        await push.Put(Config(), "second");
        await push.Cluster.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(("Ready", "Ready"), ((await push.Cluster.Component("first")).Status!.Phase, (await push.Cluster.Component("second")).Status!.Phase));
        Assert.Equal(versions, (await push.VersionId(), await push.VersionId("myapp/other")));
        Assert.Equal("test-cluster/default/second", (await push.Tags())["deployment-orchestrator.io/owner"]);
        Assert.DoesNotContain(push.Cluster.Events, e => e.EndsWith(": SecretDeleted", StringComparison.Ordinal));
    }

    // Sequence 771034: the first kept what it had, and the second waited for ever.
    [Theory]
    [InlineData("IfNotExists", "Ready")]
    [InlineData("AlwaysUpdate", "Failed")]
    public async Task The_second_takes_the_secret_over_though_the_first_names_a_secret_of_another_owner(string policy, string phase)
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        await push.Put(Config(), "second");
        await push.Aws("CreateSecret", new { Name = "myapp/other", SecretString = "theirs", ClientRequestToken = "00000000-0000-0000-0000-000000000001" });

        var first = await push.Put(Config($$"""{"secretName":"myapp/other","updatePolicy":"{{policy}}"}"""), "first");
        await push.Cluster.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((phase, "Ready"), (first.Status!.Phase, (await push.Cluster.Component("second")).Status!.Phase));
        Assert.Equal((version, "test-cluster/default/second"), (await push.VersionId(), (await push.Tags())["deployment-orchestrator.io/owner"]));
        Assert.Contains("first: SecretLeft", push.Cluster.Events);
        Assert.DoesNotContain(push.Cluster.Events, e => e.Contains("SecretDeleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_Component_takes_the_secret_over_as_soon_as_the_first_names_another()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        await push.Put(Config(), "second");
        await push.Put(Config("""{"secretName":"myapp/other"}"""), "first");
        await push.Cluster.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("Ready", "Ready"), ((await push.Cluster.Component("first")).Status!.Phase, (await push.Cluster.Component("second")).Status!.Phase));
        Assert.Equal((version, "test-cluster/default/second"), (await push.VersionId(), (await push.Tags())["deployment-orchestrator.io/owner"]));
    }

    [Fact]
    public async Task Adopt_takes_nothing_while_the_first_Component_cannot_release_the_secret()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        (await push.Aws("CreateSecret", new { Name = "myapp/theirs", SecretString = "theirs", ClientRequestToken = AwsJsonClient.NewToken() })).Ok();
        await push.Put(Config("""{"secretName":"myapp/theirs"}"""), "first");
        Assert.Equal(("Failed", Message),
            ((await push.Put(Config("""{"adopt":true}"""), "second")).Status!.Phase, (await push.Cluster.Component("second")).Status!.Message));

        await push.Put(Config(), "first");
        Assert.Equal(1, await push.Versions());
        Assert.Equal("True", (await push.Cluster.Component("first")).Status!.Condition("SecretPushed")!.Status);
    }

    [Fact]
    public async Task Of_two_Components_created_at_once_one_creates_the_secret_and_the_others_message_names_it()
    {
        await using var push = await StartAsync();
        await Task.WhenAll(push.Cluster.PutComponent("first", Config()), push.Cluster.PutComponent("second", Config()));
        await push.Cluster.WhenQuiet();
        await push.Cluster.Advance(TimeSpan.FromMinutes(10));
        var both = new[] { await push.Cluster.Component("first"), await push.Cluster.Component("second") };
        var winner = Assert.Single(both, c => c.Status!.Phase == Phase.Ready);
        var other = Assert.Single(both, c => c.Status!.Phase == Phase.Failed);
        Assert.StartsWith($"the secret belongs to default/{winner.Metadata.Name}, ", other.Status!.Message, StringComparison.Ordinal);
        Assert.Equal((1, $"test-cluster/default/{winner.Metadata.Name}"), (await push.Versions(), (await push.Tags())["deployment-orchestrator.io/owner"]));
    }

    [Fact]
    public async Task A_second_Component_in_another_namespace_is_in_Conflict_too()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        await push.Cluster.Put(NewResource.Namespace("team-b"));
        await push.Cluster.Put(NewResource.Component("team-b", "second", "secret-push", Config()));
        await push.Cluster.WhenQuiet();
        Assert.Equal(("Failed", Message),
            ((await push.Cluster.Component("second", "team-b")).Status!.Phase, (await push.Cluster.Component("second", "team-b")).Status!.Message));
        await push.Delete("first");
        Assert.Equal("Ready", (await push.Cluster.Component("second", "team-b")).Status!.Phase);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task A_secret_is_left_to_one_in_Conflict_whose_secretName_is_a_reference()
    {
        await using var push = await StartAsync();
        await push.Cluster.Put(NewResource.ConfigMap("default", "names", ("secret", Name)));
        await push.Cluster.PutComponent("names", new JsonObject
        {
            ["sources"] = new JsonArray(new JsonObject { ["name"] = "names", ["exports"] = new JsonArray(new JsonObject { ["key"] = "secret" }) }),
        }, "config-reader");
        await push.Put(Config("""{"recoveryWindowInDays":0}"""), "first");
        var version = await push.VersionId();
        await push.Put(Config("""{"secretName":"{{ .names.providerStatus.secret }}","updatePolicy":"AlwaysUpdate"}"""), "second");
        await push.Delete("first");
        Assert.Equal(0, push.Cluster.Calls("DeleteSecret"));
        Assert.Equal("Ready", (await push.Cluster.Component("second")).Status!.Phase);
        Assert.Contains(version, (await push.Describe()).Ok()["VersionIdsToStages"]!.AsObject().Select(v => v.Key));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task A_foreign_current_version_does_not_hide_an_owner_that_may_not_tag(string options)
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways("TagResource");
        push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        await push.Put(Config(), "first");
        Assert.Empty(await push.Tags());
        foreach (var value in new[] { "theirs", "again", "and again" })
        {
            (await push.Aws("PutSecretValue", new { SecretId = Name, SecretString = value, ClientRequestToken = AwsJsonClient.NewToken() })).Ok();
            Assert.Equal(("Failed", Message),
                ((await push.Put(Config(options), "second")).Status!.Phase, (await push.Cluster.Component("second")).Status!.Message));
            await push.Delete("second");
        }

        Assert.True(await push.IsThere());
    }

    [Fact]
    public async Task A_secret_taken_over_from_a_deleted_Component_without_a_tag_is_taken_by_no_other()
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways("TagResource");
        push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "gone");
        await push.Delete("gone");
        await push.Put(Config(), "first");
        Assert.Equal(("Failed", Message), ((await push.Put(Config(), "second")).Status!.Phase, (await push.Cluster.Component("second")).Status!.Message));
        Assert.Equal("Ready", (await push.Cluster.Component("first")).Status!.Phase);
        await push.Delete("first");
        Assert.Equal("Ready", (await push.Cluster.Component("second")).Status!.Phase);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task Only_the_status_shows_a_takeover_without_a_tag()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "gone");
        await push.Delete("gone");
        push.Faults.DenyAlways("TagResource");
        var heir = (await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "heir")).Status!;
        Assert.Equal(("Ready", "True"), (heir.Phase, heir.Condition("Limited")!.Status));
        Assert.Equal("test-cluster/default/gone", (await push.Tags())["deployment-orchestrator.io/owner"]);

        // It may still inherit the secret, so a lost status does no harm.
        await push.LoseStatus("heir");
        await push.Cluster.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("Ready", (await push.Cluster.Component("heir")).Status!.Phase);
        Assert.Equal("Ready", (await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "gone")).Status!.Phase);
        await push.Cluster.Advance(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));
        Assert.Equal("Conflict", (await push.Cluster.Component("heir")).Status!.Condition("Ready")!.Reason);

        // The secret belongs to the heir again, and is deleted with it.
        await push.Delete("gone");
        await push.Put(Config(), "heir");
        await push.Delete("heir");
        Assert.False(await push.IsThere());
    }
}
