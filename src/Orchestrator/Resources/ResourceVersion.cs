using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources;

/// <summary>
/// Compares resourceVersions of one kind. Those of Kubernetes' own kinds and of CustomResourceDefinitions are decimal numbers of any length; an aggregated
/// API may have others, which can only be compared for equality.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions.</remarks>
internal static class ResourceVersion
{
    /// <summary>The version of a resource; empty if it has none.</summary>
    public static string Of(JsonObject resource) =>
        JsonText.Of(resource["metadata"], "resourceVersion") ?? "";

    /// <summary>Less than, equal to or more than 0; null if the two have no order.</summary>
    public static int? Compare(string one, string other) =>
        one == other ? 0
        : !IsNumber(one) || !IsNumber(other) ? null
        : one.Length != other.Length ? one.Length.CompareTo(other.Length)
        : string.CompareOrdinal(one, other);

    /// <summary>Whether the first is known to be older than the second.</summary>
    public static bool IsOlder(string one, string other) => Compare(one, other) < 0;

    private static bool IsNumber(string text) =>
        text.Length > 0 && (text[0] != '0' || text.Length == 1) && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}
