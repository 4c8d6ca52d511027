using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>A rival that reverts a child at once causes no hot loop in the Composition controller.</summary>
public sealed class RivalTests
{
    private const int Many = 300;

    [Theory]
    [InlineData("spec")]
    [InlineData("labels")]
    public async Task A_rival_that_reverts_a_child_at_once_causes_few_writes(string what)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await cluster.Put(new()
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = "Composition",
            ["metadata"] = new JsonObject { ["name"] = "one", ["namespace"] = "default" },
            ["spec"] = JsonNode.Parse(
                """{"components":[{"name":"db","type":"secret-push","config":{"secretName":"db","fields":{"p":{"generator":{"passwordLength":20}}}}}]}"""),
        });
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var writes = 0;
        cluster.Hooked.After = async (call, name) =>
        {
            if (name == "one-db" && call == "Replace" && Interlocked.Increment(ref writes) < Many)
                await Rival();
        };
        await Rival();
        await cluster.WhenQuiet();
        Assert.InRange(writes, 1, 10);
        await cluster.Advance(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1));
        Assert.InRange(writes, 7, 20);

        // Once the rival stops, the child matches its entry.
        cluster.Hooked.After = (_, _) => Task.CompletedTask;
        await cluster.Advance(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1));
        var child = await cluster.Component("one-db");
        Assert.Equal((null, "db"), (child.Spec.DeploymentTimeout, child.Metadata.Label(ApiGroup.ComponentLabel)));

        async Task Rival()
        {
            while (true)
            {
                var written = (await cluster.Store.Get(ResourceType.Component, new("default", "one-db"), CancellationToken.None))!;
                try
                {
                    if (what == "labels")
                        written["metadata"]!.AsObject().Remove("labels");
                    else
                        written["spec"]!["deploymentTimeout"] = $"{writes + 1}m";
                    await cluster.Store.Replace(written, CancellationToken.None);
                    return;
                }
                catch (ResourceException)
                {
                }
            }
        }
    }
}
