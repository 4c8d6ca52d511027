using System.Text.RegularExpressions;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>The names that Secrets Manager accepts.</summary>
internal static partial class SecretName
{
    public const int MaxLength = 512;

    /// <summary>CreateSecret: "The secret name can contain ASCII letters, numbers, and the following characters: /_+=.@-".</summary>
    public static void RequireForCreate(string name)
    {
        if (!Creatable().IsMatch(name))
            throw Invalid();
    }

    /// <summary>For lookups <c>!</c> is allowed, too: names of secrets that an AWS service owns contain it.</summary>
    public static void RequireForLookup(string name)
    {
        if (name.Length > MaxLength || !Known().IsMatch(name))
            throw Invalid();
    }

    private static ApiException Invalid() => ApiException.Validation(
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!");

    [GeneratedRegex(@"^[A-Za-z0-9/_+=.@-]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Creatable();

    [GeneratedRegex(@"^[A-Za-z0-9/_+=.@!-]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Known();
}
