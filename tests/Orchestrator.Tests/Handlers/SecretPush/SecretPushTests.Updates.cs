using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>When AlwaysUpdate writes again: a slot, a field, a request, a policy; and the write budget.</summary>
public sealed partial class SecretPushTests
{
    [Fact]
    public async Task AlwaysUpdate_makes_up_for_missed_slots_with_one_version()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        push.Faults.DenyAlways("UpdateSecret");
        for (var i = 0; i < 62; i++)
            await push.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("Failed", (await push.Cluster.Component("app-credentials")).Status!.Phase);
        push.Faults.Allow("UpdateSecret");
        // By now a denied update is retried every hour.
        for (var i = 0; i < 2; i++)
            await push.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(1, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(2, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Ready", (await push.Cluster.Component("app-credentials")).Status!.Phase);
        Assert.Equal(2, await push.Versions());
    }

    [Fact]
    public async Task AlwaysUpdate_follows_a_field_a_request_and_the_policy_once_each()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        await push.Advance(TimeSpan.FromHours(5));
        await push.Put(Config(Always));
        Assert.Equal(2, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(10));
        await push.Put(Config(Always, username: "root"));
        Assert.Equal(3, await push.Versions());
        Assert.Equal("root", (string?)(await push.Value())["username"]);
        await push.Annotate("now");
        Assert.Equal(4, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(49));
        Assert.Equal(4, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(5, await push.Versions());
        await push.Put(Config());
        await push.Advance(TimeSpan.FromHours(3));
        Assert.Equal(5, await push.Versions());
    }

    [Fact]
    public async Task A_flapping_field_meets_the_budget_and_the_status_says_until_when()
    {
        await using var push = await StartAsync();
        for (var i = 0; i < 6; i++)
        {
            await push.Put(Config(Always, username: $"user{i}"));
            await push.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.Equal(5, await push.Versions());
        var waiting = (await push.Put(Config("""{"updatePolicy":"AlwaysUpdate","tags":{"meanwhile":"kept"}}""", username: "user5"))).Status!;
        Assert.Equal("Ready", waiting.Phase);
        Assert.StartsWith("a new value waits until 2026-01-01T00:16:00Z", waiting.Message!, StringComparison.Ordinal);
        Assert.Equal(("WriteBudget", waiting.Message), (waiting.Condition("Limited")?.Reason, waiting.Condition("Limited")?.Message));
        Assert.Equal("True", waiting.Condition("SecretPushed")?.Status);
        Assert.Equal(await push.VersionId(), (string?)waiting.ProviderStatus!["versionId"]);
        Assert.Equal("kept", (await push.Tags())["meanwhile"]);
        var ready = await push.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("Ready", ready.Status!.Phase);
        Assert.Null(ready.Status.Condition("Limited"));
        Assert.Equal(6, await push.Versions());
        Assert.Equal("user5", (string?)(await push.Value())["username"]);
    }

    [Theory]
    [InlineData("request")]
    [InlineData("policy")]
    public async Task The_reason_for_a_new_value_is_kept_while_it_waits_for_the_write_budget(string reason)
    {
        await using var push = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await push.Put(Config(Always, username: $"user{i}"));
            await push.Advance(TimeSpan.FromSeconds(15));
        }

        if (reason == "request")
        {
            await push.Annotate("now");
        }
        else
        {
            await push.Put(Config(username: "user4"));
            await push.Put(Config(Always, username: "user4"));
        }

        Assert.Equal(5, await push.Versions());
        await push.Cluster.Restart();
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromMinutes(14))).Status!.Phase);
        Assert.Equal(5, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(6, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(6, await push.Versions());
    }
}
