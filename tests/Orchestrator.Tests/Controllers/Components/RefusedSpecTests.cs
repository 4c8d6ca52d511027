using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>A refused spec is not validated again until something that it depends on changes.</summary>
public sealed class RefusedSpecTests
{
    private readonly ScriptedHandler make = new("make");

    [Fact]
    public async Task A_refused_spec_is_validated_once_however_often_it_is_reconciled()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("app", """{"handler":"make","config":{"size":0}}""");
        await cluster.RunUntilQuiet();
        for (var i = 0; i < 3; i++)
        {
            await cluster.Annotate("app", "somebody", $"wrote {i}");
            await cluster.RunUntilQuiet();
        }

        Assert.Equal(1, make.Validations);
        Assert.Equal(Phase.Failed, (await cluster.Component("app")).Status!.Phase);
    }

    [Fact]
    public async Task A_status_that_another_client_wrote_is_corrected()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("app", """{"handler":"make","config":{"size":0}}""");
        await cluster.RunUntilQuiet();
        await cluster.EditStatus("app", resource => resource["status"]!["phase"] = "Ready");
        await cluster.RunUntilQuiet();

        Assert.Equal(Phase.Failed, (await cluster.Component("app")).Status!.Phase);
    }

    [Fact]
    public async Task A_problem_that_depends_on_another_Component_is_checked_again_when_that_one_changes()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("db", """{"handler":"make","config":{"outputs":{"host":"one"}}}""");
        await cluster.PutComponent("app", """{"handler":"make","config":{"size":0,"with":"{{ .db.providerStatus.port }}"}}""");
        await cluster.RunUntilQuiet();
        Assert.Contains("(and 1 more)", (await cluster.Component("app")).Status!.Message, StringComparison.Ordinal);

        await cluster.PutComponent("db", """{"handler":"make","config":{"outputs":{"port":"1"}}}""");
        await cluster.RunUntilQuiet();
        Assert.DoesNotContain("more", (await cluster.Component("app")).Status!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Component_with_a_refused_spec_can_be_deleted_and_recreated_with_a_valid_one()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("app", """{"handler":"make","config":{"size":0}}""");
        await cluster.RunUntilQuiet();
        await cluster.Delete("app");
        await cluster.RunUntilQuiet();
        Assert.Null(await cluster.Find("app"));

        await cluster.PutComponent("app", """{"handler":"make","config":{"size":1}}""");
        await cluster.RunUntilQuiet();
        Assert.True((await cluster.Component("app")).IsReady());
    }
}
