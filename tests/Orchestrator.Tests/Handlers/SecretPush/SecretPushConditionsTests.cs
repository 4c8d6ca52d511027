using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The generation of a secret's conditions.</summary>
public sealed class SecretPushConditionsTests
{
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";

    [Fact]
    public async Task SecretPushed_claims_no_generation_whose_value_was_refused()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        push.Faults.DenyAlways("UpdateSecret");
        var denied = await push.Put(Config(Always, username: "root"));
        Assert.Equal(("Failed", 3L), (denied.Status!.Phase, denied.Status.ObservedGeneration));
        Assert.Equal((2L, 2L, 3L), Generations(denied));

        push.Faults.Allow("UpdateSecret");
        Assert.Equal((3L, 3L, 3L), Generations(await push.Advance(TimeSpan.FromMinutes(7))));
    }

    [Fact]
    public async Task SecretPushed_claims_no_generation_whose_value_waits_to_be_seen()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        push.Faults.Queue("UpdateSecret", Fault.CutBefore, 3);
        var waiting = await push.Put(Config(Always, username: "root"));
        Assert.Equal("Deploying", waiting.Status!.Phase);
        Assert.Equal((2L, 2L, 3L), Generations(waiting));
        // Each failed attempt delays the next one.
        foreach (var minutes in new[] { 1, 1, 1, 5 })
            await push.Advance(TimeSpan.FromMinutes(minutes));
        Assert.Equal((3L, 3L, 3L), Generations(await push.Cluster.Component("app-credentials")));
    }

    [Fact]
    public async Task SecretPushed_claims_no_generation_whose_value_waits_for_the_write_budget()
    {
        await using var push = await StartAsync();
        for (var i = 0; i < 8; i++)
            await push.Put(Config(Always, username: $"user{i}"));
        var limited = await push.Cluster.Component("app-credentials");
        Assert.Equal("WriteBudget", limited.Status!.Condition("Limited")!.Reason);
        Assert.Equal((5L, 5L, 9L), Generations(limited));
        Assert.Equal(9L, limited.Status.Condition("Limited")!.ObservedGeneration);
        Assert.Equal((9L, 9L, 9L), Generations(await push.Advance(TimeSpan.FromMinutes(1))));
    }

    private static (long?, long?, long?) Generations(DeploymentOrchestrator.Api.Component component) => (
        component.Status!.Condition("SecretsGenerated")!.ObservedGeneration,
        component.Status.Condition("SecretPushed")!.ObservedGeneration,
        component.Status.Condition("Ready")!.ObservedGeneration);
}
