using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>The secrets of a run by name, field names and the command that reads them; never a value.</summary>
internal static class SecretSummary
{
    /// <summary>A paragraph for each secret that the Components report, by name; none without secrets.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<Component> components, SecretAccess access)
    {
        var secrets =
            (from component in components
             where component.Spec.Handler == HandlerNames.SecretPush
             let outputs = component.Status?.ProviderStatus
             let name = (string?)outputs?[SecretOutputs.Name]
             let region = (string?)outputs?[SecretOutputs.Region]
             where name is not null && region is not null
             select (Name: name, Region: region, Component: component))
            .OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Region, StringComparer.Ordinal).ToList();
        var lines = new List<string>();
        if (access.EndsWithProgram && secrets.Count > 0)
        {
            lines.Add("The embedded Secrets Manager and its secrets ended with this program. To read them, run without --once and with");
            lines.Add($"--secrets-manager-port {SecretAccess.SuggestedPort}, or push to AWS with --aws.");
            lines.Add("");
        }

        foreach (var (name, region, component) in secrets)
        {
            var isOurs = component.Status!.Condition("SecretPushed")?.Status != Condition.False;
            var fields = component.Spec.Config?["fields"]?.AsObject().Select(f => f.Key) ?? [];
            lines.Add($"Secret {name} in {region}");
            lines.Add(isOurs ? $"  fields: {string.Join(", ", fields)}" : "  has another owner, left unchanged");
            lines.Add($"  {access.ReadCommand(name, region)}");
        }

        return lines;
    }
}

/// <summary>How the secrets of a run can be read afterwards.</summary>
/// <param name="Endpoint">The embedded Secrets Manager; null for AWS or the environment's endpoint.</param>
/// <param name="EndsWithProgram">Whether the embedded Secrets Manager ends before a client can read from it.</param>
internal sealed record SecretAccess(Uri? Endpoint, bool EndsWithProgram = false)
{
    /// <summary>The port in the advice for <see cref="EndsWithProgram"/>.</summary>
    public const int SuggestedPort = 4566;

    /// <summary>Credentials as a command's prefix. AWS clients need some; the embedded Secrets Manager accepts any.</summary>
    public const string EmbeddedCredentials = "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local";

    public static readonly SecretAccess Aws = new(Endpoint: null);

    /// <summary>The shell lines that point AWS clients to an embedded Secrets Manager.</summary>
    public static IReadOnlyList<string> Exports(Uri endpoint) =>
    [
        $"export AWS_ENDPOINT_URL_SECRETS_MANAGER={endpoint.GetLeftPart(UriPartial.Authority)}",
        $"export AWS_ENDPOINT_URL_STS={endpoint.GetLeftPart(UriPartial.Authority)}",
        .. EmbeddedCredentials.Split(' ').Select(variable => $"export {variable}"),
        "export AWS_REGION=us-east-1",
    ];

    /// <summary>The command that prints a secret's value.</summary>
    public string ReadCommand(string secretName, string region)
    {
        var read = $"secretsmanager get-secret-value --secret-id {secretName} --region {region} --query SecretString --output text";
        if (Endpoint is null && !EndsWithProgram)
            return $"aws {read}";
        var endpoint = EndsWithProgram ? $"http://127.0.0.1:{SuggestedPort}" : Endpoint!.GetLeftPart(UriPartial.Authority);
        return $"{EmbeddedCredentials} aws --endpoint-url {endpoint} {read}";
    }
}
