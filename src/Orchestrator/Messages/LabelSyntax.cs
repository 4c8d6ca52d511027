using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Messages;

/// <summary>The syntax of Kubernetes' label and annotation keys, and of label values.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set.</remarks>
internal static partial class LabelSyntax
{
    private const int MaxLength = 63;

    /// <summary>The problem of a key; null if it is valid.</summary>
    public static string? KeyProblem(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return IsName(key[(slash + 1)..]) && (slash < 0 || DnsName.IsSubdomain(key[..slash].ToLowerInvariant())) ? null
            : "the key is not valid: it has at most 63 letters, digits, -, _ and ., begins and ends with a letter or digit, "
                + "and may have a DNS name and / before it";
    }

    /// <summary>The problem of a label's value; null if it is valid.</summary>
    public static string? ValueProblem(string value) => value.Length == 0 || IsName(value) ? null
        : "the value is not valid: it has at most 63 letters, digits, -, _ and ., and begins and ends with a letter or digit";

    private static bool IsName(string name) => name.Length is > 0 and <= MaxLength && Name().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
