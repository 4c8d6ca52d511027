using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Scenarios that leave a secret behind: deletion, another name, region or account.</summary>
public sealed partial class SecretPushFaultMatrixTests
{
    private static Dictionary<string, Way> Departures() => new()
    {
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
        ["delete at once and create anew, always"] = new(
            async push =>
            {
                await Made(Always)(push);
                await push.Delete();
                push.Faults.DenyAlways("RestoreSecret");
            },
            push => push.Put(Two(Always))),
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
