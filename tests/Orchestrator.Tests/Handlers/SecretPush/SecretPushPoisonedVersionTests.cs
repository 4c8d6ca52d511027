using DeploymentOrchestrator.Handlers.SecretPush;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Another client stages a version whose id looks like one of ours, with a false time (tests/field/version-id-of-the-far-future).</summary>
public sealed class SecretPushPoisonedVersionTests
{
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";
    private static readonly string Owner = new SecretOwner("test-cluster", "default", "app-credentials").OwnerDigest;
    private static readonly string Peer = new SecretOwner("test-cluster", "default", "peer").OwnerDigest;

    public static TheoryData<string, string> Lies
    {
        get
        {
            var lies = new TheoryData<string, string>();
            foreach (var stage in new[] { "AWSCURRENT", "AWSPENDING" })
            {
                foreach (var owner in new[] { Owner, Peer })
                {
                    foreach (var end in new[] { "9999999999-00", "9999999999-99", "4102444800-00" })
                        lies.Add(stage, $"do1-{owner}-aaaaaaaa-bbbbbbbbbbbb-{end}");
                }
            }

            return lies;
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    [InlineData("AWSCURRENT", "do1-aaaaaaaaaaaaaaaaaaaa-aaaaaaaa-bbbbbbbbbbbb-0000000000-57")]
    [InlineData("AWSPENDING", "do1-aaaaaaaaaaaaaaaaaaaa-aaaaaaaa-bbbbbbbbbbbb-0000000000-57")]
    public async Task A_version_of_the_far_future_neither_stops_the_refresh_nor_spoils_a_version_id(string stage, string lie)
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        await Stage(push, stage, lie.Replace("aaaaaaaaaaaaaaaaaaaa", Owner, StringComparison.Ordinal));
        for (var hour = 1; hour <= 3; hour++)
        {
            var status = (await push.Advance(TimeSpan.FromHours(1))).Status!;
            Assert.Equal(2 + hour, await push.Versions());
            Assert.Equal(await push.VersionId(), (string?)status.ProviderStatus!["versionId"]);
            Assert.Equal(push.Cluster.Time.GetUtcNow().ToUnixTimeSeconds(), VersionToken.Parse(await push.VersionId())!.Occasion);
            Assert.Null(status.Condition("Drifted"));
        }

        await push.LoseStatus();
        await push.Delete();
        Assert.False(await push.IsThere());
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_version_of_the_far_future_is_harmless_with_a_lost_status_too(string stage, string lie)
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        await Stage(push, stage, lie);
        await push.LoseStatus();
        await push.Advance(TimeSpan.FromHours(1));
        await push.LoseStatus();
        await push.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, await push.Versions());
        Assert.Equal(Owner, VersionToken.Parse(await push.VersionId())!.Owner);
    }

    [Fact]
    public async Task Under_IfNotExists_a_version_of_the_far_future_is_drift()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        var version = await push.VersionId();
        var lie = $"do1-{Owner}-aaaaaaaa-bbbbbbbbbbbb-9999999999-00";
        await Stage(push, "AWSCURRENT", lie);
        var status = (await push.Advance(TimeSpan.FromHours(1))).Status!;
        Assert.Equal($"the current version {lie} was written by another client", status.Condition("Drifted")!.Message);
        Assert.Equal((version, "2026-01-01T00:00:00Z"), ((string?)status.ProviderStatus!["versionId"], (string?)status.ProviderStatus["lastSyncTime"]));
        Assert.Equal(2, await push.Versions());
    }

    [Fact]
    public async Task A_status_that_recorded_a_version_of_the_far_future_recovers()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        var lie = $"do1-{Owner}-aaaaaaaa-bbbbbbbbbbbb-9999999999-00";
        await Stage(push, "AWSCURRENT", lie);
        var component = await push.Stored();
        var applied = component["status"]!["applied"]!;
        (applied["versionId"], applied["slot"], applied["writtenAt"]) = (lie, "2286-11-20T17:46:39Z", "2286-11-20T17:46:39Z");
        applied["pending"] = new System.Text.Json.Nodes.JsonObject { ["token"] = $"{lie[..^2]}01" };
        await push.Cluster.Store.ReplaceStatus(component, TestContext.Current.CancellationToken);
        await push.Cluster.WhenQuiet();
        await push.Advance(TimeSpan.FromHours(1));
        await push.Advance(TimeSpan.FromHours(1));
        Assert.Equal(push.Cluster.Time.GetUtcNow().ToUnixTimeSeconds(), VersionToken.Parse(await push.VersionId())!.Occasion);
    }

    [Fact]
    public async Task A_version_of_the_far_future_does_not_make_a_secret_ours()
    {
        await using var push = await StartAsync();
        (await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = $"do1-{Owner}-aaaaaaaa-bbbbbbbbbbbb-9999999999-00" })).Ok();
        Assert.Equal("AlreadyExists", (await push.Put(Config())).Status!.Condition("SecretPushed")!.Reason);
        await push.Delete();
        Assert.True(await push.IsThere());
    }

    private static async Task Stage(PushedSecret push, string stage, string versionId) =>
        (await push.Aws("PutSecretValue", new { SecretId = Name, SecretString = "theirs", ClientRequestToken = versionId, VersionStages = new[] { stage } }))
            .Ok();

    [Fact]
    public async Task A_token_already_used_for_another_value_is_not_written_twice()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        // The token of the next slot, guessed.
        var next = VersionToken.Parse(await push.VersionId())! is var token ? token with { Occasion = token.Occasion + 3600 } : null;
        (await push.Aws("PutSecretValue",
            new { SecretId = Name, SecretString = "theirs", ClientRequestToken = $"{next}", VersionStages = new[] { "AWSPENDING" } })).Ok();
        await push.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, await push.Versions());
        Assert.NotEqual($"{next}", await push.VersionId());
        Assert.NotNull((await push.Value())["password"]);
    }
}
