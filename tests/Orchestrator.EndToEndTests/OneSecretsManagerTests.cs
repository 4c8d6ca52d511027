using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>Runs of dorch, one after another, against one Secrets Manager that outlives them.</summary>
public sealed class OneSecretsManagerTests
{
    private const string Name = "myapp/prod/credentials";

    [Fact]
    public async Task Three_runs_write_one_version_and_a_run_with_another_cluster_id_leaves_the_secret_alone()
    {
        await using var secretsManager = await SecretsManagerProcess.Start();
        for (var run = 0; run < 3; run++)
        {
            var items = (await Up(secretsManager, "laptop")).Exited(0).Items();
            Assert.Equal(7, items.Named("Component", "myapp-app-credentials")["status"]!["providerStatus"]!.AsObject().Count);
        }

        var value = await secretsManager.Value(Name);
        var version = await Versions(secretsManager);
        Assert.Single(version);

        var other = (await Up(secretsManager, "somebody-else")).Exited(0).Items().Named("Component", "myapp-app-credentials");
        foreach (var type in new[] { "SecretsGenerated", "SecretPushed" })
        {
            Assert.Equal("False", (string?)other.Condition(type)["status"]);
            Assert.Equal("AlreadyExists", (string?)other.Condition(type)["reason"]);
            Assert.Contains("laptop/myapp/myapp-app-credentials", (string?)other.Condition(type)["message"], StringComparison.Ordinal);
        }

        Assert.Equal(version, await Versions(secretsManager));
        Assert.True(JsonNode.DeepEquals(value, await secretsManager.Value(Name)));

        (await Dorch.Run(secretsManager.Environment, "down", "examples/myapp", "--aws", "--cluster-id", "somebody-else")).Exited(0);
        Assert.Null((await secretsManager.Describe(Name))!["DeletedDate"]);
    }

    [Fact]
    public async Task A_secret_scheduled_for_deletion_by_another_client_is_restored_with_its_value()
    {
        await using var secretsManager = await SecretsManagerProcess.Start();
        (await Up(secretsManager, "laptop")).Exited(0);
        var value = await secretsManager.Value(Name);
        await secretsManager.Call("DeleteSecret", new() { ["SecretId"] = Name });

        (await Up(secretsManager, "laptop")).Exited(0);

        Assert.True(JsonNode.DeepEquals(value, await secretsManager.Value(Name)));
    }

    private static Task<Ended> Up(SecretsManagerProcess secretsManager, string clusterId) =>
        Dorch.Run(secretsManager.Environment, "up", "examples/myapp", "--once", "--aws", "--cluster-id", clusterId, "-o", "json");

    private static async Task<IReadOnlyList<string>> Versions(SecretsManagerProcess secretsManager)
    {
        var answer = await secretsManager.Call("ListSecretVersionIds", new() { ["SecretId"] = Name, ["IncludeDeprecated"] = true });
        return [.. answer!["Versions"]!.AsArray().Select(v => (string)v!["VersionId"]!)];
    }
}
