using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>
/// Every scenario of secret-push, with every fault at each of its AWS calls and store writes: lost answers, throttles, failures, a process that is killed,
/// and one that is paused until another has taken over, and resumes before or after its lease check. Afterwards: one new version if one was due and
/// otherwise none, one owner, a correct status, nothing left behind, and nothing generated beyond the one interrupted attempt.
/// </summary>
/// <remarks>
/// The scenarios by the rows of the table in docs/reference/secret-lifecycle.md, IfNotExists | AlwaysUpdate:
/// <list type="table">
/// <item><term>no such secret</term><description>create | create, always</description></item>
/// <item><term>ours</term><description>look when asked, a field under IfNotExists, lost status | update when due, update when asked, update for a field,
/// update for the policy, lost status, always</description></item>
/// <item><term>ours, without a value</term><description>ours without a value | ours without a value, always</description></item>
/// <item><term>of one that is gone or going</term><description>take over | take over, always</description></item>
/// <item><term>somebody else's</term><description>leave somebody else's | somebody else's, always</description></item>
/// <item><term>the same, adopt</term><description>adopt, IfNotExists; adopt from a Component that stays | adopt</description></item>
/// <item><term>ours, scheduled</term><description>restore | restore and update</description></item>
/// <item><term>of a former life, scheduled</term><description>restore and regenerate | the same, always</description></item>
/// <item><term>of one that is gone, scheduled</term><description>take back what a gone Component had deleted | the same, always</description></item>
/// <item><term>of a former life, RestoreSecret denied</term><description>delete at once and create anew | the same, always</description></item>
/// <item><term>ours, scheduled, RestoreSecret denied</term><description>restore, denied | the same, always</description></item>
/// <item><term>somebody else's, scheduled</term><description>somebody else's, scheduled | the same, always</description></item>
/// <item><term>the same, adopt</term><description>adopt one that is scheduled for deletion, IfNotExists | adopt one that is scheduled for
/// deletion</description></item>
/// <item><term>was ours, gone</term><description>gone without us | gone without us, always</description></item>
/// <item><term>in another account</term><description>another account without a role | the same, always; delete in another account without a
/// role</description></item>
/// <item><term>changes of the spec</term><description>key, description and tags; rename (of one just made, not yet made, Retain); another region; another
/// role of the same account; a role of another account</description></item>
/// <item><term>recreate: Restore</term><description>restore under recreate: Restore | the same, always; denied</description></item>
/// <item><term>a backup</term><description>back from a backup with and without status, also after it was deleted; in a rebuilt
/// cluster</description></item>
/// <item><term>deletion</term><description>delete; at once; Retain; of one just made; not yet made; of somebody else's; of one that another names; of one
/// already scheduled, also at once; with a config gone invalid, also with Retain in it</description></item>
/// </list>
/// Rotation by AWS is left out: like every Conflict it ends at the first read, and no write follows. So is a leader paused at a read: nothing happens
/// between a read and the next write, so it equals one paused at that write.
/// </remarks>
public sealed partial class SecretPushFaultMatrixTests(ITestOutputHelper output)
{
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";
    private const string Retain = """{"deletionPolicy":"Retain"}""";
    private const string Kept = """{"recreate":"Restore"}""";
    private const string KeptAlways = """{"recreate":"Restore","updatePolicy":"AlwaysUpdate"}""";
    private const string OtherAccount = "111111111111";
    private const int Fields = 2;

    // How often in a row a store answers 500 before it recovers.
    private const int InARow = 3;

    // The first secret of a scenario, scheduled for deletion if it was created before the fault.
    private const string Perhaps = "perhaps";
    private const string Scheduled = $"{Name}, scheduled";

    private static readonly string[] AwsFaults = ["Throttle", "InternalError", "Rejected", "CutBefore", "CutAfter", "KilledBefore", "KilledAfter"];
    private static readonly string[] LostAnswers = ["CutAfter", "KilledBefore", "KilledAfter"];

    // To its callers, a store that answers 429 or 500 is unavailable: once, or for a while.
    private static readonly string[] StoreFaults = ["Lost", "Throttle", "InternalError", "Conflict", "KilledBefore", "KilledAfter"];

    // The scenarios: the preparation and the action.
    private static readonly Dictionary<string, Way> Ways = new([.. Writes(), .. Strangers(), .. Returns(), .. Departures()]);

    public static TheoryData<string, bool> Names =>
        [.. Ways.Keys.Select(way => (way, false)), .. Ways.Where(way => way.Value.DependsOnLags).Select(way => (way.Key, true))];

    [Theory(Explicit = true)]
    [MemberData(nameof(Names))]
    public async Task Secret_push_converges_after_any_fault_at_any_call(string name, bool lags)
    {
        var way = Ways[name] with { Lags = lags };
        var (calls, writes, stored, leased) = await Untroubled(way);
        var failures = new List<string>();
        var cells = 0;
        for (var i = 0; i < calls.Count; i++)
        {
            // Fields are generated concurrently, and a lagging AWS is polled: one of equal calls in a row stands for all.
            if (i > 0 && calls[i] == calls[i - 1])
                continue;
            var (operation, nth) = (calls[i], calls.Take(i).Count(c => c == calls[i]));
            foreach (var fault in lags ? LostAnswers : AwsFaults)
            {
                cells++;
                await Cell(way, $"{name}: {operation} #{nth + 1}: {fault}", push => Queue(push, operation, nth, fault), failures);
            }
        }

        for (var i = 0; i < writes; i++)
        {
            // A write that comes too late is refused, so it has no answer to lose.
            foreach (var fault in StoreFaults.Where(f => i < stored || f is not ("Lost" or "KilledAfter")))
            {
                cells++;
                await Cell(
                    way,
                    $"{name}: store write #{i + 1}: {fault}",
                    push => fault.StartsWith("Killed", StringComparison.Ordinal) ? KillAtWrite(push, i, fault == "KilledAfter") : FailAtWrite(push, i, fault),
                    failures);
            }
        }

        for (var i = 0; i < leased; i++)
        {
            foreach (var holding in (bool[])[false, true])
            {
                cells++;
                await Cell(way, $"{name}: write #{i + 1}: Paused{(holding ? "Holding" : "")}", push =>
                {
                    push.Cluster.Lease.PauseAt(i, holding);
                    return new(() => push.Cluster.Lease.Paused.IsCompleted);
                }, failures);
            }
        }

        output.WriteLine($"{name}{(lags ? ", AWS lags" : "")}: {string.Join(", ", calls)}; {writes} store writes; {cells} cells, {failures.Count} failures");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(cells > 5);
    }

    private static async Task Cell(Way way, string name, Func<PushedSecret, Trouble> make, List<string> failures)
    {
        await using var push = await StartAsync(way.Lags);
        try
        {
            await way.Prepare(push);
            var generated = push.Cluster.Calls("GetRandomPassword");
            var trouble = make(push);
            await way.Act(push);
            await push.Cluster.WhenQuiet();
            await RunOn(push, trouble.IsOver);
            Assert.True(trouble.HasCome(), "it never came to that");
            push.Cluster.Hooked.Before = push.Cluster.Hooked.After = (_, _) => Task.CompletedTask;
            if (name.Contains("Killed", StringComparison.Ordinal))
                await push.Cluster.Restart();
            if (name.Contains("Paused", StringComparison.Ordinal))
            {
                push.Cluster.TakeOver();
                await push.Cluster.WhenQuiet();
                var written = Written(push);
                await push.Cluster.WakePaused();
                if (!name.EndsWith("Holding", StringComparison.Ordinal))
                    Assert.Equal(written, Written(push));
            }

            await push.Cluster.WhenQuiet();
            await RunOn(push);
            await Check(push, way, push.Cluster.Calls("GetRandomPassword") - generated, interrupted: 1);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            var calls = push.Cluster.SecretsManager.Calls.Snapshot().Select(c => $"{c.Time:mm:ss} {c.Operation} {c.SecretId} {c.ErrorCode}");
            failures.Add($"{name}: {e.Message}\n  {string.Join("\n  ", calls)}");
        }
    }

    private static Task Pass(PushedSecret push) => push.Cluster.Advance(TimeSpan.FromMinutes(3));

    // Less than the shortest time to the next slot, and more than the two minutes in which a hidden secret does not count as deleted.
    private static async Task RunOn(PushedSecret push, Func<bool>? until = null)
    {
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 300, 5 })
        {
            if (until?.Invoke() == true)
                return;
            await push.Cluster.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    private static async Task Check(PushedSecret push, Way way, int generated, int interrupted)
    {
        Assert.InRange(generated, way.IsGenerating ? way.Generated ?? Fields : 0, way.IsGenerating ? (way.Secrets + interrupted) * Fields : 0);
        Assert.Equal(way.Secret is not null && !way.IsGone, await push.Exists());
        var isElsewhere = way.Region != "us-east-1" || way.Account is not null;
        var made = way.Secret is null ? [] : new[] { way.IsScheduled ? $"{way.Secret}, scheduled" : way.Secret };
        var left = way.Left.Where(l => l != Perhaps);
        if (isElsewhere)
            Assert.Equal(left, await NamesThere(push, "us-east-1", null));
        var there = await NamesThere(push, way.Region, way.Account);
        if (way.Left.Contains(Perhaps))
            there.Remove(Scheduled);
        Assert.Equal((isElsewhere ? made : [.. made, .. left]).Order(StringComparer.Ordinal), there);
        if (way.Refused is not null)
            Assert.Empty(await NamesThere(push, "us-east-1", OtherAccount));
        if (way.Secret is null)
            return;

        var secret = await push.Aws("DescribeSecret", new { SecretId = way.Secret }, way.Region, await Key(push, way.Account));
        Assert.Equal(way.IsScheduled, secret.Ok()["DeletedDate"] is not null);
        Assert.Equal(way.Versions, (await push.Aws(
            "ListSecretVersionIds", new { SecretId = way.Secret, IncludeDeprecated = true }, way.Region, await Key(push, way.Account)))
                .Ok()["Versions"]!.AsArray().Count);
        var tags = (secret["Tags"]?.AsArray() ?? []).ToDictionary(t => (string)t!["Key"]!, t => (string?)t!["Value"]);
        Assert.Equal(way.Possessor is null ? null : $"{way.Cluster}/default/{way.Possessor}", tags.GetValueOrDefault("deployment-orchestrator.io/owner"));
        if (way.IsGone)
            return;
        var status = (await push.Cluster.Component("app-credentials")).Status!;
        if (way.Refused is { } refused)
        {
            Assert.Equal(way.Phase ?? "Failed", status.Phase);
            Assert.StartsWith(refused, status.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal("Ready", status.Phase);
        Assert.StartsWith(way.Says, status.Message, StringComparison.Ordinal);
        Assert.Equal(way.Pushed, status.Condition("SecretPushed")?.Status);
        Assert.Equal(secret.Arn, (string?)status.ProviderStatus!["secretArn"]);
        Assert.Equal(way.Targets, status.Applied?["targets"]?.AsArray().Count ?? 0);
        Assert.Null(status.Applied?["pending"]);
        if (!way.Writer)
            return;
        var value = await push.Aws("GetSecretValue", new { SecretId = way.Secret }, way.Region, await Key(push, way.Account));
        Assert.Equal(value.Ok().Text("VersionId"), (string?)status.ProviderStatus["versionId"]);
        Assert.Equal(1 + Fields, (int?)status.ProviderStatus["fieldCount"]);
        Assert.Equal(1 + Fields, JsonNode.Parse(value.Text("SecretString"))!.AsObject().Count);
    }

    private static async Task<string> Key(PushedSecret push, string? account) => account is null ? "AKIDEXAMPLE" : await push.AccessKeyOf(account);

    private static async Task<List<string>> NamesThere(PushedSecret push, string region, string? account) =>
    [
        .. (await push.Aws("ListSecrets", new { IncludePlannedDeletion = true }, region, await Key(push, account))).Ok()["SecretList"]!.AsArray()
            .Select(s => s!["DeletedDate"] is null ? (string)s["Name"]! : $"{s["Name"]}, scheduled").Order(StringComparer.Ordinal),
    ];

    private static async Task<(IReadOnlyList<string> Calls, int Writes, int Stored, int Leased)> Untroubled(Way way)
    {
        await using var push = await StartAsync(way.Lags);
        await way.Prepare(push);
        var (before, generated) = (push.Cluster.SecretsManager.Calls.Snapshot().Count, push.Cluster.Calls("GetRandomPassword"));
        var (writes, stored) = (0, 0);
        var asked = push.Cluster.Lease.Asked.Count;
        push.Cluster.Hooked.Before = (call, _) =>
        {
            if (IsWrite(call))
                Interlocked.Increment(ref writes);
            return Task.CompletedTask;
        };
        push.Cluster.Hooked.After = (call, _) =>
        {
            if (IsWrite(call))
                Interlocked.Increment(ref stored);
            return Task.CompletedTask;
        };
        await way.Act(push);
        await RunOn(push);
        var leased = push.Cluster.Lease.Asked.Count - asked;
        // A call that is always denied gets no other fault.
        var calls = push.Cluster.SecretsManager.Calls.Snapshot().Skip(before).Where(c => c.ErrorCode != "AccessDeniedException")
            .Select(c => c.Operation).ToList();
        var counted = (writes, stored);
        await Check(push, way, push.Cluster.Calls("GetRandomPassword") - generated, interrupted: 0);
        return (calls, counted.writes, counted.stored, leased);
    }

    private static (string Store, int Aws) Written(PushedSecret push) => (
        push.Cluster.Store.ResourceVersion(ResourceType.Component, null),
        push.Cluster.SecretsManager.Calls.Snapshot().Count(c => c.Operation is not ("DescribeSecret" or "GetRandomPassword" or "GetCallerIdentity")));

    private static bool IsWrite(string call) => call is "Replace" or "ReplaceStatus";
}
