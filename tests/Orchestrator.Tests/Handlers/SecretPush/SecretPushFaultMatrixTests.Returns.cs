using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Scenarios in which a secret or its Component is restored or recreated.</summary>
public sealed partial class SecretPushFaultMatrixTests
{
    private static Dictionary<string, Way> Returns() => new()
    {
        ["restore and regenerate"] = new(
            async push =>
            {
                await push.Put(Two());
                await Pass(push);
                await push.Delete();
            },
            push => push.Put(Two()))
        { Versions = 2 },
        ["restore and update"] = new(
            async push =>
            {
                await push.Put(Two(Always));
                await Pass(push);
                await push.Aws("DeleteSecret", new { SecretId = Name });
            },
            push => push.Annotate("look"))
        { Versions = 2 },
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
        ["restore and regenerate, always"] = new(
            async push =>
            {
                await Made(Always)(push);
                await push.Delete();
            },
            push => push.Put(Two(Always)))
        { Versions = 2 },
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
    };
}
