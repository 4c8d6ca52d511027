using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.ExternalSecrets;

/// <summary>
/// The specification's "Replace ESO Boilerplate" on a real API server: its "After" entries as printed, and the messages if External Secrets Operator
/// serves another version. The test simulates its controller.
/// </summary>
[Collection(OwnCluster.Name)]
public sealed class ExternalSecretsTests(OwnCluster own) : OperatorTest(own.Cluster, own.Installation)
{
    private const string Secret = "myapp/prod/credentials";

    private readonly TemporaryFolder folder = new();

    private Kubectl Kubectl => new(Cluster.Kubeconfig);

    protected override string SecretPrefix => "myapp/";

    public override async ValueTask InitializeAsync()
    {
        Kubectl.MustBeThere();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_specifications_entries_become_Ready_as_printed_and_their_secret_is_pulled_and_templated()
    {
        await Start(Kubeconfig);
        await ApplyAsPrinted();
        await Pulled("v1beta1");
        await Kubectl.Run("wait", "-n", "myapp", "--for=condition=Ready", "composition/myapp", "--timeout=90s");
        await End();
    }

    [Fact]
    public async Task Where_only_v1_is_served_v1beta1_is_refused_with_v1_and_the_example_for_v1_becomes_Ready()
    {
        // As in the CRD of current releases, v1beta1 is no longer served. Unlike there, it is the stored version, so that the CRD can be restored.
        await Cluster.InstallCrd(ExternalSecretCrd.Serving(("v1", true, false), ("v1beta1", false, true)));
        try
        {
            await Start(Kubeconfig);
            await ApplyAsPrinted();
            await Eventually.Holds(async () => (string?)(await Composition())?["status"]?["phase"] == "Failed", "the Composition is Failed");
            var message = (await Kubectl.Run("get", "composition", "myapp", "-n", "myapp", "-o", "jsonpath={.status.message}")).TrimEnd();
            Assert.EndsWith(
                "external-secrets.io/v1beta1 is not served for ExternalSecret: write external-secrets.io/v1", message, StringComparison.Ordinal);
            Assert.Contains(message, File.ReadAllLines(Path.Combine(Repository.Root, "tests", "mistakes", "version-not-served", "expected.txt")));

            await Kubectl.Run("apply", "-f", Repository.Example("myapp-eso-v1"));
            await Pulled("v1");
            await Kubectl.Run("wait", "-n", "myapp", "--for=condition=Ready", "composition/myapp", "--timeout=90s");
            await End();
        }
        finally
        {
            await Cluster.InstallCrd(ExternalSecretCrd.Yaml);
        }
    }

    // The database and the entries word for word.
    private async Task ApplyAsPrinted()
    {
        var entries = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Orchestrator.EndToEndTests", "ExternalSecrets", "After.yaml"));
        var file = folder.Write("composition.yaml", """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: myapp
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: database
              namespace: myapp
            data:
              endpoint: db.us-east-1.rds.amazonaws.com
            ---
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Composition
            metadata:
              name: myapp
              namespace: myapp
            spec:
              components:
                - name: database
                  type: config-reader
                  config:
                    sources:
                      - name: database
                        exports:
                          - key: endpoint

            """ + string.Concat(entries.Select(line => line.Length == 0 ? "\n" : $"    {line}\n")));
        await Kubectl.Run("apply", "-f", file);
    }

    // Simulates External Secrets Operator for these templates: creates the Secret, then sets the status.
    private async Task Pulled(string version)
    {
        var type = new ResourceType("external-secrets.io", version, "ExternalSecret");
        JsonObject? pull = null;
        await Eventually.Holds(
            async () => (pull = await Store.Get(type, new("myapp", "app-credentials"), Cancellation)) is not null,
            "the ExternalSecret", more: () => $"{Composition().GetAwaiter().GetResult()}");

        var made = await SimulatedExternalSecrets.Templated(pull!, SecretsManager);
        Assert.Equal(["app-password", "app-username", "db-config"], made.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("admin", made["app-username"]);
        Assert.Equal(32, made["app-password"].Length);
        Assert.Equal("""{"host":"db.us-east-1.rds.amazonaws.com","user":"admin"}""", JsonNode.Parse(made["db-config"])!.ToJsonString());

        pull!["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray { new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "SecretSynced" } },
            ["syncedResourceVersion"] = $"{pull["metadata"]!["generation"]}-played",
        };
        await Store.ReplaceStatus(pull, Cancellation);
    }

    private async Task End()
    {
        await Kubectl.Run("delete", "namespace", "myapp", "--timeout=90s");
        Assert.Empty(await SecretsManager.Live(SecretPrefix));
        // The next test must not find a secret to restore.
        await SecretsManager.Call("DeleteSecret", new() { ["SecretId"] = Secret, ["ForceDeleteWithoutRecovery"] = true });
    }

    private Task<JsonObject?> Composition() => Store.Get(ResourceType.Composition, new("myapp", "myapp"), Cancellation);
}
