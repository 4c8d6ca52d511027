using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Manifests;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Plan;

/// <summary>On a real cluster: a plan predicts the changes, the operator makes them, and <c>dorch status</c> shows them. Plan and status write
/// nothing.</summary>
public sealed class PlanAndStatusTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    private Kubectl Kubectl => new(Cluster.Kubeconfig);

    private string Secret => $"secret {Namespace}/app in us-east-1";

    [Fact]
    public async Task The_operator_does_what_plan_printed_and_status_shows_it()
    {
        Kubectl.MustBeThere();
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "app.json");

        await File.WriteAllTextAsync(file, App("1", second: true), Cancellation);
        Assert.Equal(
            [
                "create app Composition",
                "create app-credentials Component", $"create app-credentials {Secret}",
                "create app-objects Component", $"create app-objects ConfigMap {Namespace}/one", $"create app-objects ConfigMap {Namespace}/two",
            ],
            await Planned(file, 0));
        await StartOperator();
        await Kubectl.Run("apply", "-n", Namespace, "-f", file);
        await AllReady(2);
        await WaitForSteadyState();

        var (one, two) = (await ConfigMap("one"), await ConfigMap("two"));
        Assert.NotNull(two);
        Assert.Equal(
            ["leave app Composition", $"leave app-credentials {Secret}", $"leave app-objects ConfigMap {Namespace}/one",
                $"leave app-objects ConfigMap {Namespace}/two"],
            await Planned(file, 0));

        var status = (await Dorch.Run(SecretsManager.Environment, "status", "app", "-n", Namespace, "--kubeconfig", Cluster.Kubeconfig)).Exited(0).Output;
        Assert.StartsWith("app  Composition  Ready  ", status, StringComparison.Ordinal);
        Assert.Contains($"\n  credentials  secret-push  Ready  ", status, StringComparison.Ordinal);
        Assert.Contains($"\n    - secret {Namespace}/app in us-east-1, version do2-", status, StringComparison.Ordinal);
        Assert.Contains($"\n    objects  manifest  Ready  ", status, StringComparison.Ordinal);
        Assert.Contains($"\n      - applied 2 objects: ConfigMap {Namespace}/one, ConfigMap {Namespace}/two", status, StringComparison.Ordinal);
        var list = (await Dorch.Run(SecretsManager.Environment, "status", "-n", Namespace, "--kubeconfig", Cluster.Kubeconfig, "-o", "json")).Exited(0).Items();
        Assert.Equal(["app", "app-credentials", "app-objects"], list.Select(i => (string?)i["metadata"]!["name"]));

        await File.WriteAllTextAsync(file, App("2", second: false), Cancellation);
        Assert.Equal(
            [
                "update app Composition", $"leave app-credentials {Secret}",
                "update app-objects Component", $"update app-objects ConfigMap {Namespace}/one", $"delete app-objects ConfigMap {Namespace}/two",
            ],
            await Planned(file, 0));
        await Kubectl.Run("apply", "-n", Namespace, "-f", file);
        await Eventually.Holds(async () => await ConfigMap("two") is null && (string?)(await ConfigMap("one"))!["data"]!["k"] == "2", "the edit in force");
        await WaitForSteadyState();
        Assert.NotEqual(one!.Version(), (await ConfigMap("one"))!.Version());
        await AssertVersions(("app", 1));

        await File.WriteAllTextAsync(file, App("2", second: false, credentials: false), Cancellation);
        Assert.Equal(
            [
                "update app Composition", "update app-objects Component", $"leave app-objects ConfigMap {Namespace}/one",
                "delete app-credentials Component", $"delete app-credentials {Secret}",
            ],
            await Planned(file, 0));
        await Kubectl.Run("apply", "-n", Namespace, "-f", file);
        await Eventually.Holds(async () => (await SecretsManager.Describe($"{Namespace}/app"))!["DeletedDate"] is not null,
            "the secret scheduled for deletion");
    }

    private string App(string value, bool second, bool credentials = true)
    {
        var objects =
            new JsonObject
            {
                ["name"] = "objects",
                ["type"] = "manifest",
                ["config"] = new JsonObject { ["manifests"] = new JsonArray { Object("one", value) } }
            };
        if (second)
            objects["config"]!["manifests"]!.AsArray().Add(Object("two", "1"));
        if (credentials)
            objects["dependsOn"] = new JsonArray { "credentials" };
        var config = new JsonObject
        {
            ["region"] = "us-east-1",
            ["secretName"] = $"{Namespace}/app",
            ["fields"] = new JsonObject { ["password"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 24 } } },
        };
        var push = new JsonObject { ["name"] = "credentials", ["type"] = "secret-push", ["config"] = config };
        return NewResource.Composition(Namespace, "app", credentials ? [push, objects] : [objects]).ToJsonString();
    }

    private static JsonObject Object(string name, string value) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["data"] = new JsonObject { ["k"] = value },
    };

    // The plan's lines; checks that plan changed nothing.
    private async Task<IReadOnlyList<string>> Planned(string file, int exitCode)
    {
        var before = await Versions();
        var run = (await Dorch.Run(
            SecretsManager.Environment, "plan", file, "--cluster", "--aws", "--kubeconfig", Cluster.Kubeconfig, "-o", "json")).Exited(exitCode);

        Assert.Equal(before, await Versions());
        return [.. JsonNode.Parse(run.Output)!["items"]!.AsArray()
            .Select(i =>
            $"{i!["action"]} {i["component"]} {((string)i["target"]!).Replace($"Composition {Namespace}/app", "Composition", StringComparison.Ordinal)}")];
    }

    private async Task<string> Versions()
    {
        var versions = new List<string>();
        foreach (var type in new[] { ResourceType.Composition, ResourceType.Component, ResourceType.ConfigMap })
            versions.AddRange((await Store.List(type, Namespace, Cancellation)).Items.Select(i => i.Version()));
        foreach (var name in await SecretsManager.Live(SecretPrefix))
            versions.AddRange(await SecretsManager.Versions(name));
        return string.Join(' ', versions);
    }

    // The Composition's status follows its children's within a second.
    private Task WaitForSteadyState() => Eventually.Holds(
        async () => (await Store.Get(ResourceType.Composition, new(Namespace, "app"), Cancellation))!.IsReady(), "the Composition Ready");

    private Task<JsonObject?> ConfigMap(string name) => Store.Get(ResourceType.ConfigMap, new(Namespace, name), Cancellation);
}
