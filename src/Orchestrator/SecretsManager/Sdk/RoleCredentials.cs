using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.Util.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// A role assumed through the SDK's STS client and kept fresh by the SDK's base class. The SDK's AssumeRoleAWSCredentials does the same, but calls STS at
/// the environment's endpoint and never at ours, asks instance metadata for a region, and loses the source credentials when trimmed.
/// </summary>
internal sealed class RoleCredentials : RefreshingAWSCredentials
{
    // AWS allows 2-64 characters; those of a namespace are valid.
    private const int LongestSessionName = 64;

    private readonly AmazonSecurityTokenServiceClient sts;
    private readonly AssumeRoleRequest assumed;

    public RoleCredentials(SecretsManagerOptions options, string region, string roleArn, string? externalId, string? @namespace)
        : base(new Clock(options.TimeProvider))
    {
        sts = new AmazonSecurityTokenServiceClient(options.Credentials.Credentials, StsConfig.For(region, options));
        assumed = new() { RoleArn = roleArn, ExternalId = externalId, RoleSessionName = SessionName(@namespace) };
        if (@namespace is not null)
            assumed.Tags = [new() { Key = NamespaceTag, Value = @namespace }];
        // As in the SDK: sessions last an hour by default.
        PreemptExpiryTime = TimeSpan.FromMinutes(15);
    }

    /// <summary>The session tag with the namespace.</summary>
    public const string NamespaceTag = "dorch-namespace";

    /// <summary>Whether the session is tagged, for which the role's trust policy must allow <c>sts:TagSession</c>.</summary>
    public bool IsTagged => assumed.Tags is { Count: > 0 };

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        try
        {
            var session = (await sts.AssumeRoleAsync(assumed)).Credentials;
            var expiration = session.Expiration!.Value;
            return new CredentialsRefreshState(
                new ImmutableCredentials(session.AccessKeyId, session.SecretAccessKey, session.SessionToken), expiration, _timeProvider);
        }
        catch (Exception e) when (SdkErrors.IsFromCall(e))
        {
            // The same trace as the SDK's own credentials write.
            throw new AmazonClientException($"cannot assume {assumed.RoleArn}", e);
        }
    }

    private static string SessionName(string? @namespace)
    {
        var name = @namespace is null ? "deployment-orchestrator" : $"dorch-{@namespace}";
        return name.Length <= LongestSessionName ? name : name[..LongestSessionName];
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            sts.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Clock(TimeProvider time) : ITimeProvider
    {
        public DateTime CorrectedUtcNow => time.GetUtcNow().UtcDateTime;
    }
}
