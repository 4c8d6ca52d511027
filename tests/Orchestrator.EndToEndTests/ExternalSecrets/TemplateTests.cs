using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.References;

namespace DeploymentOrchestrator.EndToEndTests.ExternalSecrets;

/// <summary>Every foreign template reaches a real API server byte for byte: kubectl applies it, the operator passes it on.</summary>
public sealed class TemplateTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private static readonly ResourceType ExternalSecret = new("external-secrets.io", "v1beta1", "ExternalSecret");

    [Fact]
    public async Task Templates_of_the_corpus_reach_the_API_server_byte_for_byte()
    {
        Kubectl.MustBeThere();
        var corpus = new TemplateCorpus(Path.Combine(Repository.Root, "tests", "Orchestrator.Tests", "References", "Templates"));
        using var folder = new TemporaryFolder();
        await StartOperator();
        await new Kubectl(Cluster.Kubeconfig).Run("apply", "-f", folder.Write("templates.yaml", corpus.Composition(Namespace)));

        await Eventually.Holds(
            async () => await Store.Get(ExternalSecret, new(Namespace, "templates"), Cancellation) is not null, "the ExternalSecret",
            more: () => string.Join('\n', Components().GetAwaiter().GetResult().Select(c => c["status"]?.ToJsonString())));
        var stored = await Cluster.Call(HttpMethod.Get, $"apis/external-secrets.io/v1beta1/namespaces/{Namespace}/externalsecrets/templates");
        var data = stored["spec"]!["target"]!["template"]!["data"]!.AsObject();
        Assert.Equal(corpus.All(), data.ToDictionary(d => d.Key, d => (string)d.Value!, StringComparer.Ordinal));
    }
}
