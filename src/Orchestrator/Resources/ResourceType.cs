using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources;

/// <summary>Kubernetes' group, version and kind.</summary>
/// <param name="Group">The group; empty for the core one.</param>
/// <param name="Version">The version, such as <c>v1</c>.</param>
/// <param name="Kind">The kind, such as <c>ConfigMap</c>.</param>
public readonly record struct ResourceType(string Group, string Version, string Kind)
{
    /// <summary>Our Component.</summary>
    public static readonly ResourceType Component = new(ApiGroup.Name, ApiGroup.Version, Api.Component.KindName);

    /// <summary>Our Composition.</summary>
    public static readonly ResourceType Composition = new(ApiGroup.Name, ApiGroup.Version, Api.Composition.KindName);

    /// <summary>Our SecretPolicy.</summary>
    internal static readonly ResourceType SecretPolicy = new(ApiGroup.Name, ApiGroup.Version, "SecretPolicy");

    /// <summary>The core ConfigMap.</summary>
    public static readonly ResourceType ConfigMap = new("", "v1", "ConfigMap");

    /// <summary>The core Namespace.</summary>
    public static readonly ResourceType Namespace = new("", "v1", "Namespace");

    /// <summary><c>group/version</c>, or the version alone for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The type that <c>apiVersion</c> and <c>kind</c> name.</summary>
    public static ResourceType Of(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new("", apiVersion, kind) : new(apiVersion[..slash], apiVersion[(slash + 1)..], kind);
    }

    /// <summary>The type of a resource that has both fields as strings.</summary>
    public static ResourceType Of(JsonObject resource) => Of((string)resource["apiVersion"]!, (string)resource["kind"]!);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}.{ApiVersion}";
}
