using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The number of versions of a secret in the long run, whatever happens to the process and around it.</summary>
public sealed class SecretPushLongRunTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact(Explicit = true)]
    public async Task IfNotExists_is_one_version_and_one_generation_over_a_thousand_reconciles_ten_restarts_and_three_failovers()
    {
        await using var push = await StartAsync();
        await push.Put(Two("{}"));
        var version = await push.VersionId();
        for (var i = 1; i <= 1000; i++)
        {
            if (i % 100 == 0)
                await push.Cluster.Restart();
            if (i % 300 == 0)
                await FailOver(push, i);
            if (i % 3 == 0)
            {
                // Drift: another client changes settings that we manage and others.
                await push.Aws("UpdateSecret", new { SecretId = Name, Description = $"theirs {i}", ClientRequestToken = Guid.Empty.ToString() });
                await push.Aws("TagResource", new { SecretId = Name, Tags = new[] { new { Key = "theirs", Value = $"{i}" } } });
            }

            if (i % 2 == 0)
                await push.Annotate($"{i}");
            else
                await push.Advance(Hour);
        }

        Assert.True(push.Cluster.Calls("DescribeSecret") >= 1000);
        Assert.Equal((1, version), (await push.Versions(), await push.VersionId()));
        Assert.Equal(2, push.Cluster.Calls("GetRandomPassword"));
        Assert.Equal(("Ready", "2026-01-01T00:00:00Z"), await StatusOf(push));
    }

    // The leader is paused until another has taken over, and resumes late; once with the lease already checked.
    private static async Task FailOver(PushedSecret push, int round)
    {
        push.Cluster.Lease.PauseAt(0, holding: round == 600);
        await push.Annotate($"at work {round}");
        Assert.True(push.Cluster.Lease.Paused.IsCompleted, "it was not at work");
        push.Cluster.TakeOver();
        await push.Cluster.WhenQuiet();
        await push.Cluster.WakePaused();
        await push.Cluster.WhenQuiet();
    }

    [Fact]
    public async Task AlwaysUpdate_at_ninety_days_is_a_new_version_every_ninety_days()
    {
        await using var push = await PushedSecret.StartAsync();
        var first = await push.Put(PushedSecret.Config("""{"updatePolicy":"AlwaysUpdate","refreshInterval":"2160h"}"""));
        Assert.Equal(Phase.Ready, first.Status!.Phase);

        await push.Cluster.Advance(TimeSpan.FromDays(89), TimeSpan.FromDays(1));
        Assert.Single(await Occasions(push));
        await push.Cluster.Advance(TimeSpan.FromDays(92), TimeSpan.FromDays(1));

        Assert.Equal(3, (await Occasions(push)).Count());
        Assert.Equal(Phase.Ready, (await push.Cluster.Component("app-credentials")).Status!.Phase);
    }

    [Fact(Explicit = true)]
    public async Task AlwaysUpdate_at_an_hour_is_24_new_versions_in_24_hours_whatever_else_happens()
    {
        await using var push = await StartAsync();
        await push.Put(Always());
        for (var quarter = 1; quarter <= 24 * 4; quarter++)
        {
            push.Cluster.Clock.Ahead = (quarter % 22) switch { 6 => Hour, 13 => -Hour, 0 => TimeSpan.Zero, _ => push.Cluster.Clock.Ahead };
            // Another process takes over from a killed one: after an update, before it, and in the middle of an hour.
            if (quarter == 16)
                push.Faults.Queue("UpdateSecret", Fault.CutAfter);
            if (quarter == 40)
                push.Faults.Queue("GetRandomPassword", Fault.CutBefore);
            if (quarter is 16 or 40 or 50)
                await push.Cluster.FailOver(() => push.Cluster.Advance(TimeSpan.FromMinutes(15)));
            else
                await push.Advance(TimeSpan.FromMinutes(15));
            if (quarter % 7 == 0)
                await push.Cluster.Restart();
            if (quarter % 9 == 0)
                await push.Put(
                    Always($$""","tags":{"edit":"{{quarter}}"},"description":"{{quarter}}","refreshInterval":"{{(quarter % 2 == 0 ? "1h" : "60m")}}" """));
            if (quarter % 10 == 0)
                await SetTimeouts(push, $"{quarter}m");
            if (quarter == 60)
                await push.LoseStatus();
            Assert.Equal(1 + (quarter / 4), await push.Versions());
        }

        // One generation for each version, and the interrupted one.
        Assert.Equal(25 + 1, push.Cluster.Calls("GetRandomPassword"));
        Assert.Equal(
            Enumerable.Range(0, 25).Select(hour => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour)), await Occasions(push));
        Assert.Equal(("Ready", "2026-01-02T00:00:00Z"), await StatusOf(push));
    }

    [Fact(Explicit = true)]
    public async Task A_field_that_changes_every_minute_is_written_as_often_as_the_budget_allows_and_the_status_says_until_when_it_waits()
    {
        await using var push = await StartAsync();
        var (minute, waits) = (0, 0);
        // After two hours every five minutes, which makes no difference to the budget, until the first versions are over a day old.
        for (; minute < 26 * 60; minute += minute < 121 ? 1 : 5)
        {
            await push.Put(Always(username: $"user{minute}"));
            var written = push.Cluster.SecretsManager.Calls.Snapshot().Count(c => c is { Operation: "CreateSecret" or "UpdateSecret", ErrorCode: null });
            Assert.InRange(written, (minute - 1) / 15, Math.Min(minute + 1, 5 + (minute / 15)));
            var status = (await push.Cluster.Component("app-credentials")).Status!;
            Assert.Equal("True", status.Condition("SecretPushed")?.Status);
            Assert.Equal("Ready", status.Phase);
            if (status.Condition("Limited") is not null)
            {
                waits++;
                // The fifth comes a minute after the first, and each later one 15 minutes after the previous one.
                var until = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes((15 * (((minute - 1) / 15) + 1)) + 1);
                Assert.StartsWith($"a new value waits until {until:yyyy-MM-dd'T'HH:mm:ss'Z'}: ", status.Message, StringComparison.Ordinal);
            }

            await push.Advance(TimeSpan.FromMinutes(minute < 121 ? 1 : 5));
        }

        Assert.True(waits > 250);
        // The embedded Secrets Manager keeps, as AWS does, each version for a day, and no more than 100.
        Assert.DoesNotContain(push.Cluster.SecretsManager.Calls.Snapshot(), c => c.ErrorCode == "LimitExceededException");
        await push.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal($"user{minute - 5}", (string?)(await push.Value())["username"]);
        Assert.Equal("Ready", (await push.Cluster.Component("app-credentials")).Status!.Phase);
    }

    private static JsonObject Always(string more = "", string username = "admin") => Config($$"""{"updatePolicy":"AlwaysUpdate"{{more}}}""", username);

    private static JsonObject Two(string options)
    {
        var config = Config(options);
        config["fields"]!["token"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 20 } };
        return config;
    }

    private static async Task SetTimeouts(PushedSecret push, string timeout)
    {
        var component = await push.Stored();
        component["spec"]!["deploymentTimeout"] = timeout;
        component["spec"]!["terminationTimeout"] = timeout;
        await push.Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
        await push.Cluster.WhenQuiet();
    }

    private static async Task<IEnumerable<DateTimeOffset>> Occasions(PushedSecret push) =>
        (await push.Aws("ListSecretVersionIds", new { SecretId = Name, IncludeDeprecated = true, MaxResults = 100 })).Ok()["Versions"]!.AsArray()
            .Select(v => VersionToken.Parse((string)v!["VersionId"]!)!.OccasionTime).Order();

    private static async Task<(string?, string?)> StatusOf(PushedSecret push)
    {
        var status = (await push.Cluster.Component("app-credentials")).Status!;
        return (status.Phase, (string?)status.ProviderStatus!["lastSyncTime"]);
    }
}
