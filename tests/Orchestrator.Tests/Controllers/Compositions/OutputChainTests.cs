using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>
/// A chain of Compositions, each with a database whose endpoint another controller fills in. Each reads the previous endpoint from a ConfigMap. However
/// late and in whatever order endpoints appear and change, each secret gets exactly the versions that its policy asks for.
/// </summary>
public sealed class OutputChainTests
{
    private const string Namespace = "default";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(12)]
    [InlineData(50, Explicit = true)]
    public async Task A_chain_of_Compositions_writes_each_secret_once_for_each_change_of_its_endpoints(int length)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        var written = new WrittenSecrets(cluster);
        await cluster.Store.Create(NewResource.ConfigMap(Namespace, "link-0", ("endpoint", "first")), Cancellation);
        for (var i = 1; i <= length; i++)
            await cluster.Put(NewResource.Composition(Namespace, $"c{i}", Entries(i)));
        await cluster.WhenQuiet();
        Assert.Empty(await written.New());

        // Late: minutes after the rest exists. Out of order: the middle of the chain comes before its beginning.
        var all = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (i, at) in OutOfOrder(length, step: 17).Select((i, at) => (i, at)))
        {
            if (at % 10 == 0)
                await cluster.Advance(TimeSpan.FromMinutes(2));
            await SimulatedDatabases.Fill(cluster.Store, Database(i), Endpoint(i, 0));
            await Looked(cluster);
            Note(await written.New(), all);
        }

        await Quiet(cluster, length);
        Note(await written.New(), all);
        foreach (var (round, step) in new[] { (1, 23), (2, 31) })
        {
            await cluster.Advance(TimeSpan.FromHours(2));
            foreach (var i in OutOfOrder(length, step))
            {
                // A failover: the endpoint disappears, then a new one appears.
                if (i % 3 == 0)
                    await SimulatedDatabases.Fill(cluster.Store, Database(i), null);
                if (i % 6 == 0)
                    await Looked(cluster);
                await SimulatedDatabases.Fill(cluster.Store, Database(i), Endpoint(i, round));
                await Looked(cluster);
            }

            Note(await written.New(), all);
        }

        for (var i = 1; i <= length; i++)
        {
            Assert.Equal([$"{Endpoint(i, 0)}"], all[$"c{i}/token"]);
            var credentials = all[$"c{i}/credentials"];
            Assert.True(credentials.Count == (i == 1 ? 3 : 5), $"c{i}: {string.Join(", ", credentials)}");
            Assert.Equal(credentials.Distinct(StringComparer.Ordinal), credentials);
            Assert.Equal($"{Endpoint(i, 0)} after {(i == 1 ? "first" : Endpoint(i - 1, 0))}", credentials[0]);
            Assert.Equal($"{Endpoint(i, 2)} after {(i == 1 ? "first" : Endpoint(i - 1, 2))}", credentials[^1]);

            // Nothing returns to an outdated endpoint.
            foreach (var part in (int[])[0, 1])
            {
                var rounds = credentials.Select(c => c.Split(" after ")[part]).ToList();
                Assert.Equal(rounds.Order(StringComparer.Ordinal), rounds);
            }
        }

        var before = cluster.SecretsManager.Calls.Snapshot().Count(c => c.Operation is "CreateSecret" or "UpdateSecret");
        await cluster.Restart();
        await Quiet(cluster, length);
        Assert.Equal(before, cluster.SecretsManager.Calls.Snapshot().Count(c => c.Operation is "CreateSecret" or "UpdateSecret"));
    }

    private static IEnumerable<JsonNode> Entries(int i)
    {
        var database = Entry("database", "manifest", SimulatedDatabases.Config($"db-{i}", "small"));
        return
        [
            Entry("previous", "config-reader", $$$"""{"sources": [{"name": "link-{{{i - 1}}}", "exports": [{"key": "endpoint"}]}]}"""),
            database,
            Entry("credentials", "secret-push", $$$"""
                {"secretName": "c{{{i}}}/credentials", "updatePolicy": "AlwaysUpdate", "refreshInterval": "720h", "fields": {
                  "value": {"value": "{{ .database.providerStatus.endpoint }} after {{ .previous.providerStatus.endpoint }}"},
                  "password": {"generator": {"passwordLength": 16} } } }
                """),
            Entry("token", "secret-push", $$$"""
                {"secretName": "c{{{i}}}/token", "fields": {
                  "value": {"value": "{{ .database.providerStatus.endpoint }}"}, "token": {"generator": {"passwordLength": 16} } } }
                """),
            Entry("link", "manifest", $$$"""
                {"manifests": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "link-{{{i}}}"},
                  "data": {"endpoint": "{{ .database.providerStatus.endpoint }}"}}]}
                """),
        ];
    }

    private static JsonObject Entry(string name, string type, string config) => Entry(name, type, JsonNode.Parse(config)!.AsObject());

    private static JsonObject Entry(string name, string type, JsonObject config) => new() { ["name"] = name, ["type"] = type, ["config"] = config };

    // Each link once, as the steps have no divisor in common with the lengths.
    private static IEnumerable<int> OutOfOrder(int length, int step) => Enumerable.Range(0, length).Select(at => at * step % length + 1);

    private static string Endpoint(int i, int round) => string.Create(CultureInfo.InvariantCulture, $"db-{i}-{round}.example.org");

    private static ObjectKey Database(int i) => new(Namespace, string.Create(CultureInfo.InvariantCulture, $"db-{i}"));

    // A followed object is read at most once a second; a change takes three reads to reach the secret of the next Composition.
    private static Task Looked(EmbeddedCluster cluster) => cluster.Advance(3 * FollowedChanges.LeastGap, FollowedChanges.LeastGap);

    private static async Task Quiet(EmbeddedCluster cluster, int length)
    {
        await cluster.Advance(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        for (var i = 1; i <= length; i++)
            Assert.Equal(Phase.Ready, (await cluster.Composition($"c{i}")).Status!.Phase);
    }

    private static void Note(IReadOnlyList<(string Secret, string Value)> written, Dictionary<string, List<string>> all)
    {
        foreach (var (secret, value) in written)
        {
            if (!all.TryGetValue(secret, out var values))
                all[secret] = values = [];
            values.Add(value);
        }
    }
}
