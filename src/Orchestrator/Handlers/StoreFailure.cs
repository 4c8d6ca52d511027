using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The answer of a handler when the store refuses and the config is not to blame.</summary>
internal static class StoreFailure
{
    /// <summary>
    /// Denied for a missing right, Rejected for what the store does not accept, Transient for the rest. Never InvalidConfig, which would never be retried.
    /// </summary>
    /// <param name="failure">The store's refusal.</param>
    /// <param name="doing">The action that failed, as in <c>read ConfigMap a/b</c>.</param>
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
