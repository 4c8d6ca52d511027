using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Components.Manifest;

/// <summary>What is answered where the store refuses to apply a manifest.</summary>
internal static class ManifestFailure
{
    /// <summary>When to look again for what no watch can tell: a kind or a namespace that is to come.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // A kind that this list brings is served a moment after its definition was taken.
    private static readonly TimeSpan VerySoon = TimeSpan.FromSeconds(2);

    /// <summary>The answer: it waits for a namespace that may come, and fails where somebody has to change something.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="manifest">What was to be applied.</param>
    /// <param name="entry">Which object it is.</param>
    /// <param name="isThere">Whether the object is there already.</param>
    /// <param name="reach">As whom.</param>
    /// <param name="cancellation">Ends the question for rights.</param>
    public static async Task<HandlerAnswer> Answer(
        ResourceException failure, ManifestObject manifest, InventoryEntry entry, bool isThere, ManifestReach reach, CancellationToken cancellation)
    {
        var path = manifest.Path;
        switch (failure.Error)
        {
            case ResourceError.NotServed:
                return NotServed(failure, manifest, isBrought: false);
            case ResourceError.NotFound:
                return Wait(Soon, $"waits for the namespace of {entry}: {failure.Message}");

            // Not InvalidConfig: what cannot be changed in an object can be had in a new one, so its deletion heals this without an edit.
            case ResourceError.Invalid when isThere:
                return new HandlerAnswer.Failed(FailureKind.Conflict, Each(failure, path, detail => $"{entry} is refused: {detail}; "
                    + $"if this cannot be changed in place, delete the {entry.Type.Kind}, and it is applied anew, or write another name"));
            case ResourceError.Invalid:
                return new HandlerAnswer.Failed(FailureKind.InvalidConfig, Each(failure, path, detail => $"{entry} is refused: {detail}"));
            case ResourceError.FieldConflict:
                return new HandlerAnswer.Failed(FailureKind.Conflict, Each(failure, path,
                    detail => $"{entry} has a field that somebody else manages: {detail}: leave the field out here, or have the other give it up"));
            case ResourceError.Forbidden:
                return new HandlerAnswer.Failed(FailureKind.Denied, [new Problem(path, await reach.Explain(failure, entry, "apply", cancellation))]);
            default:
                return StoreFailure.Answer(failure, $"apply {entry}");
        }
    }

    /// <summary>The answer for a kind that is not served: it names the versions that are, or waits for it.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="manifest">What was to be applied.</param>
    /// <param name="isBrought">Whether a manifest of the same list brings the kind.</param>
    public static HandlerAnswer NotServed(ResourceException failure, ManifestObject manifest, bool isBrought) =>
        failure.Details.Count > 0 && !isBrought
            ? new HandlerAnswer.Failed(FailureKind.InvalidConfig, [OtherVersion(failure, manifest)])
            : Wait(isBrought ? VerySoon : Soon, $"waits for the kind {manifest.Type.Kind} of {manifest.Type.ApiVersion}, which is not served yet");

    /// <summary>What to write instead of a version that is not served.</summary>
    public static Problem OtherVersion(ResourceException failure, ManifestObject manifest)
    {
        var served = string.Join(" or ", failure.Details.Select(version => Qualified(version, manifest.Type)));
        return new($"{manifest.Path}.apiVersion", $"{manifest.Type.ApiVersion} is not served for {manifest.Type.Kind}: write {served}");
    }

    private static HandlerAnswer.InProgress Wait(TimeSpan recheck, string message) => new(recheck) { Message = MessageText.Limit(message) };

    private static IReadOnlyList<Problem> Each(ResourceException failure, string path, Func<string, string> say) =>
        failure.Details.Count > 0 ? [.. failure.Details.Select(d => new Problem(path, say(d)))] : [new Problem(path, say(failure.Message))];

    private static string Qualified(string version, ResourceType type) =>
        version.Contains('/', StringComparison.Ordinal) ? version : (type with { Version = version }).ApiVersion;
}
