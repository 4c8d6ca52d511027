using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>What is answered where the store refuses to apply a manifest.</summary>
internal static class ManifestFailure
{
    /// <summary>The answer: it waits for a namespace that may come, and fails where somebody has to change something.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="manifest">What was to be applied.</param>
    /// <param name="entry">Which object it is.</param>
    /// <param name="isThere">Whether the object is there already.</param>
    /// <param name="scope">As whom.</param>
    /// <param name="cancellation">Ends the question for rights.</param>
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

            // Not InvalidConfig: its schema is upgraded, the port is freed, the policy is mended, the object that cannot change is deleted.
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

    /// <summary>The answer for a kind that is not served: it names the versions that are, or waits for it.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="manifest">What was to be applied.</param>
    /// <param name="isDefined">Whether a manifest of the same list brings the kind.</param>
    public static HandlerAnswer NotServed(ResourceException failure, ManifestObject manifest, bool isDefined) =>
        failure.Details.Count > 0 && !isDefined
            ? new HandlerAnswer.Failed(FailureKind.Rejected, [UnservedKind.OtherVersion(failure, manifest.Type, manifest.Path)])
            : Wait(isDefined ? RecheckDelay.NewKind : RecheckDelay.Missing, UnservedKind.Waiting([manifest.Type]));

    private static HandlerAnswer.InProgress Wait(TimeSpan recheck, string message) => new(recheck) { Message = MessageText.Limit(message) };
}
