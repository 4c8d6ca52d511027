using System.Text.Json;
using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Why the SDK's credential chain failed, in the SDK's own words and without the sources that are not configured, and what to do about it.</summary>
internal static partial class CredentialReason
{
    // Messages of members of the chain that are not configured.
    private static readonly string[] NotSetUp =
    [
        "Failed to resolve AWS credentials",
        "were not set with AWS credentials",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "Unable to find the \"default\" profile",
        "EC2 Instance Metadata",
        "EC2 instance metadata",
        "IAM security credentials",
        "Access to EC2 instance metadata",
        "IMDS",
        "webIdentityTokenFile",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
    ];

    /// <summary>The reason; null if no source is configured.</summary>
    /// <param name="e">The SDK's exception.</param>
    /// <param name="profile">The selected profile; null for the default.</param>
    public static string? Of(Exception e, string? profile)
    {
        var said = Messages(e).SelectMany(Lines).Where(line => !NotSetUp.Any(n => line.Contains(n, StringComparison.Ordinal)))
            .Select(line => Secret().Replace(line, "${name}…")).Distinct(StringComparer.Ordinal).ToList();
        if (said.Count == 0)
            return null;
        var reason = string.Join(": ", said.Select(line => line.TrimEnd('.')));
        return IsOfSso(e) || said.Any(line => line.Contains("SSO", StringComparison.Ordinal)) ? $"run aws sso login --profile {profile ?? "default"}: {reason}"
            : said.Any(line => line.Contains("MFA", StringComparison.Ordinal))
                ? $"profile {profile ?? "default"} has mfa_serial, and dorch cannot ask for a code: put a session's credentials into the environment: {reason}"
            : reason;
    }

    /// <summary>Whether IAM Identity Center refused.</summary>
    public static bool IsOfSso(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e.GetType().Namespace is { } of && of.StartsWith("Amazon.SSO", StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    // A parser's message may quote its input.
    private static IEnumerable<string> Messages(Exception? e) => e switch
    {
        null or JsonException => [],
        AggregateException many => many.InnerExceptions.SelectMany(Messages),
        _ => [e.Message, .. Messages(e.InnerException)],
    };

    private static IEnumerable<string> Lines(string message) => message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => Numbered().Replace(line, "")).Where(line => line.Length > 0);

    [GeneratedRegex(@"\AException \d+ of \d+: ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbered();

    // The output of a credential process may contain its secrets: a named one, or a run of characters as long as a secret key.
    [GeneratedRegex(
        @"(?<name>(secret|token|password)[a-z_ ]*[""']?\s*[:=]\s*[""']?)[^\s""',}]+|(?<![A-Za-z0-9/+=])(?=[A-Za-z/+=]*[0-9])[A-Za-z0-9/+=]{32,}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
