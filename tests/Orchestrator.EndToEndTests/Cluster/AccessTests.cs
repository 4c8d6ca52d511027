using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Kubernetes;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>How the store authenticates to the API server.</summary>
public sealed class AccessTests(KubernetesCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task A_refused_token_is_Forbidden_and_a_new_one_in_the_kubeconfig_is_used()
    {
        var name = Namespaces.Unique("kubeconfig");
        var store = NewStore(ClusterAccess.Kubeconfig(Cluster.KubeconfigOf(name, "outdated")));
        var refusal = await Refused(ResourceError.Forbidden, store);
        Assert.Contains("does not accept the credentials", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("outdated", refusal.ToString(), StringComparison.Ordinal);

        Cluster.KubeconfigOf(name, Cluster.AdminToken);

        await store.List(ResourceType.ConfigMap, null, Cancellation);
    }

    [Fact]
    public async Task A_Pods_token_is_read_again_after_it_was_replaced()
    {
        using var pod = new TemporaryFolder();
        pod.Write("ca.crt", await File.ReadAllTextAsync(Cluster.CertificateAuthority, Cancellation));
        var @namespace = await Namespaces.New(Store);
        pod.Write("token", await Cluster.CreateServiceAccount(@namespace, "without-rights"));
        var store = NewStore(ClusterAccess.InCluster(Cluster.Server, pod.Path));
        Assert.Contains("system:serviceaccount", (await Refused(ResourceError.Forbidden, store)).Message, StringComparison.Ordinal);

        pod.Write("token", Cluster.AdminToken);

        await store.List(ResourceType.ConfigMap, null, Cancellation);
    }

    [Fact]
    public async Task A_credential_plugin_is_run_for_a_token()
    {
        using var folder = new TemporaryFolder();
        var answer = folder.Write("credential.json", $$$"""
            {"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": {"token": "{{{Cluster.AdminToken}}}"}}
            """);
        var kubeconfig = folder.Write(
            "kubeconfig",
            KubeconfigText.Of(
                Cluster.Server, $"exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: cat, args: [{answer}]}}", Cluster.CertificateAuthority));

        await NewStore(ClusterAccess.Kubeconfig(kubeconfig)).List(ResourceType.ConfigMap, null, Cancellation);
    }

    [Fact]
    public async Task A_server_with_a_certificate_of_another_CA_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=another", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        using var another = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        folder.Write("ca.crt", another.ExportCertificatePem());
        folder.Write("token", Cluster.AdminToken);

        await Refused(ResourceError.Unavailable, NewStore(ClusterAccess.InCluster(Cluster.Server, folder.Path)));
    }

    private static async Task<ResourceException> Refused(ResourceError error, KubernetesResourceStore store)
    {
        var refusal = await Assert.ThrowsAsync<ResourceException>(() => store.List(ResourceType.ConfigMap, null, Cancellation));
        Assert.Equal(error, refusal.Error);
        return refusal;
    }
}
