using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>
/// The kinds and fields that no output may read because they are known to hold secrets in plain text: an output is written to a status, which people read.
/// The table follows what the authors document, and an administrator can add to it. It cannot be complete: see docs/explanation/security.md. Pure.
/// </summary>
internal sealed class UnreadableKinds
{
    /// <summary>The built-in table.</summary>
    public static readonly UnreadableKinds Known = new(
    [
        // https://kubernetes.io/docs/concepts/configuration/secret/
        Row("Secret", "", null, "its values would be visible in the status; let the workload take it by secretKeyRef, or push values with secret-push"),
        // https://github.com/kubernetes-retired/kubefed: the template of a Secret.
        Row("FederatedSecret", "types.kubefed.k8s.io", null, "it contains a Secret"),

        // https://external-secrets.io/latest/guides/generator/: the data of Fake, the body of Webhook, the state of GeneratorState, and all of them in
        // ClusterGenerator.
        Row("*", "generators.external-secrets.io", null, "a generator and its state hold values in plain text"),
        // https://external-secrets.io/latest/provider/fake/ and https://external-secrets.io/latest/provider/webhook/: values, headers and a body as text.
        Row("SecretStore", "external-secrets.io", "spec.provider.fake", Plain),
        Row("ClusterSecretStore", "external-secrets.io", "spec.provider.fake", Plain),
        Row("SecretStore", "external-secrets.io", "spec.provider.webhook", Plain),
        Row("ClusterSecretStore", "external-secrets.io", "spec.provider.webhook", Plain),
        // https://github.com/mittwald/kubernetes-secret-generator: a private key, and texts that are copied into a Secret.
        Row("*", "secretgenerator.mittwald.de", null, Plain),

        // https://dexidp.io/docs/configuration/storage/: signing keys, refresh tokens, client secrets.
        Row("*", "dex.coreos.com", null, "Dex keeps its keys and tokens there"),
        // https://docs.redhat.com/documentation/openshift_container_platform/4.15/html-single/oauth_apis/: secret, refreshToken, names of tokens.
        Row("*", "oauth.openshift.io", null, "OpenShift keeps tokens and client secrets there"),
        // https://ranchermanager.docs.rancher.com/api/workflows/tokens: a registration's commands contain its token.
        Row("Token", "management.cattle.io", null, "it is a token"),
        Row("Token", "ext.cattle.io", null, "it is a token"),
        Row("ClusterRegistrationToken", "management.cattle.io", null, "it is a token"),
        // https://www.keycloak.org/operator/realm-import: users with their credentials, clients with their secrets.
        Row("KeycloakRealmImport", "k8s.keycloak.org", "spec.realm", Plain),
        Row("KeycloakUser", "keycloak.org", null, Plain),
        Row("KeycloakClient", "keycloak.org", null, Plain),

        // https://cluster-api.sigs.k8s.io/tasks/bootstrap/kubeadm-bootstrap/: bootstrap tokens, passwords of users, files.
        Row("*", "bootstrap.cluster.x-k8s.io", "spec", "it has bootstrap tokens and files of nodes"),
        Row("KubeadmControlPlane", "controlplane.cluster.x-k8s.io", "spec.kubeadmConfigSpec", "it has bootstrap tokens and files of nodes"),
        // https://gardener.cloud/docs/gardener/concepts/apiserver/: the secrets of a shoot cluster, to be moved; a Secret by another name.
        Row("ShootState", "core.gardener.cloud", null, "it has the secrets of a shoot cluster"),
        Row("InternalSecret", "core.gardener.cloud", null, "it is a Secret by another name"),
        // https://kubevirt.io/user-guide/user_workloads/startup_scripts/: the user data of cloud-init sets passwords.
        Row("VirtualMachine", "kubevirt.io", "spec.template.spec.volumes", Plain),
        Row("VirtualMachineInstance", "kubevirt.io", "spec.volumes", Plain),

        // https://grafana.github.io/grafana-operator/docs/examples/datasource_variables/readme/: secureJsonData, admin_password.
        Row("GrafanaDatasource", "grafana.integreatly.org", "spec.datasource", Plain),
        Row("Grafana", "grafana.integreatly.org", "spec.config", Plain),
        // https://docs.victoriametrics.com/operator/resources/vmuser/: password, bearerToken.
        Row("VMUser", "operator.victoriametrics.com", "spec", Plain),
        // https://github.com/NetApp/trident/issues/261
        Row("TridentBackend", "trident.netapp.io", "config", Plain),
    ]);

    private const string Plain = "it holds passwords or keys in plain text";

    // Written by kubectl, kapp, Rancher and Fleet: a copy of the whole object, unreadable fields included.
    private static readonly string[] Copies =
        ["kubectl.kubernetes.io/last-applied-configuration", "kapp.k14s.io/original", "objectset.rio.cattle.io/applied"];

    // Every object has it: if it is refused, nothing of the kind is read.
    private static readonly FieldPath Status = new("status", [new("status")]);

    private readonly IReadOnlyList<UnreadableKind> kinds;

    private static UnreadableKind Row(string kind, string group, string? fields, string why) => new(kind, group, fields, why);

    private UnreadableKinds(IReadOnlyList<UnreadableKind> kinds) => this.kinds = kinds;

    /// <summary>The table with more kinds.</summary>
    public UnreadableKinds And(IEnumerable<UnreadableKind> others) => new([.. kinds, .. others]);

    /// <summary>Why nothing of an object of this kind may be read; null if some fields may.</summary>
    public Refusal? OfKind(ResourceType type) => Of(type, Status);

    /// <summary>Why a field of an object of this kind may not be read; null if it may. The object need not exist.</summary>
    public Refusal? Of(ResourceType type, FieldPath path)
    {
        if (path.Steps.FirstOrDefault(s => Copies.Contains(s.Key, StringComparer.Ordinal)).Key is { } copy)
            return new(FailureKind.InvalidConfig, OfCopy(copy));
        if (kinds.FirstOrDefault(k => k.Has(type, path)) is not { } kind)
            return null;
        var what = kind.Fields is null ? "" : $"{kind.Fields} of ";
        var name = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";

        // Denied and not InvalidConfig: the operator's settings can heal it without an edit.
        return new(kind.IsOption ? FailureKind.Denied : FailureKind.InvalidConfig, $"{what}{name} cannot be read: {kind.Why}");
    }

    /// <summary>
    /// Why a field may not be read in any kind of object: it is inside an embedded Secret, or contains one, as in kinds that carry objects to other clusters.
    /// Null if it may be read. The message quotes no value.
    /// </summary>
    public static string? Of(JsonObject resource, FieldPath path)
    {
        // A path may continue beyond the text that it leads to.
        var steps = path.Steps.Count;
        JsonNode? value;
        while ((value = (path with { Steps = [.. path.Steps.Take(steps)] }).Find(resource, out _)) is null && steps > 1)
            steps--;
        for (var node = value; node?.Parent is { } parent; node = parent)
        {
            if (parent is JsonObject fields && (node == Data(fields, "data") || node == Data(fields, "stringData")))
                return $"the field {node.GetPropertyName()} of a Secret cannot be read: its values would be visible in the status";
        }

        return steps == path.Steps.Count ? Within(value) : null;
    }

    private static string? Within(JsonNode? value) => value switch
    {
        JsonObject fields when (Data(fields, "data") ?? Data(fields, "stringData")) is not null =>
            "it contains a Secret, which cannot be read: take a field beside it",
        JsonObject fields when Copies.FirstOrDefault(fields.ContainsKey) is { } copy => OfCopy(copy),
        JsonObject fields => fields.Select(f => Within(f.Value)).FirstOrDefault(w => w is not null),
        JsonArray items => items.Select(Within).FirstOrDefault(w => w is not null),
        _ => null,
    };

    // A reference to a Secret has a kind, too, but no data.
    private static JsonNode? Data(JsonObject fields, string key) =>
        JsonText.Of(fields["kind"]) == "Secret" && JsonText.Of(fields["apiVersion"]) == "v1" ? fields[key] : null;

    private static string OfCopy(string annotation) => $"the annotation {annotation} cannot be read: it is a copy of the whole object; take one field";

    /// <summary>Why something may not be read.</summary>
    /// <param name="Kind">Who has to do what.</param>
    /// <param name="Message">What is wrong, and what to do.</param>
    internal readonly record struct Refusal(FailureKind Kind, string Message);
}
