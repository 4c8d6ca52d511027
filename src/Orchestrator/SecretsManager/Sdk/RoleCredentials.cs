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
    private readonly AmazonSecurityTokenServiceClient _sts;
    private readonly string _roleArn;
    private readonly AssumeRoleAWSCredentialsOptions _options;

    public RoleCredentials(SecretsManagerOptions options, string region, string roleArn, string? externalId)
        : base(new Clock(options.TimeProvider))
    {
        _sts = new AmazonSecurityTokenServiceClient(options.Credentials.Credentials, StsConfig.For(region, options));
        _roleArn = roleArn;
        _options = new AssumeRoleAWSCredentialsOptions { ExternalId = externalId };
        // As in the SDK: sessions last an hour by default.
        PreemptExpiryTime = TimeSpan.FromMinutes(15);
    }

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        ICoreAmazonSTS sts = _sts;
        var session = await sts.CredentialsFromAssumeRoleAuthenticationAsync(_roleArn, "deployment-orchestrator", _options);
        return new CredentialsRefreshState(session, session.Expiration, _timeProvider);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _sts.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Clock(TimeProvider time) : ITimeProvider
    {
        public DateTime CorrectedUtcNow => time.GetUtcNow().UtcDateTime;
    }
}
