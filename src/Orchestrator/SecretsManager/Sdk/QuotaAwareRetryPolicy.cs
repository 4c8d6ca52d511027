using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// The SDK's standard policy, but for LimitExceededException: the SDK counts it among the throttles, while for Secrets Manager it is a
/// hard quota (secrets in a region, versions in a day) that no second try gets past.
/// </summary>
internal sealed class QuotaAwareRetryPolicy : StandardRetryPolicy
{
    public QuotaAwareRetryPolicy(IClientConfig config) : base(config) => ThrottlingErrorCodes.Remove("LimitExceededException");
}
