using Amazon.Runtime;
using Amazon.Runtime.SharedInterfaces;
using Amazon.SecurityToken;
using Amazon.Util.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// A role assumed through the SDK's STS client and kept fresh by the SDK's base class. The SDK's AssumeRoleAWSCredentials does the
/// same, but calls STS where the environment says and never where we do, asks instance metadata for a region, and its
/// trimmed form forgets the source credentials.
/// </summary>
internal sealed class RoleCredentials : RefreshingAWSCredentials
{
    private readonly AmazonSecurityTokenServiceClient sts;
    private readonly string roleArn;
    private readonly AssumeRoleAWSCredentialsOptions assumed;

    public RoleCredentials(SecretsManagerOptions options, string region, string roleArn, string? externalId)
        : base(new Clock(options.TimeProvider))
    {
        sts = new AmazonSecurityTokenServiceClient(options.Credentials.Credentials, StsConfig.For(region, options));
        this.roleArn = roleArn;
        assumed = new AssumeRoleAWSCredentialsOptions { ExternalId = externalId };
        // As in the SDK: sessions last an hour by default.
        PreemptExpiryTime = TimeSpan.FromMinutes(15);
    }

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        ICoreAmazonSTS roles = sts;
        var session = await roles.CredentialsFromAssumeRoleAuthenticationAsync(roleArn, "deployment-orchestrator", assumed);
        return new CredentialsRefreshState(session, session.Expiration, _timeProvider);
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
