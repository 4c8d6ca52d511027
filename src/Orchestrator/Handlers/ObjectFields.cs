using System.Text.RegularExpressions;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The config fields that name a Kubernetes object and the account that accesses it.</summary>
internal static partial class ObjectFields
{
    /// <summary>The config key of the account.</summary>
    public const string AccountKey = "serviceAccountName";

    /// <summary>The ServiceAccount of a config; null if there is none.</summary>
    public static string? ReadAccount(ObjectReader root)
    {
        if (root.String(AccountKey) is not { } name)
            return null;
        if (DnsName.IsSubdomain(name))
            return name;
        root.Add(AccountKey, $"\"{name}\" is not a ServiceAccount name: lower-case letters, digits, - and ., at most 253 characters, without its namespace");
        return null;
    }

    /// <summary>The kind of <c>apiVersion</c> and <c>kind</c>; null if they name none.</summary>
    public static ResourceType? ReadType(ObjectReader reader)
    {
        var apiVersion = reader.String("apiVersion", required: true);
        var kind = reader.String("kind", required: true);
        if (apiVersion is not null && !ApiVersion().IsMatch(apiVersion))
        {
            reader.Add("apiVersion", $"\"{apiVersion}\" is not an API version: write one such as v1 or apps/v1");
            apiVersion = null;
        }

        if (kind is not null && !Kind().IsMatch(kind))
        {
            reader.Add("kind", $"\"{kind}\" is not a kind: write one such as ConfigMap");
            kind = null;
        }

        return apiVersion is null || kind is null ? null : ResourceType.Of(apiVersion, kind);
    }

    /// <summary>
    /// A name; null if there is none. The API's rules for names differ by kind; this checks what holds for all, since a name becomes part of a URL path.
    /// </summary>
    public static string? ReadName(ObjectReader reader)
    {
        if (reader.String("name", required: true) is not { } name)
            return null;
        if (name.Length is > 0 and <= 253 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '%'))
            return name;
        reader.Add("name", $"\"{name}\" is not a name: it has 1-253 characters, none of them / or %");
        return null;
    }

    [GeneratedRegex(@"\A([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ApiVersion();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{0,62}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kind();
}
