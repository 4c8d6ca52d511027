using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Compositions.Life;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>
/// 200 Components are restored from a backup: in every order of kinds, with and without owner references and status, one namespace for each combination,
/// while the garbage collector deletes objects with stale owners. Covers the field case <c>restore-from-a-backup</c>.
/// </summary>
[Collection(OwnCluster.Name)]
public sealed class RestoreTests(OwnCluster own) : OperatorTest(own.Cluster, own.Installation)
{
    private static readonly ResourceType[] Kinds = [ResourceType.Composition, ResourceType.Component];

    [Theory]
    [InlineData(true, 17)]
    [InlineData(false, 3)]
    public async Task A_restore_changes_no_value_and_schedules_no_secret_for_deletion(bool underOperator, int each)
    {
        var ways = new List<Way>();
        foreach (var order in Enum.GetValues<RestoreOrder>())
        {
            foreach (var (owners, status) in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)])
                ways.Add(new(await Namespaces.New(Store), order, owners, status, HasLabel: ways.Count % 2 == 0));
        }

        IReadOnlyList<string> namespaces = [.. ways.Select(w => w.Namespace)];
        var first = await Start(Kubeconfig, "--workers", "16");
        await first.Leads();
        foreach (var ns in namespaces)
            await Create(Resources(ns, each));
        await AllReady(namespaces, each);
        await Quiet.Comes(first);
        var before = await Secrets();
        Assert.Equal(namespaces.Count * (each - 1), before.Count);
        var backup = await Backup.Of(Store, namespaces);

        await first.Stop();
        await Backup.Wipe(Store, namespaces);
        var next = underOperator ? await Start(Kubeconfig, "--workers", "16") : null;
        if (next is not null)
            await next.Leads();
        await Task.WhenAll(ways.Select(way => new Backup([.. backup.Resources.Where(r => ObjectKey.Of(r).Namespace == way.Namespace)])
            .Restore(Store, way.Order, way.HasOwners, way.HasStatus, way.HasLabel)));
        next ??= await Start(Kubeconfig, "--workers", "16");

        await AllReady(namespaces, each);
        await Quiet.Comes(next);
        await AllReady(namespaces, each);
        Assert.Equal(before, await Secrets());
        foreach (var ns in namespaces)
        {
            var reasons = (await Store.List(Event, ns, Cancellation)).Items.Select(e => (string?)e["reason"]).ToHashSet();
            Assert.DoesNotContain("SecretDeleted", reasons);
            Assert.DoesNotContain("SecretRestored", reasons);
        }

        // The restored state is complete: it is deleted in order, with its secrets.
        await Store.Delete(ResourceType.Composition, new(namespaces[0], "shop"), new(), Cancellation);
        await Eventually.Holds(async () => await Store.Get(ResourceType.Composition, new(namespaces[0], "shop"), Cancellation) is null,
            "a Composition that is gone");
        Assert.All((await Secrets()).Where(s => s.Key.StartsWith($"{Namespace}/{namespaces[0]}/shop/", StringComparison.Ordinal)), s =>
            Assert.EndsWith(" scheduled", s.Value));
    }

    // A Composition whose entries need each other, a second Composition, and standalone Components. One of all these Components pushes nothing.
    private List<JsonObject> Resources(string ns, int each)
    {
        var inShop = Math.Max(1, each - 6);
        var entries = Enumerable.Range(0, inShop).Select(i => Entry(ns, "shop", $"secret_{i}", i == 0 ? "[\"base\"]" : $"[\"secret_{(i - 1) / 3}\"]",
            i == 0 ? "{{ .base.providerStatus.host }}" : "plain", i % 2 == 0 ? "IfNotExists" : "AlwaysUpdate"));
        var alone = Enumerable.Range(0, each - inShop - 2)
            .Select(i => NewResource.Component(ns, $"alone-{i}", Spec(Entry(ns, "alone", $"secret_{i}", "[]", "plain", "IfNotExists"))));
        return
        [
            Source(ns),
            Composition(ns, "shop",
                ["""{"name":"base","type":"config-reader","config":{"sources":[{"name":"base","exports":[{"key":"host"}]}]}}""", .. entries]),
            Composition(ns, "beside", [Entry(ns, "beside", "creds", "[]", "plain", "IfNotExists")]),
            .. alone,
        ];
    }

    private string Entry(string ns, string home, string name, string needs, string user, string policy) => $$$"""
        {"name":"{{{name}}}","type":"secret-push","dependsOn":{{{needs}}},"config":{"secretName":"{{{Namespace}}}/{{{ns}}}/{{{home}}}/{{{name}}}","updatePolicy":"{{{policy}}}",
         "fields":{"user":{"value":"{{{user}}}"},"password":{"generator":{"passwordLength":24} } } } }
        """;

    private static JsonObject Source(string ns) => NewResource.ConfigMap(ns, "base", ("host", "db.example.com"));

    private static JsonObject Spec(string entry) => new() { ["handler"] = "secret-push", ["config"] = JsonNode.Parse(entry)!["config"]!.DeepClone() };

    private static JsonObject Composition(string ns, string name, IEnumerable<string> entries) =>
        NewResource.Composition(ns, name, entries.Select(e => JsonNode.Parse(e)!));

    // Every resource is Ready, and every child is owned by its living Composition.
    private async Task AllReady(IReadOnlyList<string> namespaces, int each)
    {
        List<JsonObject> last = [];
        await Eventually.Holds(
            async () =>
            {
                last = [];
                foreach (var ns in namespaces)
                {
                    foreach (var kind in Kinds)
                        last.AddRange((await Store.List(kind, ns, Cancellation)).Items);
                }

                var uids = last.Select(r => (string)r["metadata"]!["uid"]!).ToHashSet(StringComparer.Ordinal);
                return last.Count == namespaces.Count * (each + 2) && last.All(r => r.IsReady() && r["metadata"]!["deletionTimestamp"] is null
                    && (r["metadata"]!["ownerReferences"]?.AsArray() ?? []).All(o => uids.Contains((string)o!["uid"]!)));
            },
            $"{each} Components Ready in each namespace",
            more: () => $"{last.Count}\n{string.Join('\n', last.Where(r => !r.IsReady()).Take(5).Select(r => r.ToJsonString()))}");
    }

    // Each secret's versions, and whether it is scheduled for deletion.
    private async Task<SortedDictionary<string, string>> Secrets()
    {
        var secrets = new SortedDictionary<string, string>(StringComparer.Ordinal);
        JsonNode? page = null;
        do
        {
            var input = new JsonObject { ["MaxResults"] = 100, ["IncludePlannedDeletion"] = true };
            if (page is not null)
                input["NextToken"] = page["NextToken"]!.DeepClone();
            page = (await SecretsManager.Call("ListSecrets", input))!;
            foreach (var secret in page["SecretList"]!.AsArray().Where(s => ((string)s!["Name"]!).StartsWith(SecretPrefix, StringComparison.Ordinal)))
                secrets[(string)secret!["Name"]!] =
                    $"{string.Join(' ', await SecretsManager.Versions((string)secret["Name"]!))}{(secret["DeletedDate"] is null ? "" : " scheduled")}";
        }
        while (page["NextToken"] is not null);
        return secrets;
    }

    private sealed record Way(string Namespace, RestoreOrder Order, bool HasOwners, bool HasStatus, bool HasLabel);
}
