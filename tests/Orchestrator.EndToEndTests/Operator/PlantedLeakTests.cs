using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>
/// The leak scan works: a generated value is planted as a name, which appears in each place that the other tests scan.
/// </summary>
public sealed class PlantedLeakTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    // A deeper object is unreadable, and the log names it.
    private const int Depth = 300;

    protected override bool LeaksOnPurpose => true;

    [Fact]
    public async Task A_planted_value_is_found_in_the_log_the_objects_the_Events_and_OTLP()
    {
        await using var collector = new OtlpCollector();
        var process = await Start(Kubeconfig, collector.Environment(SecretsManager.Environment), "--namespace", Namespace);
        var component = SecretPushes.Component(Namespace, "app");
        component["spec"]!["config"]!["fields"]!["password"]!["generator"] = new JsonObject
        {
            ["passwordLength"] = 24,
            ["excludeUppercase"] = true,
            ["excludePunctuation"] = true,
            ["requireEachIncludedType"] = false,
        };
        await Store.Create(component, Cancellation);
        await AllReady(1);
        var value = (string)(await SecretsManager.Value($"{Namespace}/app"))["password"]!;
        var scan = await ScanForGenerated();
        Assert.False(scan.Finds(process.Log) || scan.Finds(collector.All) || scan.Finds(await Objects(ResourceType.Component))
            || scan.Finds(await Objects(Event)));

        await Store.Create(SecretPushes.Component(Namespace, $"a{value}"), Cancellation);
        var config = new JsonObject();
        for (var depth = 0; depth < Depth; depth++)
            config = new() { ["a"] = config };
        await Store.Create(NewResource.Component(Namespace, $"b{value}", new() { ["handler"] = "manifest", ["config"] = config }), Cancellation);

        await Eventually.Holds(() => Task.FromResult(scan.Finds(process.Log)), "the value in the log");
        await Eventually.Holds(async () => scan.Finds(await Objects(Event)), "the value in an Event");
        await Eventually.Holds(() => Task.FromResult(scan.Finds(collector.All)), "the value in what OTLP carries");
        Assert.True(scan.Finds(await Objects(ResourceType.Component)));
    }

    private async Task<string> Objects(ResourceType type) =>
        string.Concat(
        (await Store.List(type, Namespace, Cancellation)).Items.Where(i => i["spec"]?["handler"] is not JsonValue handler || (string?)handler != "manifest")
        .Select(i => i.ToJsonString()));
}
