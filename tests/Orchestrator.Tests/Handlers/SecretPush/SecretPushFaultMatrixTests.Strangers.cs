using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Scenarios with a foreign secret: left alone, adopted, taken over.</summary>
public sealed partial class SecretPushFaultMatrixTests
{
    private static Dictionary<string, Way> Strangers() => new()
    {
        ["adopt"] = new(
            async push =>
            {
                await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Guid.Empty.ToString() });
                await Pass(push);
            },
            push => push.Put(Two("""{"adopt":true,"updatePolicy":"AlwaysUpdate"}""")))
        { Versions = 2 },
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
        ["take back what a gone Component had deleted, always"] = new(
            async push =>
            {
                await push.Put(Two(Always), "first");
                await Pass(push);
                await push.Delete("first");
            },
            push => push.Put(Two(Always)))
        { Generates = false, Writer = false },
        ["somebody else's, scheduled"] = new(Theirs(isScheduled: true), push => push.Put(Two())) { Refused = "the secret ", IsScheduled = true },
        ["somebody else's, scheduled, always"] = new(Theirs(isScheduled: true), push => push.Put(Two(Always))) { Refused = "the secret ", IsScheduled = true },
        ["adopt one that is scheduled for deletion, IfNotExists"] = new(Theirs(isScheduled: true), push => push.Put(Two("""{"adopt":true}""")))
        { Generates = false, Writer = false, Pushed = "False" },
    };
}
