using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The answers to the store's refusals of a manifest.</summary>
internal static class ManifestFailure
{
    /// <summary>Waits for a namespace that may be created later, and fails if a user has to change something.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="entry">Its object.</param>
    /// <param name="isThere">Whether the object exists.</param>
    /// <param name="scope">The account.</param>
    /// <param name="cancellation">Cancels the check of rights.</param>
    public static async Task<HandlerAnswer> Answer(
        ResourceException failure, ManifestObject manifest, InventoryEntry entry, bool isThere, ApplyScope scope, CancellationToken cancellation)
    {
        var path = manifest.Path;
        switch (failure.Error)
        {
            case ResourceError.NotServed:
                return NotServed(failure, manifest, isDefined: false);
            case ResourceError.NotFound:
                return Wait(RecheckDelay.Missing, $"waits for the namespace of {entry}: {ForeignText.Clean(failure.Message)}");

            // Not InvalidConfig: a schema may be upgraded, a port freed, a policy changed, or an immutable object deleted.
            case ResourceError.Invalid:
                return new HandlerAnswer.Failed(FailureKind.Rejected, RefusalText.Rejected(failure, path, entry, isThere));
            case ResourceError.FieldConflict:
                return new HandlerAnswer.Failed(FailureKind.Conflict, RefusalText.Managed(failure, path, entry));
            case ResourceError.Forbidden:
                return new HandlerAnswer.Failed(FailureKind.Denied, [new Problem(path, await scope.Explain(failure, entry, "apply", cancellation))]);
            default:
                return StoreFailure.Answer(failure, $"apply {entry}");
        }
    }

    /// <summary>The answer for a kind that is not served: lists the served versions, or waits for it.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="isDefined">Whether another manifest of the list defines the kind.</param>
    public static HandlerAnswer NotServed(ResourceException failure, ManifestObject manifest, bool isDefined) =>
        failure.Details.Count > 0 && !isDefined
            ? new HandlerAnswer.Failed(FailureKind.Rejected, [UnservedKind.OtherVersion(failure, manifest.Type, manifest.Path)])
            : Wait(isDefined ? RecheckDelay.NewKind : RecheckDelay.Missing, UnservedKind.Waiting([manifest.Type]));

    private static HandlerAnswer.InProgress Wait(TimeSpan recheck, string message) => new(recheck) { Message = MessageText.Limit(message) };
}
