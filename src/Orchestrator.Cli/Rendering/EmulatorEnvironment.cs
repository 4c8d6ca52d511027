namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>What an AWS client needs to talk to the embedded Secrets Manager: an endpoint, and credentials that are not looked at.</summary>
internal static class EmulatorEnvironment
{
    /// <summary>The credentials before a command. Every AWS client wants some; the embedded Secrets Manager takes any.</summary>
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
