namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>How the secrets of a run can be read afterwards.</summary>
/// <param name="Endpoint">The embedded Secrets Manager; null for AWS, or whatever the environment says is AWS.</param>
/// <param name="EndsWithProgram">Whether the embedded Secrets Manager ends before anybody can read from it.</param>
internal sealed record SecretAccess(Uri? Endpoint, bool EndsWithProgram = false)
{
    /// <summary>The port that the way out of <see cref="EndsWithProgram"/> names.</summary>
    public const int SuggestedPort = 4566;

    /// <summary>The real Secrets Manager.</summary>
    public static readonly SecretAccess Aws = new(Endpoint: null);

    /// <summary>The command that prints a secret's value.</summary>
    public string ReadCommand(string secretName, string region)
    {
        var read = $"secretsmanager get-secret-value --secret-id {secretName} --region {region} --query SecretString --output text";
        if (Endpoint is null && !EndsWithProgram)
            return $"aws {read}";
        var endpoint = EndsWithProgram ? $"http://127.0.0.1:{SuggestedPort}" : Endpoint!.GetLeftPart(UriPartial.Authority);
        return $"{EmulatorEnvironment.Credentials} aws --endpoint-url {endpoint} {read}";
    }
}
