using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Components.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Components.SecretPush;

/// <summary>
/// Every way of secret-push, with every fault at every AWS call and every store write of it: answers lost, throttles, failures, a process that dies, and
/// one that is paused until another has taken over its work, and wakes before or after it asked for the lease. Afterwards: one new version where one was due and none
/// where not, one owner, a status that is true, nothing left behind, and nothing generated beyond the one interrupted attempt.
/// </summary>
public sealed class SecretPushFaultMatrixTests(ITestOutputHelper output)
{
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";
    private const int Fields = 2;

    private static readonly string[] AwsFaults = ["Throttle", "InternalError", "CutBefore", "CutAfter", "KilledBefore", "KilledAfter"];
    private static readonly string[] LostAnswers = ["CutAfter", "KilledBefore", "KilledAfter"];
    private static readonly string[] StoreFaults = ["KilledBefore", "KilledAfter"];

    private static readonly Dictionary<string, Way> Ways = new()
    {
        ["create"] = new(_ => Task.CompletedTask, push => push.Put(Two())) { DependsOnLags = true },
        ["update when due"] = new(push => push.Put(Two(Always)), push => push.Advance(TimeSpan.FromHours(1))) { Versions = 2 },
        ["key, description and tags"] = new(
            async push =>
            {
                await push.Put(Two("""{"tags":{"a":"1","b":"1"} }"""));
                await Pass(push);
            },
            push => push.Put(Two("""{"tags":{"a":"2"},"description":"d","kmsKeyId":"alias/x"}""")))
        { Generates = false },
        ["restore and regenerate"] = new(
            async push =>
            {
                await push.Put(Two());
                await Pass(push);
                await push.Delete();
            },
            push => push.Put(Two()))
        { Versions = 2 },
        ["delete of one just made"] = new(push => push.Put(Two()), push => push.Delete()) { Secret = null, Generates = false, DependsOnLags = true },
        ["delete of one not yet made"] = new(_ => Task.CompletedTask, async push =>
        {
            await push.Put(Two());
            await push.Delete();
        })
        { Secret = null, Generated = 0, DependsOnLags = true },
        ["rename of one just made"] = new(
            push => push.Put(Two()),
            push => push.Put(Two("""{"secretName":"myapp/other"}""")))
        { Secret = "myapp/other", DependsOnLags = true },
        ["rename of one not yet made"] = new(
            _ => Task.CompletedTask,
            async push =>
            {
                await push.Put(Two());
                await push.Put(Two("""{"secretName":"myapp/other"}"""));
            })
        { Secret = "myapp/other", Secrets = 2, DependsOnLags = true },
        ["delete at once and create anew"] = new(
            async push =>
            {
                await push.Put(Two());
                await Pass(push);
                await push.Delete();
                push.Faults.DenyAlways("RestoreSecret");
            },
            push => push.Put(Two()))
        { DependsOnLags = true },
        ["restore and update"] = new(
            async push =>
            {
                await push.Put(Two(Always));
                await Pass(push);
                await push.Aws("DeleteSecret", new { SecretId = Name });
            },
            push => push.Annotate("look"))
        { Versions = 2 },
        ["gone without us"] = new(
            async push =>
            {
                await push.Put(Two());
                await Pass(push);
                await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true });
            },
            push => push.Annotate("look"))
        { DependsOnLags = true },
        ["rename"] = new(
            async push =>
            {
                await push.Put(Two("""{"recoveryWindowInDays":0}"""));
                await Pass(push);
            },
            push => push.Put(Two("""{"secretName":"myapp/other","recoveryWindowInDays":0}""")))
        { Secret = "myapp/other", DependsOnLags = true },
        ["adopt"] = new(
            async push =>
            {
                await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Guid.Empty.ToString() });
                await Pass(push);
            },
            push => push.Put(Two("""{"adopt":true,"updatePolicy":"AlwaysUpdate"}""")))
        { Versions = 2 },
        ["ours without a value"] = new(
            async push =>
            {
                var owner = new[] { new { Key = "deployment-orchestrator.io/owner", Value = "test-cluster/default/app-credentials" } };
                await push.Aws("CreateSecret", new { Name, ClientRequestToken = Guid.Empty.ToString(), Tags = owner });
                await Pass(push);
            },
            push => push.Put(Two())),
        ["adopt one that is scheduled for deletion"] = new(
            async push =>
            {
                await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Guid.Empty.ToString() });
                await push.Aws("DeleteSecret", new { SecretId = Name });
                await Pass(push);
            },
            push => push.Put(Two("""{"adopt":true,"updatePolicy":"AlwaysUpdate"}""")))
        { Versions = 2 },
        ["take back what a gone Component had deleted"] = new(
            async push =>
            {
                await push.Put(Two(), "first");
                await Pass(push);
                await push.Delete("first");
            },
            push => push.Put(Two()))
        { Generates = false, Writer = false },
        ["take over"] = new(
            async push =>
            {
                await push.Put(Two(), "first");
                await Pass(push);
                await push.Put(Two());
            },
            async push =>
            {
                await push.Delete("first");
                await push.Cluster.Advance(TimeSpan.FromMinutes(2));
            })
        { Generates = false, Writer = false },
        ["delete"] = new(
            async push =>
            {
                await push.Put(Two());
                await Pass(push);
            },
            push => push.Delete())
        { Secret = null, Generates = false },
        ["delete at once"] = new(
            async push =>
            {
                await push.Put(Two("""{"recoveryWindowInDays":0}"""));
                await Pass(push);
            },
            push => push.Delete())
        { Secret = null, Generates = false },
    };

    public static TheoryData<string, bool> Names =>
        [.. Ways.Keys.Select(way => (way, false)), .. Ways.Where(way => way.Value.DependsOnLags).Select(way => (way.Key, true))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_converges_whatever_goes_wrong(string name, bool lags)
    {
        var way = Ways[name] with { Lags = lags };
        var (calls, writes, leased) = await Untroubled(way);
        var failures = new List<string>();
        var cells = 0;
        for (var i = 0; i < calls.Count; i++)
        {
            // Fields are generated side by side, and where AWS lags it is asked again and again: one of these stands for all.
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
            foreach (var fault in StoreFaults)
            {
                cells++;
                await Cell(way, $"{name}: store write #{i + 1}: {fault}", push => KillAtWrite(push, i, fault == "KilledAfter"), failures);
            }
        }

        for (var i = 0; !lags && i < leased; i++)
        {
            foreach (var holding in (bool[])[false, true])
            {
                cells++;
                await Cell(way, $"{name}: write #{i + 1}: Paused{(holding ? "Holding" : "")}", push => push.Cluster.Lease.PauseAt(i, holding), failures);
            }
        }

        output.WriteLine($"{name}{(lags ? ", AWS lags" : "")}: {string.Join(", ", calls)}; {writes} store writes; {cells} cells, {failures.Count} failures");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(cells > 5);
    }

    private static async Task Cell(Way way, string name, Action<PushedSecret> trouble, List<string> failures)
    {
        await using var push = await StartAsync(way.Lags);
        try
        {
            await way.Prepare(push);
            var generated = push.Cluster.Calls("GetRandomPassword");
            trouble(push);
            await way.Act(push);
            await push.Cluster.WhenQuiet();
            push.Cluster.Reach.Before = push.Cluster.Reach.After = (_, _) => Task.CompletedTask;
            if (name.Contains("Killed", StringComparison.Ordinal))
                await push.Cluster.Restart();
            if (name.Contains("Paused", StringComparison.Ordinal))
            {
                Assert.True(push.Cluster.Lease.Paused.IsCompleted, "the write was never reached");
                push.Cluster.TakeOver();
                await push.Cluster.WhenQuiet();
                var written = Written(push);
                await push.Cluster.WakePaused();
                if (!name.EndsWith("Holding", StringComparison.Ordinal))
                    Assert.Equal(written, Written(push));
            }

            await push.Cluster.WhenQuiet();
            await RunOn(push);
            await Check(push, way, push.Cluster.Calls("GetRandomPassword") - generated);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            failures.Add($"{name}: {e.Message}\n  {string.Join("\n  ", push.Cluster.SecretsManager.Calls.Snapshot().Select(c => $"{c.Time:mm:ss} {c.Operation} {c.SecretId} {c.ErrorCode}"))}");
        }
    }

    private static Task Pass(PushedSecret push) => push.Cluster.Advance(TimeSpan.FromMinutes(3));

    // Less than the shortest way to the next slot, and more than the two minutes in which not to be seen is not to be gone.
    private static async Task RunOn(PushedSecret push)
    {
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 300 })
            await push.Cluster.Advance(TimeSpan.FromSeconds(seconds));
    }

    private static async Task Check(PushedSecret push, Way way, int generated)
    {
        Assert.InRange(generated, way.Generates ? way.Generated ?? Fields : 0, way.Generates ? (way.Secrets + 1) * Fields : 0);
        var secrets = (await push.Aws("ListSecrets")).Ok()["SecretList"]!.AsArray().Select(s => (string)s!["Name"]!);
        Assert.Equal(way.Secret is null ? [] : [way.Secret], secrets);
        Assert.Equal(way.Secret is not null, await push.Exists());
        if (way.Secret is null)
            return;

        Assert.Equal(way.Versions, await push.Versions(way.Secret));
        Assert.Equal("test-cluster/default/app-credentials", (await push.Tags(way.Secret))["deployment-orchestrator.io/owner"]);
        var status = (await push.Cluster.Component("app-credentials")).Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.StartsWith("secret ", status.Message, StringComparison.Ordinal);
        Assert.Equal("True", status.Condition("SecretPushed")?.Status);
        Assert.Equal((await push.Describe(way.Secret)).Arn, (string?)status.ProviderStatus!["secretArn"]);
        Assert.Single(status.Applied!["targets"]!.AsArray());
        Assert.Null(status.Applied["pending"]);
        if (!way.Writer)
            return;
        Assert.Equal(await push.VersionId(way.Secret), (string?)status.ProviderStatus["versionId"]);
        Assert.Equal(1 + Fields, (int?)status.ProviderStatus["fieldCount"]);
        Assert.Equal(1 + Fields, (await push.Value(way.Secret)).Count);
    }

    private static async Task<(IReadOnlyList<string> Calls, int Writes, int Leased)> Untroubled(Way way)
    {
        await using var push = await StartAsync(way.Lags);
        await way.Prepare(push);
        var (before, generated, writes) = (push.Cluster.SecretsManager.Calls.Snapshot().Count, push.Cluster.Calls("GetRandomPassword"), 0);
        var asked = push.Cluster.Lease.Asked.Count;
        push.Cluster.Reach.Before = (call, _) =>
        {
            if (IsWrite(call))
                Interlocked.Increment(ref writes);
            return Task.CompletedTask;
        };
        await way.Act(push);
        await push.Cluster.WhenQuiet();
        var leased = push.Cluster.Lease.Asked.Count - asked;
        await RunOn(push);
        // What is always denied is no place for another fault.
        var calls = push.Cluster.SecretsManager.Calls.Snapshot().Skip(before).Where(c => c.ErrorCode != "AccessDeniedException").Select(c => c.Operation).ToList();
        var counted = writes;
        await Check(push, way, push.Cluster.Calls("GetRandomPassword") - generated);
        return (calls, counted, leased);
    }

    private static void Queue(PushedSecret push, string operation, int nth, string fault)
    {
        if (nth > 0)
            push.Faults.Queue(operation, Fault.None, nth);
        push.Faults.Queue(operation, fault switch
        {
            "Throttle" => Fault.Throttle,
            "InternalError" => Fault.InternalError,
            "CutBefore" or "KilledBefore" => Fault.CutBefore,
            _ => Fault.CutAfter,
        });
        // A killed process writes nothing any more: not what the answer that it never saw would have made it write, and nothing else.
        if (fault.StartsWith("Killed", StringComparison.Ordinal))
        {
            push.Cluster.Reach.Before = (call, _) => IsWrite(call) && push.Cluster.SecretsManager.Calls.Snapshot().Any(c => c.ErrorCode is "CutBefore" or "CutAfter")
                ? Kill(push)
                : Task.CompletedTask;
        }
    }

    private static void KillAtWrite(PushedSecret push, int nth, bool after)
    {
        var (begun, ended) = (0, 0);
        push.Cluster.Reach.Before = (call, _) => IsWrite(call) && Interlocked.Increment(ref begun) > (after ? nth + 1 : nth) ? Kill(push) : Task.CompletedTask;
        push.Cluster.Reach.After = (call, _) => after && IsWrite(call) && Interlocked.Increment(ref ended) > nth ? Kill(push) : Task.CompletedTask;
    }

    private static Task Kill(PushedSecret push)
    {
        push.Cluster.Kill();
        return Task.FromException(new OperationCanceledException("killed"));
    }

    private static (string Store, int Aws) Written(PushedSecret push) => (
        push.Cluster.Store.ResourceVersion(ResourceType.Component, null),
        push.Cluster.SecretsManager.Calls.Snapshot().Count(c => c.Operation is not ("DescribeSecret" or "GetRandomPassword" or "GetCallerIdentity")));

    private static bool IsWrite(string call) => call is "Replace" or "ReplaceStatus";

    private static JsonObject Two(string options = "{}", string username = "admin")
    {
        var config = Config(options, username);
        config["fields"]!["token"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 20 } };
        return config;
    }

    private sealed record Way(Func<PushedSecret, Task> Prepare, Func<PushedSecret, Task> Act)
    {
        /// <summary>The one secret there is afterwards; null for none.</summary>
        public string? Secret { get; init; } = Name;

        /// <summary>How many versions it has then.</summary>
        public int Versions { get; init; } = 1;

        /// <summary>A value is written on this way.</summary>
        public bool Generates { get; init; } = true;

        /// <summary>How many fields are generated at least, where that is not each once.</summary>
        public int? Generated { get; init; }

        /// <summary>How many secrets get a value on this way.</summary>
        public int Secrets { get; init; } = 1;

        /// <summary>Something is made or deleted at once on this way.</summary>
        public bool DependsOnLags { get; init; }

        /// <summary>AWS shows what was made or deleted only after a while.</summary>
        public bool Lags { get; init; }

        /// <summary>The Component itself wrote the value, on this way or before.</summary>
        public bool Writer { get; init; } = true;
    }
}
