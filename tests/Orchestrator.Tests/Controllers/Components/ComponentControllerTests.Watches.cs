using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>Watches for Components start and end with the objects that their handlers follow.</summary>
public sealed partial class ComponentControllerTests
{
    [Fact]
    public async Task An_invalid_spec_follows_nothing_and_a_corrected_one_follows_again()
    {
        await using var cluster = new ScriptedCluster(make);
        make.Answer(new HandlerAnswer.Done { Watches = [new(ResourceType.ConfigMap, new("default", "followed"), "0")] });
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        Assert.Equal(1, cluster.WatchCount);

        await cluster.PutComponent("a", """{"handler":"make","config":{"size":0}}""");
        await cluster.WhenQuiet();
        Assert.Equal(0, cluster.WatchCount);

        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        Assert.Equal(1, cluster.WatchCount);
    }

    [Fact]
    public async Task Components_that_follow_objects_of_one_kind_and_namespace_share_a_watch()
    {
        await using var cluster = new ScriptedCluster(make);
        make.Answer(new HandlerAnswer.Done
        {
            Watches = [.. Enumerable.Range(0, 100).Select(i => new WatchedResource(new("", "v1", "Service"), new("default", $"service-{i}"), "0"))],
        });
        string[] names = ["a", "b", "c"];
        foreach (var name in names)
            await cluster.PutComponent(name, """{"handler":"make"}""");
        await cluster.WhenQuiet();
        Assert.Equal(1, cluster.WatchCount);

        await cluster.Delete("a");
        await cluster.Delete("b");
        await cluster.WhenQuiet();
        Assert.Equal(1, cluster.WatchCount);
        await cluster.Delete("c");
        await cluster.WhenQuiet();
        Assert.Equal(0, cluster.WatchCount);
    }

    [Theory]
    [InlineData("handed over")]
    [InlineData("deleted")]
    public async Task The_watches_of_a_Component_that_is_no_longer_ours_are_dropped(string how)
    {
        await using var cluster = new ScriptedCluster(make);
        make.Answer(new HandlerAnswer.Done { Watches = [new(ResourceType.ConfigMap, new("default", "followed"), "0")], RecheckAfter = TimeSpan.FromDays(90) });
        await cluster.PutComponent("a", """{"handler":"make"}""");
        await cluster.WhenQuiet();
        Assert.Equal(1, cluster.WatchCount);

        if (how == "deleted")
        {
            await cluster.Delete("a");
        }
        else
        {
            await cluster.EditComponent("a", c =>
            {
                c["metadata"]!["finalizers"] = new JsonArray();
                c["spec"]!["handler"] = "rds";
            });
        }

        await cluster.WhenQuiet();
        Assert.Equal(0, cluster.WatchCount);
    }
}
