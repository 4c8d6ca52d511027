using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>Other writers on the same cluster: operators of another scope, foreign handlers, and users who edit.</summary>
public sealed class ConcurrentWritersTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    [Fact]
    public async Task Operators_of_different_scope_never_touch_each_others_Components()
    {
        var other = await Namespaces.New(Store);
        var first = await StartOperator();
        await Create([.. SecretPushes.Many(Namespace, 5), .. SecretPushes.Many(other, 5)]);
        await AllReady(5);
        await Quiet.Comes(first);
        Assert.All(await Components(other), c => Assert.True(c["status"] is null && c["metadata"]!["finalizers"] is null, c.ToJsonString()));
        var mine = await Versions(Namespace);

        // Both lead, because each scope has its own Lease.
        await Installation.AllowLease(Cluster, $"dorch-operator-{other}");
        var second = await Start(Kubeconfig, "--namespace", other);
        await second.Leads();
        await AllReady(5, other);
        await Quiet.Comes(second);
        Assert.Equal(mine, await Versions(Namespace));
        Assert.DoesNotContain("no longer leads", first.Log, StringComparison.Ordinal);

        var theirs = await Versions(other);
        await Store.Delete(ResourceType.Component, new(Namespace, "secret-0"), new(), Cancellation);
        await AllReady(4);
        await AssertScheduledForDeletion("secret-0");
        Assert.Equal(theirs, await Versions(other));
        Assert.Equal(5, (await SecretsManager.Live($"{other}/")).Count);
    }

    [Fact]
    public async Task A_Component_of_a_foreign_handler_is_not_written_to()
    {
        var process = await StartOperator();
        var unknown = await Store.Create(NewResource.Component(Namespace, "of-another-handler", new() { ["handler"] = "postgres" }), Cancellation);
        var claimed = SecretPushes.Component(Namespace, "claimed-by-another");
        claimed["metadata"]!["finalizers"] = new JsonArray { "postgres.deployment-orchestrator.io/lifecycle" };
        claimed = await Store.Create(claimed, Cancellation);
        await Store.Create(SecretPushes.Component(Namespace, "ours"), Cancellation);
        await Until("ours", c => c.IsReady(), "Ready");
        await Quiet.Comes(process);

        Assert.Equal(unknown.Version(), (await Component("of-another-handler")).Version());
        Assert.Equal(claimed.Version(), (await Component("claimed-by-another")).Version());
        Assert.Equal([$"{Namespace}/ours"], await SecretsManager.Live(SecretPrefix));

        // Nor when it is deleted: the other handler removes its own finalizer.
        await Store.Delete(ResourceType.Component, new(Namespace, "claimed-by-another"), new(), Cancellation);
        var going = await Component("claimed-by-another");
        await Store.Create(SecretPushes.Component(Namespace, "ours-too"), Cancellation);
        await Until("ours-too", c => c.IsReady(), "Ready");
        await Quiet.Comes(process);
        Assert.Equal(going.Version(), (await Component("claimed-by-another")).Version());
    }

    [Fact]
    public async Task An_edit_between_our_read_and_write_is_a_conflict_and_is_applied()
    {
        var process = await StartOperator();
        await process.Leads();
        await Edit(0);
        await AllReady(1);
        var start = AuditedCall.End(Cluster);

        // Each edit causes an update of the secret's description and a status write; sooner or later the next edit precedes that write.
        var edits = 0;
        await Eventually.Holds(
            async () =>
            {
                for (var i = 0; i < 10; i++)
                    await Edit(++edits);
                return AuditedCall.Since(Cluster, start).Any(c => c is { Name: "edited", Code: 409 });
            },
            "a conflict");

        var edited = await Until("edited", c => c.IsReady(), "Ready");
        Assert.Equal(Description(edits), (string?)edited["spec"]!["config"]!["description"]);
        Assert.Equal(edits + 1, (long)edited["metadata"]!["generation"]!);
        Assert.Equal(Description(edits), (string?)(await SecretsManager.Describe($"{Namespace}/edited"))!["Description"]);
        await AssertOneVersionEach([$"{Namespace}/edited"]);
    }

    private static string Description(int edit) => $"edit {edit}";

    // As `kubectl apply --server-side` does, without a version.
    private Task<JsonObject> Edit(int edit) => Cluster.Apply($"apis/deployment-orchestrator.io/v1alpha1/namespaces/{Namespace}/components/edited", $$"""
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Component
        metadata:
          name: edited
        spec:
          handler: secret-push
          config:
            region: us-east-1
            secretName: {{Namespace}}/edited
            description: {{Description(edit)}}
            fields:
              password:
                generator:
                  passwordLength: 24
        """);

    private async Task<IReadOnlyList<string>> Versions(string @namespace) =>
        [.. (await Components(@namespace)).Select(c => $"{c.Name()} {c.Version()}").Order(StringComparer.Ordinal)];
}
