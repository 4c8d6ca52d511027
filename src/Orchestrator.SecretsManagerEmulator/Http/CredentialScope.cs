namespace DeploymentOrchestrator.SecretsManagerEmulator.Http;

/// <summary>
/// The signer and the Region of a request: <c>Authorization: AWS4-HMAC-SHA256 Credential=AKID/date/REGION/service/aws4_request, …</c>.
/// The signature is not verified.
/// </summary>
internal readonly record struct CredentialScope(string? AccessKeyId, string Region)
{
    public const string DefaultRegion = "us-east-1";
    private const string Credential = "Credential=";

    public static CredentialScope From(string? authorization)
    {
        var start = authorization?.IndexOf(Credential, StringComparison.Ordinal) ?? -1;
        if (start < 0)
            return new CredentialScope(null, DefaultRegion);
        var parts = authorization![(start + Credential.Length)..].Split(',', 2)[0].Trim().Split('/');
        return parts is [var accessKeyId, _, { Length: > 0 } region, _, "aws4_request"]
            ? new CredentialScope(accessKeyId, region)
            : new CredentialScope(null, DefaultRegion);
    }
}
