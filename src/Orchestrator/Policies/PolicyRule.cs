namespace DeploymentOrchestrator.Policies;

/// <summary>The rules that deny requests, as messages and the metric name them.</summary>
internal static class PolicyRule
{
    /// <summary>No policy selects the namespace, and one is required.</summary>
    public const string Required = "required";

    /// <summary>The policy cannot be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Too many generated fields.</summary>
    public const string GeneratedFields = "limits.generatedFields";

    /// <summary>A list of <see cref="SecretPolicy.Allow"/>.</summary>
    public static string Allow(string list) => $"allow.{list}";

    /// <summary>A key of <see cref="SecretPolicy.Mandatory"/>.</summary>
    public static string Mandatory(string key) => $"mandatory.{key}";
}
