namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>What an AWS client needs to talk to the embedded Secrets Manager: an endpoint, and credentials that are not checked.</summary>
internal static class EmulatorEnvironment
{
    /// <summary>Credentials as a command's prefix. AWS clients need some; the embedded Secrets Manager accepts any.</summary>
    public const string Credentials = "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local";

    /// <summary>The lines for a shell that is to talk to it.</summary>
    public static IReadOnlyList<string> Lines(Uri endpoint) =>
    [
        $"export AWS_ENDPOINT_URL_SECRETS_MANAGER={endpoint.GetLeftPart(UriPartial.Authority)}",
        $"export AWS_ENDPOINT_URL_STS={endpoint.GetLeftPart(UriPartial.Authority)}",
        .. Credentials.Split(' ').Select(variable => $"export {variable}"),
        "export AWS_REGION=us-east-1",
    ];
}
