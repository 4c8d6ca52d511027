using System.Text.Json.Nodes;
using DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary><c>dorch plan --cluster</c> on a namespace restored from a backup, before any operator runs.</summary>
public sealed class RestoredPlanTests : IDisposable
{
    private const string Composition = """
        {"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Composition","metadata":{"name":"app","namespace":"default"},"spec":{"components":[
          {"name":"once","type":"secret-push","config":{"region":"us-east-1","secretName":"app/once","fields":{"p":{"generator":{"passwordLength":20} } } } },
          {"name":"often","type":"secret-push","config":{"region":"us-east-1","secretName":"app/often","updatePolicy":"AlwaysUpdate","fields":{"p":{"generator":{"passwordLength":20} } } } }]}}
        """;

    private const string Alone = """
        {"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Component","metadata":{"name":"alone","namespace":"default"},"spec":{"handler":"secret-push",
         "config":{"region":"us-east-1","secretName":"alone","fields":{"p":{"generator":{"passwordLength":20} } } } } }
        """;

    private const string Recognised = "recognised, value kept: an earlier Component of this name wrote it";

    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Theory]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public async Task Every_secret_of_a_restored_namespace_is_recognized(bool withOwners, bool withStatus, bool askAws)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await cluster.Put(JsonNode.Parse(Composition)!.AsObject());
        await cluster.Put(JsonNode.Parse(Alone)!.AsObject());
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var backup = await Backup.Of(cluster.Store, "default");
        cluster.Kill();
        await cluster.WhenQuiet();
        await Backup.Wipe(cluster.Store, "default");
        await backup.Restore(cluster.Store, RestoreOrder.CompositionsFirst, withOwners, withStatus);

        string[] options = askAws ? ["--aws"] : [];
        var run = await CommandLineRun.Of(
            ["plan", example.Write("app.json", Composition), example.Write("alone.json", Alone), "--cluster", "--cluster-id", "test-cluster", "-o",
                "json", .. options],
            cluster: cluster.Store,
            aws: new() { Endpoint = cluster.SecretsManager.Endpoint, Credentials = cluster.Credentials, MaxAttempts = 1, TimeProvider = cluster.Time },
            time: cluster.Time);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        var lines = JsonNode.Parse(run.Output)!["items"]!.AsArray().Select(i => $"{i!["action"]} {i["component"]} {i["target"]}: {i["reason"]}").ToList();
        Assert.Contains($"leave app-once secret app/once in us-east-1: {Recognised}", lines);
        Assert.Contains($"leave alone secret alone in us-east-1: {Recognised}", lines);
        Assert.Contains(lines, l =>
            l.StartsWith($"leave app-often secret app/often in us-east-1: {Recognised}; the next value is due at ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.StartsWith("create", StringComparison.Ordinal) && l.Contains("secret app/", StringComparison.Ordinal));
        if (!withOwners)
            Assert.Contains("update app-once Component: its Composition adopts it: it has no owner, or an earlier Composition of the same name", lines);
    }
}
