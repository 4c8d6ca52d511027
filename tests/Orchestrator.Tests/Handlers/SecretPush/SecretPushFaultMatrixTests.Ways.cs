using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The ways of a secret: what was before, and what is done.</summary>
public sealed partial class SecretPushFaultMatrixTests
{
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
        ["delete of one just made"] =
            new(push => push.Put(Two()), push => push.Delete()) { Secret = null, Left = [Scheduled], Generates = false, DependsOnLags = true },
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
        ["leave somebody else's"] =
            new(Theirs(), push => push.Put(Two()))
            {
                Generates = false,
                Writer = false,
                Owner = null,
                Targets = 0,
                Says = "the secret exists",
                Pushed = "False"
            },
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
        ["rename, Retain"] =
            new(Made(Retain), push => push.Put(Two("""{"secretName":"myapp/other","deletionPolicy":"Retain"}"""))) { Secret = "myapp/other", Left = [Name] },
        ["another region"] = new(Made(), push => push.Put(Two("""{"region":"eu-west-1"}"""))) { Region = "eu-west-1", Left = [Scheduled] },
        ["another role of the same account"] =
            new(Made(), push => push.Put(Two("""{"roleArn":"arn:aws:iam::000000000000:role/writer"}"""))) { Generates = false },
        ["a role of another account"] =
            new(Made(), push => push.Put(Two($$"""{"roleArn":"arn:aws:iam::{{OtherAccount}}:role/writer"}"""))) { Account = OtherAccount, Left = [Scheduled] },
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
        ["back from a backup with its status after it was deleted"] =
            new(FromBackup(KeptAlways, withStatus: true, isDeleted: true), Resume) { Generates = false },
        ["back in a rebuilt cluster"] = new(FromBackup("{}", withStatus: false, "rebuilt"), Resume) { Generates = false, Cluster = "rebuilt" },
        ["back in a rebuilt cluster with its status, always"] =
            new(FromBackup(Always, withStatus: true, "rebuilt"), Resume) { Generates = false, Cluster = "rebuilt" },
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
}
