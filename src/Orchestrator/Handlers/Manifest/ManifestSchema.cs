using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// The types of manifest values that Kubernetes fixes: fields of every object, fields of a pod wherever a kind embeds one, and fields of a few well-known
/// kinds. The API server validates the rest.
/// </summary>
internal sealed class ManifestSchema : ConfigSchema
{
    /// <summary>The schema.</summary>
    public static readonly ManifestSchema Instance = new();

    private static readonly PlacePattern[] OfAny =
    [
        .. Texts("apiVersion", "kind", "metadata.name", "metadata.namespace", "**.metadata.labels.*", "**.metadata.annotations.*", "**.matchLabels.*",
            "**.nodeSelector.*"),
        .. new[] { "containers", "initContainers", "ephemeralContainers" }.SelectMany(OfContainers),
    ];

    private static readonly Dictionary<(string Group, string Kind), PlacePattern[]> OfKind = new()
    {
        [("", "ConfigMap")] = [.. Texts("data.*", "binaryData.*")],
        [("", "Secret")] = [.. Texts("data.*", "stringData.*", "type")],
        [("", "Service")] =
            [.. Texts("spec.selector.*", "spec.externalName", "spec.ports.[].name"), .. Numbers("spec.ports.[].port", "spec.ports.[].nodePort")],
        [("apps", "Deployment")] = [.. Numbers("spec.replicas")],
        [("apps", "StatefulSet")] = [.. Numbers("spec.replicas")],
        [("apps", "ReplicaSet")] = [.. Numbers("spec.replicas")],
        [("batch", "Job")] = [.. Numbers("spec.parallelism", "spec.completions", "spec.backoffLimit")],
        [("autoscaling", "HorizontalPodAutoscaler")] = [.. Numbers("spec.minReplicas", "spec.maxReplicas")],
        [("external-secrets.io", "ExternalSecret")] =
        [
            .. Texts("spec.target.name", "spec.target.template.data.*", "spec.data.[].secretKey", "spec.data.[].remoteRef.key",
                "spec.data.[].remoteRef.property",
                "spec.dataFrom.[].extract.key", "spec.dataFrom.[].extract.property"),
        ],
    };

    private static readonly PlacePattern[] OfConfig =
    [
        .. Texts("serviceAccountName", "readyWhen.[].kind", "readyWhen.[].name", "readyWhen.[].apiVersion", "readyWhen.[].namespace", "readyWhen.[].for"),
        .. Texts("outputs.*.kind", "outputs.*.name", "outputs.*.path", "outputs.*.apiVersion", "outputs.*.namespace"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyCollection<string>? OutputNames(JsonObject config) => ManifestOutputs.NamesIn(config);

    /// <inheritdoc/>
    public override PlaceType TypeAt(JsonObject config, IReadOnlyList<ReferenceStep> path)
    {
        if (path is not [{ Key: "manifests" }, { Index: { } index }, ..])
            return PlacePattern.TypeAt(OfConfig, path) ?? PlaceType.Any;
        var manifest = config["manifests"] is JsonArray manifests && index < manifests.Count ? manifests[index] as JsonObject : null;
        return PlacePattern.TypeAt(OfKind.GetValueOrDefault((Group(JsonText.Of(manifest, "apiVersion") ?? ""), JsonText.Of(manifest, "kind") ?? ""), []),
            path, from: 2)
            ?? PlacePattern.TypeAt(OfAny, path, from: 2)
            ?? PlaceType.Any;
    }

    private static IEnumerable<PlacePattern> OfContainers(string list) =>
    [
        .. Texts($"**.{list}.[].name", $"**.{list}.[].image", $"**.{list}.[].command.[]", $"**.{list}.[].args.[]", $"**.{list}.[].env.[].name",
            $"**.{list}.[].env.[].value"),
        .. Numbers($"**.{list}.[].ports.[].containerPort", $"**.{list}.[].ports.[].hostPort"),
    ];

    private static IEnumerable<PlacePattern> Texts(params string[] patterns) => patterns.Select(p => new PlacePattern(p, PlaceType.Text));

    private static IEnumerable<PlacePattern> Numbers(params string[] patterns) => patterns.Select(p => new PlacePattern(p, PlaceType.Number));

    private static string Group(string apiVersion) => apiVersion.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? apiVersion[..slash] : "";
}
