using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>
/// Every way of secret-push, with every fault at every AWS call and every store write of it: answers lost, throttles, failures, a process that dies, and
/// one that is paused until another has taken over its work, and wakes before or after it asked for the lease. Afterwards: one new version where one was due and none
/// where not, one owner, a status that is true, nothing left behind, and nothing generated beyond the one interrupted attempt.
/// </summary>
/// <remarks>
/// The ways by the rows of the table in docs/reference/secret-lifecycle.md, IfNotExists | AlwaysUpdate:
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
/// <item><term>the same, adopt</term><description>adopt one that is scheduled for deletion, IfNotExists | adopt one that is scheduled for deletion</description></item>
/// <item><term>was ours, gone</term><description>gone without us | gone without us, always</description></item>
/// <item><term>in another account</term><description>another account without a role | the same, always; delete in another account without a role</description></item>
/// <item><term>changes of the spec</term><description>key, description and tags; rename (of one just made, not yet made, Retain); another region; another role of the
/// same account; a role of another account</description></item>
/// <item><term>recreate: Restore</term><description>restore under recreate: Restore | the same, always; denied</description></item>
/// <item><term>a backup</term><description>back from a backup with and without status, also after it was deleted; in a rebuilt cluster</description></item>
/// <item><term>deletion</term><description>delete; at once; Retain; of one just made; not yet made; of somebody else's; of one that another names; of one already
/// scheduled, also at once; with a config gone invalid, also with Retain in it</description></item>
/// </list>
/// Rotation that AWS does is left out: it ends at the first look, as every Conflict, and no write follows. A leader that is paused at a read is not in it
/// either: nothing is asked for between a read and the next write, so it is one that is paused at that write.
/// </remarks>
public sealed class SecretPushFaultMatrixTests(ITestOutputHelper output)
{
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";
    private const string Retain = """{"deletionPolicy":"Retain"}""";
    private const string Kept = """{"recreate":"Restore"}""";
    private const string KeptAlways = """{"recreate":"Restore","updatePolicy":"AlwaysUpdate"}""";
    private const string OtherAccount = "111111111111";
    private const int Fields = 2;

    // How often a store that answers 500 does so before it is well.
    private const int InARow = 3;

    // The first secret of a way, scheduled for deletion if it was made before the trouble came.
    private const string Perhaps = "perhaps";
    private const string Scheduled = $"{Name}, scheduled";

    private static readonly string[] AwsFaults = ["Throttle", "InternalError", "Rejected", "CutBefore", "CutAfter", "KilledBefore", "KilledAfter"];
    private static readonly string[] LostAnswers = ["CutAfter", "KilledBefore", "KilledAfter"];

    // A store that answers 429 or 500 is to its callers one that is not available: once, and for a while.
    private static readonly string[] StoreFaults = ["Lost", "Throttle", "InternalError", "Conflict", "KilledBefore", "KilledAfter"];

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
        ["delete of one just made"] = new(push => push.Put(Two()), push => push.Delete()) { Secret = null, Left = [Scheduled], Generates = false, DependsOnLags = true },
        ["delete of one not yet made"] = new(_ => Task.CompletedTask, async push =>
        {
            await push.Put(Two());
            await push.Delete();
        })
        { Secret = null, Left = [Perhaps], Generated = 0, DependsOnLags = true },
        ["rename of one just made"] = new(
            push => push.Put(Two()),
            push => push.Put(Two("""{"secretName":"myapp/other"}""")))
        { Secret = "myapp/other", Left = [Scheduled], DependsOnLags = true },
        ["rename of one not yet made"] = new(
            _ => Task.CompletedTask,
            async push =>
            {
                await push.Put(Two());
                await push.Put(Two("""{"secretName":"myapp/other"}"""));
            })
        { Secret = "myapp/other", Left = [Perhaps], Secrets = 2, DependsOnLags = true },
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
        { Secret = null, Left = [Scheduled], Generates = false },
        ["delete at once"] = new(
            async push =>
            {
                await push.Put(Two("""{"recoveryWindowInDays":0}"""));
                await Pass(push);
            },
            push => push.Delete())
        { Secret = null, Generates = false },
        ["create, always"] = new(_ => Task.CompletedTask, push => push.Put(Two(Always))),
        ["look when asked"] = new(Made(), push => push.Annotate("look")) { Generates = false },
        ["update when asked"] = new(Made(Always), push => push.Annotate("now")) { Versions = 2 },
        ["update for a field"] = new(Made(Always), push => push.Put(Two(Always, username: "root"))) { Versions = 2 },
        ["update for the policy"] = new(Made(), push => push.Put(Two(Always))) { Versions = 2 },
        ["a field under IfNotExists"] = new(Made(), push => push.Put(Two(username: "root"))) { Generates = false, Says = "fields changed" },
        ["lost status"] = new(Made(), push => push.LoseStatus()) { Generates = false },
        ["lost status, always"] = new(Made(Always), push => push.LoseStatus()) { Generates = false },
        ["ours without a value, always"] = new(Valueless, push => push.Put(Two(Always))),
        ["take over, always"] = new(
            async push =>
            {
                await push.Put(Two(), "first");
                await Pass(push);
                await push.Delete("first");
                await push.Aws("RestoreSecret", new { SecretId = Name });
            },
            push => push.Put(Two(Always)))
        { Generates = false, Writer = false },
        ["leave somebody else's"] = new(Theirs(), push => push.Put(Two())) { Generates = false, Writer = false, Owner = null, Targets = 0, Says = "the secret exists", Pushed = "False" },
        ["somebody else's, always"] = new(Theirs(), push => push.Put(Two(Always))) { Refused = "the secret " },
        ["adopt, IfNotExists"] = new(Theirs(), push => push.Put(Two("""{"adopt":true}"""))) { Generates = false, Writer = false, Pushed = "False" },
        ["adopt from a Component that stays"] = new(
            async push =>
            {
                await push.Put(Two(), "first");
                await Pass(push);
            },
            push => push.Put(Two("""{"adopt":true}""")))
        { Refused = "the secret ", Owner = "first" },
        ["restore"] = new(
            async push =>
            {
                await Made()(push);
                await push.Aws("DeleteSecret", new { SecretId = Name });
            },
            push => push.Annotate("look"))
        { Generates = false },
        ["restore, denied"] = new(
            async push =>
            {
                await Made()(push);
                await push.Aws("DeleteSecret", new { SecretId = Name });
                push.Faults.DenyAlways("RestoreSecret");
            },
            push => push.Annotate("look"))
        { Refused = "needs secretsmanager:RestoreSecret", IsScheduled = true, Owner = "app-credentials" },
        ["restore, denied, always"] = new(
            async push =>
            {
                await Made(Always)(push);
                await push.Aws("DeleteSecret", new { SecretId = Name });
                push.Faults.DenyAlways("RestoreSecret");
            },
            push => push.Annotate("look"))
        { Refused = "needs secretsmanager:RestoreSecret", IsScheduled = true, Owner = "app-credentials" },
        ["take back what a gone Component had deleted, always"] = new(
            async push =>
            {
                await push.Put(Two(Always), "first");
                await Pass(push);
                await push.Delete("first");
            },
            push => push.Put(Two(Always)))
        { Generates = false, Writer = false },
        ["restore and regenerate, always"] = new(
            async push =>
            {
                await Made(Always)(push);
                await push.Delete();
            },
            push => push.Put(Two(Always)))
        { Versions = 2 },
        ["delete at once and create anew, always"] = new(
            async push =>
            {
                await Made(Always)(push);
                await push.Delete();
                push.Faults.DenyAlways("RestoreSecret");
            },
            push => push.Put(Two(Always))),
        ["somebody else's, scheduled"] = new(Theirs(isScheduled: true), push => push.Put(Two())) { Refused = "the secret ", IsScheduled = true },
        ["somebody else's, scheduled, always"] = new(Theirs(isScheduled: true), push => push.Put(Two(Always))) { Refused = "the secret ", IsScheduled = true },
        ["adopt one that is scheduled for deletion, IfNotExists"] = new(Theirs(isScheduled: true), push => push.Put(Two("""{"adopt":true}""")))
        { Generates = false, Writer = false, Pushed = "False" },
        ["gone without us, always"] = new(
            async push =>
            {
                await Made(Always)(push);
                await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true });
            },
            push => push.Annotate("look")),
        ["rename, Retain"] = new(Made(Retain), push => push.Put(Two("""{"secretName":"myapp/other","deletionPolicy":"Retain"}"""))) { Secret = "myapp/other", Left = [Name] },
        ["another region"] = new(Made(), push => push.Put(Two("""{"region":"eu-west-1"}"""))) { Region = "eu-west-1", Left = [Scheduled] },
        ["another role of the same account"] = new(Made(), push => push.Put(Two("""{"roleArn":"arn:aws:iam::000000000000:role/writer"}"""))) { Generates = false },
        ["a role of another account"] = new(Made(), push => push.Put(Two($$"""{"roleArn":"arn:aws:iam::{{OtherAccount}}:role/writer"}"""))) { Account = OtherAccount, Left = [Scheduled] },
        ["another account without a role"] = new(
            async push =>
            {
                await Made()(push);
                await InOtherAccount(push);
            },
            push => push.Annotate("look"))
        { Refused = "the credentials are of account", Owner = "app-credentials" },
        ["another account without a role, always"] = new(
            async push =>
            {
                await Made(Always)(push);
                await InOtherAccount(push);
            },
            push => push.Annotate("look"))
        { Refused = "the credentials are of account", Owner = "app-credentials" },
        ["delete in another account without a role"] = new(
            async push =>
            {
                await Made()(push);
                await InOtherAccount(push);
                await push.Annotate("look");
            },
            push => push.Delete())
        { Refused = "the credentials are of account", Phase = "TerminationFailed", Owner = "app-credentials" },
        ["delete, Retain"] = new(Made(Retain), push => push.Delete()) { Generates = false, IsGone = true },
        ["delete of somebody else's"] = new(
            async push =>
            {
                await Theirs()(push);
                await push.Put(Two());
            },
            push => push.Delete())
        { Generates = false, IsGone = true, Owner = null },
        ["delete of one that another names"] = new(
            async push =>
            {
                await Made()(push);
                await push.Put(Two(), "second");
            },
            async push =>
            {
                await push.Delete();
                await push.Cluster.Advance(TimeSpan.FromMinutes(5));
            })
        { Generates = false, IsGone = true, Owner = "second" },
        ["delete of one already scheduled"] = new(
            async push =>
            {
                await Made()(push);
                await push.Aws("DeleteSecret", new { SecretId = Name, RecoveryWindowInDays = 7 });
            },
            push => push.Delete())
        { Generates = false, IsGone = true, IsScheduled = true },
        ["delete at once of one already scheduled"] = new(
            async push =>
            {
                await Made("""{"recoveryWindowInDays":0}""")(push);
                await push.Aws("DeleteSecret", new { SecretId = Name });
            },
            push => push.Delete())
        { Secret = null, Generates = false },
        ["restore under recreate: Restore"] = new(
            async push =>
            {
                await Made(Kept)(push);
                await push.Delete();
            },
            push => push.Put(Two(Kept)))
        { Generates = false },
        ["restore under recreate: Restore, always"] = new(
            async push =>
            {
                await Made(KeptAlways)(push);
                await push.Delete();
            },
            push => push.Put(Two(KeptAlways)))
        { Generates = false },
        ["restore under recreate: Restore, denied"] = new(
            async push =>
            {
                await Made(Kept)(push);
                await push.Delete();
                push.Faults.DenyAlways("RestoreSecret");
            },
            push => push.Put(Two(Kept)))
        { Refused = "needs secretsmanager:RestoreSecret", IsScheduled = true, Owner = "app-credentials" },
        ["back from a backup"] = new(FromBackup("{}", withStatus: false), Resume) { Generates = false },
        ["back from a backup, always"] = new(FromBackup(Always, withStatus: false), Resume) { Generates = false },
        ["back from a backup with its status"] = new(FromBackup("{}", withStatus: true), Resume) { Generates = false },
        ["back from a backup with its status, always"] = new(FromBackup(Always, withStatus: true), Resume) { Generates = false },
        ["back from a backup after it was deleted"] = new(FromBackup(Kept, withStatus: false, isDeleted: true), Resume) { Generates = false },
        ["back from a backup with its status after it was deleted"] = new(FromBackup(KeptAlways, withStatus: true, isDeleted: true), Resume) { Generates = false },
        ["back in a rebuilt cluster"] = new(FromBackup("{}", withStatus: false, "rebuilt"), Resume) { Generates = false, Cluster = "rebuilt" },
        ["back in a rebuilt cluster with its status, always"] = new(FromBackup(Always, withStatus: true, "rebuilt"), Resume) { Generates = false, Cluster = "rebuilt" },
        ["delete with a config gone invalid"] = new(
            async push =>
            {
                await Made("""{"recoveryWindowInDays":0}""")(push);
                await push.Put(Two("""{"secretName":"no name","recoveryWindowInDays":0}"""));
            },
            push => push.Delete())
        { Secret = null, Generates = false },
        ["delete with a config gone invalid, Retain"] = new(
            async push =>
            {
                await Made("""{"recoveryWindowInDays":0}""")(push);
                await push.Put(Two("""{"secretName":"no name","deletionPolicy":"Retain"}"""));
            },
            push => push.Delete())
        { Generates = false, IsGone = true },
    };

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
            // A write that comes too late for what is there by then has no end to lose.
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
            push.Cluster.Reach.Before = push.Cluster.Reach.After = (_, _) => Task.CompletedTask;
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
            failures.Add($"{name}: {e.Message}\n  {string.Join("\n  ", push.Cluster.SecretsManager.Calls.Snapshot().Select(c => $"{c.Time:mm:ss} {c.Operation} {c.SecretId} {c.ErrorCode}"))}");
        }
    }

    private static Func<PushedSecret, Task> Made(string options = "{}") => async push =>
    {
        await push.Put(Two(options));
        await Pass(push);
    };

    // Another process with the credentials of another account; it leaves the Component alone until somebody takes the annotation off.
    private static async Task InOtherAccount(PushedSecret push)
    {
        var component = await push.Stored();
        component["metadata"]!["annotations"] = new JsonObject { [ApiGroup.PausedAnnotation] = "true" };
        await push.Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
        push.Cluster.Credentials = AwsCredentialsSource.AccessKey(await push.AccessKeyOf(OtherAccount), "made-up-for-this-test");
        await push.Cluster.Restart();
        await push.Cluster.WhenQuiet();
    }

    // The operator leaves alone what is restored until somebody takes the annotation off.
    private static Func<PushedSecret, Task> FromBackup(string options, bool withStatus, string cluster = "test-cluster", bool isDeleted = false) => async push =>
    {
        await Made(options)(push);
        var backup = await push.BackUp();
        foreach (var component in backup)
            component["metadata"]!["annotations"] = new JsonObject { [ApiGroup.PausedAnnotation] = "true" };
        if (isDeleted)
            await push.Delete();
        push.Cluster.Identity = (cluster, ["test-cluster"]);
        await push.RestoreBackup(backup, withStatus);
    };

    private static async Task Resume(PushedSecret push)
    {
        var component = await push.Stored();
        component["metadata"]!.AsObject().Remove("annotations");
        await push.Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
        await push.Cluster.WhenQuiet();
    }

    private static Func<PushedSecret, Task> Theirs(bool isScheduled = false) => async push =>
    {
        await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Guid.Empty.ToString() });
        if (isScheduled)
            await push.Aws("DeleteSecret", new { SecretId = Name });
        await Pass(push);
    };

    private static async Task Valueless(PushedSecret push)
    {
        var owner = new[] { new { Key = "deployment-orchestrator.io/owner", Value = "test-cluster/default/app-credentials" } };
        await push.Aws("CreateSecret", new { Name, ClientRequestToken = Guid.Empty.ToString(), Tags = owner });
        await Pass(push);
    }

    private static Task Pass(PushedSecret push) => push.Cluster.Advance(TimeSpan.FromMinutes(3));

    // Less than the shortest way to the next slot, and more than the two minutes in which not to be seen is not to be gone.
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
            "ListSecretVersionIds", new { SecretId = way.Secret, IncludeDeprecated = true }, way.Region, await Key(push, way.Account))).Ok()["Versions"]!.AsArray().Count);
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
        push.Cluster.Reach.Before = (call, _) =>
        {
            if (IsWrite(call))
                Interlocked.Increment(ref writes);
            return Task.CompletedTask;
        };
        push.Cluster.Reach.After = (call, _) =>
        {
            if (IsWrite(call))
                Interlocked.Increment(ref stored);
            return Task.CompletedTask;
        };
        await way.Act(push);
        await RunOn(push);
        var leased = push.Cluster.Lease.Asked.Count - asked;
        // What is always denied is no place for another fault.
        var calls = push.Cluster.SecretsManager.Calls.Snapshot().Skip(before).Where(c => c.ErrorCode != "AccessDeniedException").Select(c => c.Operation).ToList();
        var counted = (writes, stored);
        await Check(push, way, push.Cluster.Calls("GetRandomPassword") - generated, interrupted: 0);
        return (calls, counted.writes, counted.stored, leased);
    }

    private static Trouble Queue(PushedSecret push, string operation, int nth, string fault)
    {
        var before = push.Cluster.SecretsManager.Calls.Snapshot().Count;
        bool HasCome() => push.Cluster.SecretsManager.Calls.Snapshot().Skip(before)
            .Any(c => c.ErrorCode is "ThrottlingException" or "Throttling" or "InternalServiceError" or "InternalFailure" or "InvalidParameterException" or "CutBefore" or "CutAfter");
        if (nth > 0)
            push.Faults.Queue(operation, Fault.None, nth);
        push.Faults.Queue(operation, fault switch
        {
            "Throttle" => Fault.Throttle,
            "InternalError" => Fault.InternalError,
            "Rejected" => Fault.Refusal("InvalidParameterException"),
            "CutBefore" or "KilledBefore" => Fault.CutBefore,
            _ => Fault.CutAfter,
        });
        // A killed process writes nothing any more: not what the answer that it never saw would have made it write, and nothing else.
        if (fault.StartsWith("Killed", StringComparison.Ordinal))
        {
            push.Cluster.Reach.Before = (call, _) => IsWrite(call) && HasCome() ? Kill(push) : Task.CompletedTask;
        }

        return new(HasCome);
    }

    // After its end; or at the next, where it came too late for what was there by then and had none.
    private static Trouble KillAtWrite(PushedSecret push, int nth, bool after)
    {
        var (begun, ended, killed) = (0, 0, false);
        push.Cluster.Reach.Before = (call, _) => IsWrite(call) && Interlocked.Increment(ref begun) > (after ? nth + 1 : nth) ? Die() : Task.CompletedTask;
        push.Cluster.Reach.After = (call, _) => after && IsWrite(call) && Interlocked.Increment(ref ended) > nth ? Die() : Task.CompletedTask;
        return new(() => Volatile.Read(ref killed));

        Task Die()
        {
            Volatile.Write(ref killed, true);
            return Kill(push);
        }
    }

    private static Trouble FailAtWrite(PushedSecret push, int nth, string fault)
    {
        var (begun, ended) = (0, 0);
        push.Cluster.Reach.Before = async (call, name) =>
        {
            if (!IsWrite(call))
                return;
            var write = Interlocked.Increment(ref begun) - 1;
            if (fault == "Conflict" && write == nth)
            {
                var component = await push.Stored(name);
                component["metadata"]!["labels"] = new JsonObject { ["somebody"] = "was-here" };
                await push.Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
            }

            if ((fault == "Throttle" && write == nth) || (fault == "InternalError" && write >= nth && write < nth + InARow))
                throw new ResourceException(ResourceError.Unavailable, fault);
        };
        push.Cluster.Reach.After = (call, _) => fault == "Lost" && IsWrite(call) && Interlocked.Increment(ref ended) == nth + 1
            ? Task.FromException(new ResourceException(ResourceError.Unavailable, "the answer was lost"))
            : Task.CompletedTask;
        return fault == "Lost"
            ? new(() => Volatile.Read(ref ended) > nth)
            : new(() => Volatile.Read(ref begun) > nth) { IsOver = () => Volatile.Read(ref begun) >= nth + (fault == "InternalError" ? InARow : 1) };
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

    /// <summary>A fault that is set. What never comes proves nothing.</summary>
    private sealed record Trouble(Func<bool> HasCome)
    {
        /// <summary>Whether it comes no more.</summary>
        public Func<bool> IsOver { get; init; } = HasCome;
    }

    private sealed record Way(Func<PushedSecret, Task> Prepare, Func<PushedSecret, Task> Act)
    {
        private const string Unsaid = "the Component's own";

        /// <summary>The one secret there is afterwards; null for none.</summary>
        public string? Secret { get; init; } = Name;

        /// <summary>How many versions it has then.</summary>
        public int Versions { get; init; } = 1;

        /// <summary>Where it is.</summary>
        public string Region { get; init; } = "us-east-1";

        /// <summary>The account it is in; null for the program's own.</summary>
        public string? Account { get; init; }

        /// <summary>Other secrets that are there afterwards, as <c>name</c> or <c>name, scheduled</c>, in the program's own region and account.</summary>
        public IReadOnlyList<string> Left { get; init; } = [];

        /// <summary>The secret is scheduled for deletion afterwards.</summary>
        public bool IsScheduled { get; init; }

        /// <summary>The Component is gone afterwards although there is a secret.</summary>
        public bool IsGone { get; init; }

        /// <summary>The Component whose the secret is by its tag; null for nobody's.</summary>
        public string? Owner { get; init; } = Unsaid;

        /// <summary>The cluster that the tag names.</summary>
        public string Cluster { get; init; } = "test-cluster";

        /// <summary>How the message begins of a Component that ends in a failure, of which nothing is written; null where it ends Ready.</summary>
        public string? Refused { get; init; }

        /// <summary>The phase of that failure.</summary>
        public string? Phase { get; init; }

        /// <summary>How the message begins.</summary>
        public string Says { get; init; } = "secret ";

        /// <summary>The condition SecretPushed.</summary>
        public string Pushed { get; init; } = "True";

        /// <summary>How many secrets are remembered.</summary>
        public int Targets { get; init; } = 1;

        public string? Possessor => Owner != Unsaid ? Owner : Refused is null ? "app-credentials" : null;

        public bool IsGenerating => Generates && Refused is null;

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
