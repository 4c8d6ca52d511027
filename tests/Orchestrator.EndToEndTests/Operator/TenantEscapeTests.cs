using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Escapes;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>
/// Each rule of SecretPolicy with each attack, on a real API server, as a user who may only write Components and Compositions in one namespace. No cell
/// may end with access to another team's secret.
/// </summary>
[Collection(OwnCluster.Name)]
public sealed class TenantEscapeTests(OwnCluster own, ITestOutputHelper output) : OperatorTest(own.Cluster, own.Installation)
{
    private const int AtOnce = 24;

    private static readonly List<string> Refused =
        [.. EscapeRules.Clusters.Select(c => c.Id).OfType<string>().Where(id => id.AsSpan().ContainsAny('*', '{'))];

    public static TheoryData<int> Clusters =>
        [.. Enumerable.Range(0, EscapeRules.Clusters.Count).Where(i => !Refused.Contains(EscapeRules.Clusters[i].Id ?? ""))];

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task A_tenant_who_breaks_a_rule_reaches_no_secret_of_others_in_any_way(int number)
    {
        var kind = EscapeRules.Clusters[number];
        var cells = EscapeRules.Cells.Where(c => c.Rule.Cluster == kind).ToList();
        var escapes = new List<string>();

        await RunCells(kind, cells, async cell =>
        {
            if (await cell.Run() is not { } escape)
                return;
            lock (escapes)
                escapes.Add(escape);
        });

        output.WriteLine($"{kind}: {cells.Count} of {EscapeRules.Cells.Count} cells on the API server, {escapes.Count} escapes");
        Assert.True(escapes.Count == 0, string.Join('\n', escapes));
    }

    // Their cells run in memory.
    [Fact]
    public async Task An_operator_does_not_start_with_an_id_that_a_policy_could_read_as_a_pattern()
    {
        Assert.Equal(2, Refused.Count);
        foreach (var id in Refused)
        {
            var result = await Dorch.Run("operator", "--cluster-id", id);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains($"not \"{id}\"", result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_policy_each_attack_reaches_the_secret_and_the_suite_detects_it()
    {
        var lost = new List<string>();
        await RunCells(new(RequiresPolicy: false, Id: null, DeniedAction: null), EscapeControls.All, async cell =>
        {
            if (await cell.Run() is { } escape && await cell.HasFoothold())
                return;
            var component = await cell.Stored();
            lock (lost)
                lost.Add($"{cell.World.Namespace}: {component}");
        });

        output.WriteLine($"{EscapeControls.All.Count} ways without a wall on the API server, {lost.Count} lead nowhere");
        Assert.True(lost.Count == 0, string.Join('\n', lost));
    }

    // On one operator, or on one for each world if its options contain the world's namespace.
    private async Task RunCells(EscapeCluster kind, IReadOnlyList<(EscapeRule Rule, EscapeWay Way)> cells, Func<EscapeCell, Task> play)
    {
        await using var secretsManager = await SecretsManagerServer.StartAsync(new(), Cancellation);
        if (kind.DeniedAction is { } action)
            secretsManager.Faults.DenyAlways(action);
        var uid = (string)(await Store.Get(ResourceType.Namespace, new(null, "kube-system"), Cancellation))!["metadata"]!["uid"]!;
        var process = kind.IsOfOneWorld ? null : await Start(secretsManager, kind, kind.Id);
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = kind.IsOfOneWorld ? 1 : AtOnce, CancellationToken = Cancellation };
        await Parallel.ForEachAsync(cells, atOnce, async (cell, _) =>
        {
            await using var world = await World.Start(Cluster, Store, secretsManager, ns => kind.IdIn(ns) ?? uid);
            var started = kind.IsOfOneWorld ? await Start(secretsManager, kind, world.ClusterId) : null;
            await play(new EscapeCell(world, cell.Rule, cell.Way));
            if (started is not null)
                await started.Stop();
        });
        if (process is not null)
            await process.Stop();
    }

    private async Task<OperatorProcess> Start(SecretsManagerServer secretsManager, EscapeCluster kind, string? clusterId)
    {
        var aws = new Dictionary<string, string>(SecretsManager.Environment, StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = secretsManager.Endpoint.AbsoluteUri,
            ["AWS_ENDPOINT_URL_STS"] = secretsManager.Endpoint.AbsoluteUri,
        };
        string[] options = [.. kind.RequiresPolicy ? ["--require-policy"] : (string[])[], .. clusterId is null ? (string[])[] : ["--cluster-id", clusterId]];
        var process = await Start(Kubeconfig, aws, ["--workers", "16", .. options]);
        await process.Leads();
        return process;
    }

    private sealed class World(IResourceStore platform, KubernetesResourceStore tenant, SecretsManagerServer secretsManager) : IEscapeWorld
    {
        // Two seconds in which nothing changes.
        private const int Looks = 20;

        public IResourceStore Platform => platform;

        public IResourceStore Tenant => tenant;

        public required string Namespace { get; init; }

        public required string Neighbour { get; init; }

        public required string Prefix { get; init; }

        public required string ClusterId { get; init; }

        public SecretsManagerServer SecretsManager => secretsManager;

        public static async Task<World> Start(
            KubernetesCluster cluster, IResourceStore platform, SecretsManagerServer secretsManager, Func<string, string> clusterId)
        {
            var (ns, neighbour) = (await Namespaces.New(platform), await Namespaces.New(platform));
            var tenant = new KubernetesResourceStore(
                ClusterAccess.Kubeconfig(cluster.KubeconfigOf(ns, await Developer(cluster, ns))), TimeProvider.System, NullLogger.Instance);
            // Actions that the tenant lacks the right for.
            foreach (var attempt in (Func<Task>[])
            [
                () => tenant.List(ResourceType.Component, neighbour, Cancellation),
                () => tenant.Create(NewResource.ConfigMap(ns, "a"), Cancellation),
                () => tenant.List(ResourceType.SecretPolicy, null, Cancellation),
            ])
                await Forbidden(attempt);
            return new(platform, tenant, secretsManager)
            {
                Namespace = ns,
                Neighbour = neighbour,
                Prefix = Namespaces.Unique("p"),
                ClusterId = clusterId(ns),
            };
        }

        public async Task Quiet()
        {
            var (last, still) = ("", 0);
            await Eventually.Holds(
                async () =>
                {
                    var (text, isIdle) = await Look();
                    still = isIdle && text == last ? still + 1 : 0;
                    last = text;
                    return still >= Looks;
                },
                $"quiet in {Namespace}", more: () => last);
        }

        public async Task<IReadOnlyList<string>> Events() =>
            [.. (await platform.List(Event, Namespace, Cancellation)).Items.Select(e => $"{e["involvedObject"]!["name"]}: {e["reason"]}: {e["message"]}")];

        public ValueTask DisposeAsync()
        {
            tenant.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<(string Text, bool IsIdle)> Look()
        {
            var (texts, isIdle) = (new List<string>(), true);
            foreach (var ns in (string[])[Namespace, Neighbour])
            {
                foreach (var type in (ResourceType[])[ResourceType.Composition, ResourceType.Component])
                {
                    foreach (var item in (await platform.List(type, ns, Cancellation)).Items)
                    {
                        texts.Add($"{ObjectKey.Of(item)} {item["metadata"]!["resourceVersion"]} {item["status"]}");
                        // Nobody runs the external handler.
                        isIdle &= (string?)item["spec"]!["handler"] == EscapeWays.ExternalHandler
                            || ((long?)item["status"]?["observedGeneration"] == (long?)item["metadata"]!["generation"]
                                && (item["metadata"]!["deletionTimestamp"] is null || item.Phase() == "TerminationFailed"));
                    }
                }
            }

            return (string.Join('\n', texts), isIdle);
        }

        // An overloaded API server answers 429 before it checks rights.
        private static async Task Forbidden(Func<Task> attempt)
        {
            ResourceException? answer = null;
            await Eventually.Holds(
                async () => (answer = await Assert.ThrowsAsync<ResourceException>(attempt)).Error != ResourceError.Unavailable,
                "an answer about rights", more: () => answer?.Message ?? "");
            Assert.Equal(ResourceError.Forbidden, answer!.Error);
        }

        // A ServiceAccount with no right but these.
        private static async Task<string> Developer(KubernetesCluster cluster, string ns)
        {
            const string Api = "rbac.authorization.k8s.io/v1";
            await cluster.Apply($"api/v1/namespaces/{ns}/serviceaccounts/developer",
                $$$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"developer","namespace":"{{{ns}}}"}}""");
            await cluster.Apply($"apis/{Api}/namespaces/{ns}/roles/developer", $$$"""
                {"apiVersion":"{{{Api}}}","kind":"Role","metadata":{"name":"developer","namespace":"{{{ns}}}"},"rules":[
                 {"apiGroups":["deployment-orchestrator.io"],"resources":["components","compositions"],
                  "verbs":["get","list","watch","create","update","patch","delete"]}]}
                """);
            await cluster.Apply($"apis/{Api}/namespaces/{ns}/rolebindings/developer", $$$"""
                {"apiVersion":"{{{Api}}}","kind":"RoleBinding","metadata":{"name":"developer","namespace":"{{{ns}}}"},
                 "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"developer"},
                 "subjects":[{"kind":"ServiceAccount","name":"developer","namespace":"{{{ns}}}"}]}
                """);
            await Eventually.Holds(async () => await MayWrite(cluster, ns), "the developer's rights");
            return await cluster.CreateToken(ns, "developer");
        }

        private static async Task<bool> MayWrite(KubernetesCluster cluster, string ns)
        {
            var review = await cluster.Call(HttpMethod.Post, "apis/authorization.k8s.io/v1/subjectaccessreviews", new()
            {
                ["apiVersion"] = "authorization.k8s.io/v1",
                ["kind"] = "SubjectAccessReview",
                ["spec"] = new JsonObject
                {
                    ["user"] = $"system:serviceaccount:{ns}:developer",
                    ["resourceAttributes"] = new JsonObject
                    {
                        ["group"] = "deployment-orchestrator.io",
                        ["resource"] = "components",
                        ["verb"] = "create",
                        ["namespace"] = ns,
                    },
                },
            });
            return (bool)review["status"]!["allowed"]!;
        }
    }
}
