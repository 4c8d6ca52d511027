using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Policies;

/// <summary>The rules for a secret's tags.</summary>
internal static class SecretTags
{
    /// <summary>The tag that marks a secret of secret-push.</summary>
    public const string OwnerKey = ApiGroup.OwnerKey;

    /// <summary>The maximum length of a tag's value.</summary>
    /// <remarks>Source: AWS Secrets Manager's Tag.</remarks>
    public const int LongestValue = 256;

    /// <summary>Whether two keys are equal to IAM conditions, which ignore case, or to services that trim spaces.</summary>
    public static bool IsSameKey(string key, string other) => key.AsSpan().Trim().Equals(other.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>The problem of a key; null if it is valid.</summary>
    public static string? KeyProblem(string key) =>
        key.Length is 0 or > 128 || key.TrimStart().StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
            ? "a tag's key has 1-128 characters and does not begin with aws:"
        : IsSameKey(key, OwnerKey) ? "is reserved: secret-push sets this tag on its own secrets"
        : null;

    /// <summary>The problem of a value; null if it is valid.</summary>
    public static string? ValueProblem(string value) =>
        value.Length > LongestValue ? $"a tag's value has at most {LongestValue} characters, not {value.Length}" : null;
}
