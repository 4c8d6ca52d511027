using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Kinds of other controllers that the general rules misjudge: those without a Ready condition, with more conditions than that, or without any condition
/// until their controller has seen them. The first row that covers an object counts. docs/reference/manifest-readiness.md shows them.
/// </summary>
internal static class KnownKinds
{
    private const string ArgoCd = "https://github.com/argoproj/argo-cd/tree/master/resource_customizations";
    private const string Ready = "condition=Ready";
    private const string Synced = "condition=Synced";

    /// <summary>The rows.</summary>
    public static readonly IReadOnlyList<KnownKind> Rows =
    [
        // Clouds.
        new("ACK", "services.k8s.aws", ["AdoptedResource"], ["condition=ACK.Adopted"],
            "https://github.com/aws-controllers-k8s/runtime/blob/main/apis/core/v1alpha1/conditions.go"),
        new("ACK", "*.services.k8s.aws", [], ["condition=ACK.ResourceSynced"], "https://github.com/aws-controllers-k8s/runtime/pull/200")
        {
            Newer = Ready, Failed = ["condition=ACK.Terminal"], MessageConditions = ["ACK.Recoverable"],
        },
        new("Config Connector", "core.cnrm.cloud.google.com", ["ConfigConnector", "ConfigConnectorContext"], ["jsonpath={.status.healthy}=true"],
            $"{ArgoCd}/_.cnrm.cloud.google.com/_/health.lua"),
        new("Config Connector", "core.cnrm.cloud.google.com", [], [], $"{ArgoCd}/_.cnrm.cloud.google.com/_/health.lua"),
        new("Config Connector", "*.core.cnrm.cloud.google.com", [], [], $"{ArgoCd}/_.cnrm.cloud.google.com/_/health.lua"),
        new("Config Connector", "*.cnrm.cloud.google.com", [], [Ready], $"{ArgoCd}/_.cnrm.cloud.google.com/_/health.lua"),
        new("Azure Service Operator", "*.azure.com", [], [Ready], "https://azure.github.io/azure-service-operator/guide/conditions")
        {
            Failed = ["jsonpath={.status.conditions[?(@.type==\"Ready\")].severity}=Error"],
        },

        // Crossplane: first what has no status, then other conditions, managed resources, and claims and composites, whose groups their authors choose.
        new("Crossplane", "pkg.crossplane.io", ["Provider", "Configuration", "Function"], ["condition=Installed", "condition=Healthy"],
            "https://docs.crossplane.io/latest/packages/providers/"),
        new("Crossplane", "apiextensions.crossplane.io", ["CompositeResourceDefinition"], ["condition=Established"],
            "https://docs.crossplane.io/latest/composition/composite-resource-definitions/"),
        new("Crossplane", "*.crossplane.io", ["ProviderConfig", "ClusterProviderConfig", "ProviderConfigUsage", "StoreConfig"], [],
            $"{ArgoCd}/_.crossplane.io/_/health.lua"),
        new("Crossplane", "*.upbound.io", ["ProviderConfig", "ClusterProviderConfig", "ProviderConfigUsage", "StoreConfig"], [],
            $"{ArgoCd}/_.upbound.io/_/health.lua"),
        new("Crossplane", "pkg.crossplane.io", [], [], $"{ArgoCd}/_.crossplane.io/_/health.lua"),
        new("Crossplane", "apiextensions.crossplane.io", [], [], $"{ArgoCd}/_.crossplane.io/_/health.lua"),
        new("Crossplane", "protection.crossplane.io", [], [], "https://docs.crossplane.io/latest/managed-resources/usages/"),
        new("Crossplane", "ops.crossplane.io", [], [], "https://docs.crossplane.io/latest/operations/operation/"),
        new("Crossplane", "*.crossplane.io", [], [Ready, Synced], "https://docs.crossplane.io/latest/managed-resources/managed-resources/#conditions"),
        new("Crossplane", "*.upbound.io", [], [Ready, Synced], "https://docs.crossplane.io/latest/managed-resources/managed-resources/#conditions"),
        new("Crossplane", "*", [], [Ready, Synced], "https://docs.crossplane.io/v1.20/concepts/composite-resources/")
        {
            Has = ["spec.compositionUpdatePolicy"],
        },
        new("Crossplane", "*", [], [Ready, Synced], "https://docs.crossplane.io/latest/composition/composite-resources/") { Has = ["spec.crossplane"] },
        new("Crossplane", "*", [], [Ready, Synced], "https://github.com/crossplane/crossplane/issues/5643")
        {
            Has = ["status.conditions[type=Ready]", "status.conditions[type=Synced]"],
        },

        // Secrets and certificates.
        new("cert-manager", "cert-manager.io", ["CertificateRequest"], [Ready], $"{ArgoCd}/cert-manager.io/CertificateRequest/health.lua")
        {
            Failed = ["condition=Denied", "condition=InvalidRequest", "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=Failed"],
        },
        new("cert-manager", "cert-manager.io", [], [Ready], $"{ArgoCd}/cert-manager.io/Certificate/health.lua"),
        new("External Secrets Operator", "external-secrets.io", ["ExternalSecret", "PushSecret"], [Ready],
            "https://github.com/argoproj/argo-cd/issues/22707")
        {
            IsSyncedByGeneration = true,
        },
        new("External Secrets Operator", "external-secrets.io", [], [Ready], $"{ArgoCd}/external-secrets.io"),
        new("Sealed Secrets", "bitnami.com", ["SealedSecret"], [Synced], $"{ArgoCd}/bitnami.com/SealedSecret/health.lua"),

        // Databases and queues.
        new("CloudNativePG", "postgresql.cnpg.io", ["Cluster"], ["jsonpath={.status.phase}=Cluster in healthy state"],
            $"{ArgoCd}/postgresql.cnpg.io/Cluster/health.lua"),
        new("CloudNativePG", "postgresql.cnpg.io", ["Database", "Publication", "Subscription"], ["jsonpath={.status.applied}=true"],
            "https://cloudnative-pg.io/docs/1.28/declarative_database_management")
        {
            Message = "status.message",
        },
        new("Zalando's Postgres Operator", "acid.zalan.do", ["postgresql"], ["jsonpath={.status.PostgresClusterStatus}=Running"],
            $"{ArgoCd}/acid.zalan.do/postgresql/health.lua"),
        new("MariaDB Operator", "k8s.mariadb.com", ["MariaDB", "Database", "User", "Grant"], [Ready], $"{ArgoCd}/k8s.mariadb.com/Database/health.lua"),
        new("Percona", "pxc.percona.com", ["PerconaXtraDBCluster"], ["jsonpath={.status.state}=ready"],
            $"{ArgoCd}/pxc.percona.com/PerconaXtraDBCluster/health.lua"),
        new("Elastic", "elasticsearch.k8s.elastic.co", ["Elasticsearch"], ["jsonpath={.status.phase}=Ready"],
            $"{ArgoCd}/elasticsearch.k8s.elastic.co/Elasticsearch/health.lua"),
        new("RabbitMQ", "rabbitmq.com", ["RabbitmqCluster"], ["condition=ClusterAvailable", "condition=AllReplicasReady"],
            $"{ArgoCd}/rabbitmq.com/RabbitmqCluster/health.lua"),
        new("RabbitMQ", "rabbitmq.com", [], [Ready], $"{ArgoCd}/rabbitmq.com/Queue/health.lua"),
        new("Strimzi", "kafka.strimzi.io",
            ["Kafka", "KafkaBridge", "KafkaConnect", "KafkaConnector", "KafkaMirrorMaker2", "KafkaTopic", "KafkaUser"], [Ready],
            $"{ArgoCd}/kafka.strimzi.io/Kafka/health.lua")
        {
            MessageConditions = ["NotReady"],
        },

        // Delivery, scaling and traffic.
        new("Argo CD", "argoproj.io", ["Application"], ["jsonpath={.status.sync.status}=Synced", "jsonpath={.status.health.status}=Healthy"],
            $"{ArgoCd}/argoproj.io/Application/health.lua"),
        new("Argo Rollouts", "argoproj.io", ["Rollout"], ["jsonpath={.status.phase}=Healthy"], $"{ArgoCd}/argoproj.io/Rollout/health.lua")
        {
            Failed = ["jsonpath={.status.phase}=Degraded"], Message = "status.message",
        },
        new("KEDA", "keda.sh", ["ScaledObject", "ScaledJob"], [Ready], $"{ArgoCd}/keda.sh/ScaledObject/health.lua"),
        new("Gateway API", "gateway.networking.k8s.io", ["GatewayClass"], ["condition=Accepted"],
            "https://gateway-api.sigs.k8s.io/api-types/gatewayclass/"),
        new("Gateway API", "gateway.networking.k8s.io", ["Gateway"], ["condition=Accepted", "condition=Programmed"],
            $"{ArgoCd}/gateway.networking.k8s.io/Gateway/health.lua"),
        new("Gateway API", "gateway.networking.k8s.io", ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"],
            ["condition=Accepted", "condition=ResolvedRefs"], $"{ArgoCd}/gateway.networking.k8s.io/HTTPRoute/health.lua")
        {
            IsOfEachParent = true,
        },
        new("Knative", "serving.knative.dev", [], [Ready], $"{ArgoCd}/serving.knative.dev/Service/health.lua"),
        new("Knative", "eventing.knative.dev", [], [Ready], "https://github.com/knative/specs/blob/main/specs/eventing/control-plane.md"),
        new("Knative", "messaging.knative.dev", [], [Ready], "https://github.com/knative/specs/blob/main/specs/eventing/control-plane.md"),
        new("Knative", "sources.knative.dev", [], [Ready], "https://github.com/knative/specs/blob/main/specs/eventing/control-plane.md"),
    ];

    /// <summary>The first row that covers an object; null if there is none.</summary>
    public static KnownKind? Of(ResourceType type, JsonObject resource) => Rows.FirstOrDefault(row => row.Covers(type, resource));
}
