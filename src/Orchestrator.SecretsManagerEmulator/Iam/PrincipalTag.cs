using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>The policy variable <c>${aws:PrincipalTag/key}</c>.</summary>
/// <remarks>Source: "IAM policy elements: Variables and tags" in the IAM User Guide.</remarks>
internal static partial class PrincipalTag
{
    /// <summary>The pattern with the caller's tags in place of variables; null if the caller lacks one.</summary>
    public static string? Replace(string pattern, IReadOnlyDictionary<string, string>? tags)
    {
        var isMissing = false;
        var replaced = Variable().Replace(pattern, match =>
        {
            if (tags?.TryGetValue(match.Groups["key"].Value, out var value) == true)
                return value;
            isMissing = true;
            return "";
        });
        return isMissing ? null : replaced;
    }

    /// <summary>The pattern without these variables, to find others.</summary>
    public static string Without(string pattern) => Variable().Replace(pattern, "");

    [GeneratedRegex(@"\$\{aws:PrincipalTag/(?<key>[^}]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
