using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources;

/// <summary>
/// Which kinds are namespaced. A cluster knows it from discovery; without one, well-known cluster-scoped kinds are listed, the other kinds of Kubernetes'
/// groups without a dot and our own are namespaced, and for all others the resource decides by having a namespace or not.
/// </summary>
internal static class ResourceScope
{
    /// <summary>The kind that defines other kinds.</summary>
    public static readonly ResourceType Definition = new("apiextensions.k8s.io", "v1", "CustomResourceDefinition");

    private static readonly HashSet<(string Group, string Kind)> ClusterScoped =
    [
        ("", "ComponentStatus"), ("", "Namespace"), ("", "Node"), ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"), ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"), ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"), ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        (Definition.Group, Definition.Kind),
        ("apiregistration.k8s.io", "APIService"),
        ("cert-manager.io", "ClusterIssuer"),
        ("certificates.k8s.io", "CertificateSigningRequest"), ("certificates.k8s.io", "ClusterTrustBundle"),
        (ApiGroup.Name, "SecretPolicy"),
        ("external-secrets.io", "ClusterExternalSecret"), ("external-secrets.io", "ClusterPushSecret"), ("external-secrets.io", "ClusterSecretStore"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema"), ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("generators.external-secrets.io", "ClusterGenerator"),
        ("networking.k8s.io", "IPAddress"), ("networking.k8s.io", "IngressClass"), ("networking.k8s.io", "ServiceCIDR"),
        ("node.k8s.io", "RuntimeClass"),
        ("policy", "PodSecurityPolicy"),
        ("rbac.authorization.k8s.io", "ClusterRole"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("resource.k8s.io", "DeviceClass"), ("resource.k8s.io", "ResourceSlice"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("snapshot.storage.k8s.io", "VolumeSnapshotClass"), ("snapshot.storage.k8s.io", "VolumeSnapshotContent"),
        ("storage.k8s.io", "CSIDriver"), ("storage.k8s.io", "CSINode"), ("storage.k8s.io", "StorageClass"), ("storage.k8s.io", "VolumeAttachment"),
    ];

    /// <summary>Whether the kind is namespaced; null if that depends on the resource.</summary>
    public static bool? IsNamespaced(ResourceType type) =>
        ClusterScoped.Contains((type.Group, type.Kind)) ? false
        : !type.Group.Contains('.', StringComparison.Ordinal) || type.Group == ApiGroup.Name ? true
        : null;

    /// <summary>Whether the definitions make the kind namespaced; null if none defines it.</summary>
    public static bool? IsNamespaced(ResourceType type, IEnumerable<JsonObject> definitions)
    {
        foreach (var definition in definitions)
        {
            if (definition["spec"] is JsonObject spec && JsonText.Of(spec, "group") == type.Group && JsonText.Of(spec["names"], "kind") == type.Kind)
                return JsonText.Of(spec, "scope") != "Cluster";
        }

        return null;
    }
}
