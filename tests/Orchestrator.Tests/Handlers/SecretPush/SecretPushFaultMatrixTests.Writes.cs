using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Scenarios that end in a new or kept value: create, update, check.</summary>
public sealed partial class SecretPushFaultMatrixTests
{
    private static Dictionary<string, Way> Writes() => new()
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
        ["ours without a value"] = new(
            async push =>
            {
                var owner = new[] { new { Key = "deployment-orchestrator.io/owner", Value = "test-cluster/default/app-credentials" } };
                await push.Aws("CreateSecret", new { Name, ClientRequestToken = Guid.Empty.ToString(), Tags = owner });
                await Pass(push);
            },
            push => push.Put(Two())),
        ["create, always"] = new(_ => Task.CompletedTask, push => push.Put(Two(Always))),
        ["look when asked"] = new(Made(), push => push.Annotate("look")) { Generates = false },
        ["update when asked"] = new(Made(Always), push => push.Annotate("now")) { Versions = 2 },
        ["update for a field"] = new(Made(Always), push => push.Put(Two(Always, username: "root"))) { Versions = 2 },
        ["update for the policy"] = new(Made(), push => push.Put(Two(Always))) { Versions = 2 },
        ["a field under IfNotExists"] = new(Made(), push => push.Put(Two(username: "root"))) { Generates = false, Says = "fields changed" },
        ["lost status"] = new(Made(), push => push.LoseStatus()) { Generates = false },
        ["lost status, always"] = new(Made(Always), push => push.LoseStatus()) { Generates = false },
        ["ours without a value, always"] = new(Valueless, push => push.Put(Two(Always))),
    };
}
