using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Handlers;

/// <summary>Kinds and fields that no output may read.</summary>
public sealed class UnreadableKindsTests
{
    [Theory]
    [InlineData("v1", "Secret")]
    [InlineData("v1", "secret")]
    [InlineData("v1", "SECRET")]
    [InlineData("v1", "secrets")]
    [InlineData("v1", "Secrets")]
    [InlineData("v1", "SecretList")]
    [InlineData("v2", "Secret")]
    [InlineData("V1", "Secret")]
    [InlineData("core/v1", "Secret")]
    [InlineData("Core/v1beta1", "secrets")]
    public void A_Secret_is_not_read_in_any_version_and_by_any_spelling(string apiVersion, string kind)
    {
        var refusal = Assert.NotNull(UnreadableKinds.Known.Of(ResourceType.Of(apiVersion, kind), Path("metadata.name")));
        Assert.Equal(FailureKind.InvalidConfig, refusal.Kind);
        Assert.Contains("cannot be read: its values would be visible in the status", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generators.external-secrets.io/v1alpha1", "GeneratorState", "spec.state")]
    [InlineData("generators.external-secrets.io/v1alpha1", "Fake", "spec.data.foo")]
    [InlineData("generators.external-secrets.io/v1alpha1", "Password", "metadata.name")]
    [InlineData("generators.external-secrets.io/v9", "OfTomorrow", "status.value")]
    [InlineData("external-secrets.io/v1", "ClusterSecretStore", "spec.provider.fake.data[0].value")]
    [InlineData("external-secrets.io/v1", "SecretStore", "spec.provider.webhook.headers.Authorization")]
    [InlineData("external-secrets.io/v1", "SecretStore", "spec.provider")]
    [InlineData("external-secrets.io/v1", "SecretStore", "spec")]
    [InlineData("secretgenerator.mittwald.de/v1alpha1", "SSHKeyPair", "spec.privateKey")]
    [InlineData("dex.coreos.com/v1", "SigningKey", "signingKey.D")]
    [InlineData("oauth.openshift.io/v1", "OAuthClient", "secret")]
    [InlineData("kubevirt.io/v1", "VirtualMachine", "spec.template.spec.volumes[name=cloudinitdisk].cloudInitNoCloud.userData")]
    [InlineData("bootstrap.cluster.x-k8s.io/v1beta1", "KubeadmConfig", "spec.joinConfiguration.discovery.bootstrapToken.token")]
    [InlineData("core.gardener.cloud/v1beta1", "InternalSecret", "data.a")]
    [InlineData("management.cattle.io/v3", "ClusterRegistrationToken", "status.command")]
    [InlineData("v1", "Service", "metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]")]
    public void Fields_known_to_hold_plaintext_secrets_are_not_read(string apiVersion, string kind, string path) =>
        Assert.NotNull(UnreadableKinds.Known.Of(ResourceType.Of(apiVersion, kind), Path(path)));

    [Theory]
    [InlineData("v1", "Service", "spec.clusterIP")]
    [InlineData("rds.services.k8s.aws/v1alpha1", "DBInstance", "status.endpoint.address")]
    [InlineData("external-secrets.io/v1", "ExternalSecret", "status.binding.name")]
    [InlineData("external-secrets.io/v1", "SecretStore", "status.conditions[type=Ready].status")]
    [InlineData("external-secrets.io/v1", "SecretStore", "spec.provider.aws.region")]
    [InlineData("bootstrap.cluster.x-k8s.io/v1beta1", "KubeadmConfig", "status.dataSecretName")]
    // The Secrets Manager secrets of ACK and Crossplane hold no value.
    [InlineData("secretsmanager.services.k8s.aws/v1alpha1", "Secret", "status.ackResourceMetadata.arn")]
    [InlineData("secretsmanager.aws.upbound.io/v1beta1", "Secret", "status.atProvider.arn")]
    [InlineData("bitnami.com/v1alpha1", "SealedSecret", "spec.encryptedData.a")]
    public void Everything_else_is_read(string apiVersion, string kind, string path) =>
        Assert.Null(UnreadableKinds.Known.Of(ResourceType.Of(apiVersion, kind), Path(path)));

    [Theory]
    [InlineData("Login.example.com", "example.com/v1", "Login", true)]
    [InlineData("logins.example.com", "example.com/v1", "Login", true)]
    [InlineData("Policy.example.com", "example.com/v1", "policies", true)]
    [InlineData("*.example.com", "example.com/v2", "Other", true)]
    [InlineData("Login", "example.org/v1", "Login", true)]
    [InlineData("ConfigMap", "v1", "ConfigMap", true)]
    [InlineData("Login.example.com", "example.org/v1", "Login", false)]
    [InlineData("*.example.com", "sub.example.com/v1", "Login", false)]
    public void An_administrator_adds_kinds(string added, string apiVersion, string kind, bool isRefused)
    {
        var kinds = UnreadableKinds.Known.And([UnreadableKind.Parse(added)!]);
        var refusal = kinds.Of(ResourceType.Of(apiVersion, kind), Path("status.a"));
        Assert.Equal(isRefused, refusal is not null);
        if (refusal is { } denied)
        {
            Assert.Equal(FailureKind.Denied, denied.Kind);
            Assert.EndsWith($" cannot be read: the operator runs with --unreadable-kinds {added}", denied.Message, StringComparison.Ordinal);
        }

        Assert.NotNull(kinds.Of(ResourceType.Of("v1", "Secret"), Path("data.a")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData(".example.com")]
    [InlineData("Login.Example.com")]
    [InlineData("Log*.example.com")]
    [InlineData("example.com/v1")]
    [InlineData("a b")]
    public void An_invalid_kind_cannot_be_added(string text) => Assert.Null(UnreadableKind.Parse(text));

    // As in Crossplane's provider-kubernetes, in ManifestWork and in Karmada's Work.
    [Theory]
    [InlineData("status.manifest.data.password", true)]
    [InlineData("status.manifest.data", true)]
    // A path into a text: its message would quote the text.
    [InlineData("status.manifest.data.password.length", true)]
    [InlineData("spec.workload.manifests[0].stringData.a[0]", true)]
    [InlineData("status.manifest", true)]
    [InlineData("status", true)]
    [InlineData("spec.workload.manifests[0].stringData[\"a\"]", true)]
    [InlineData("spec.workload", true)]
    [InlineData("metadata.annotations", true)]
    [InlineData("metadata", true)]
    [InlineData("status.manifest.metadata.name", false)]
    [InlineData("spec.workload.manifests[1]", false)]
    [InlineData("spec.workload.manifests[1].data.a", false)]
    [InlineData("spec.writeTo", false)]
    public void A_Secret_within_another_object_is_not_read(string path, bool isRefused)
    {
        var resource = JsonNode.Parse(
            """
            {"apiVersion":"work.example.com/v1","kind":"Work","metadata":{"name":"a","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"}},
             "status":{"manifest":{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"password":"aGFsbG8="}}},
             "spec":{"writeTo":{"apiVersion":"v1","kind":"Secret","name":"s"},"workload":{"manifests":[
               {"apiVersion":"v1","kind":"Secret","stringData":{"a":"hallo"}},{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"b"}}]}}}
            """)!.AsObject();
        var refusal = UnreadableKinds.Of(resource, Path(path));
        Assert.Equal(isRefused, refusal is not null);
        Assert.DoesNotContain("hallo", refusal ?? "", StringComparison.Ordinal);

        var reading = FieldReading.Of(new("outputs.a", "a", Path(path)), new("work.example.com", "v1", "Work"), new("apps", "a"), resource);
        Assert.Equal((isRefused, refusal), (reading.Value is null, reading.Problem));
    }

    [Fact]
    public void Every_refusal_fits_a_status_beside_its_path()
    {
        foreach (var (apiVersion, kind, path) in new[]
        {
            ("v1", "Secret", "data.a"), ("bootstrap.cluster.x-k8s.io/v1beta1", "KubeadmConfigTemplate", "spec.a"),
            ("controlplane.cluster.x-k8s.io/v1beta1", "KubeadmControlPlane", "spec"), ("external-secrets.io/v1", "ClusterSecretStore", "spec.provider"),
        })
        {
            var refusal = UnreadableKinds.Known.Of(ResourceType.Of(apiVersion, kind), Path(path))!.Value;
            Assert.InRange(Encoding.UTF8.GetByteCount(refusal.Message), 40, MessageText.MaxBytes - 40);
        }
    }

    private static FieldPath Path(string text) => FieldPath.Parse(text, out var problem) ?? throw new ArgumentException(problem, nameof(text));
}
