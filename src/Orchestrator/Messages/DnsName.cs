using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Messages;

/// <summary>Names that are valid in Kubernetes.</summary>
/// <remarks>Source: RFC 1123 as in Kubernetes, https://kubernetes.io/docs/concepts/overview/working-with-objects/names/.</remarks>
internal static partial class DnsName
{
    /// <summary>At most 63 lower-case letters, digits and hyphens, a letter or digit at both ends.</summary>
    public static bool IsLabel(string name) => name.Length is > 0 and <= 63 && Label().IsMatch(name);

    /// <summary>Labels joined by dots, at most 253 characters.</summary>
    public static bool IsSubdomain(string name) => name.Length is > 0 and <= 253 && Subdomain().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Subdomain();
}
