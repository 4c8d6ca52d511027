using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers;

/// <summary>What a handler answers where the store refused and the config is not to blame.</summary>
internal static class StoreFailure
{
    /// <summary>
    /// Denied for a missing right, Rejected for what the store will not take, Transient for the rest. Never InvalidConfig, which would never be tried again.
    /// </summary>
    /// <param name="failure">The store's refusal.</param>
    /// <param name="doing">What was tried, as in <c>read ConfigMap a/b</c>.</param>
    public static HandlerAnswer.Failed Answer(ResourceException failure, string doing) =>
        new(
            failure.Error switch
            {
                ResourceError.Forbidden => FailureKind.Denied,
                ResourceError.Invalid => FailureKind.Rejected,
                _ => FailureKind.Transient,
            },
            $"cannot {doing}: {ForeignText.Clean(failure.Message)}");
}
