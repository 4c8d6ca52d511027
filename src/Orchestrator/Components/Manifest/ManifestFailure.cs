using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Components.Manifest;

/// <summary>What is answered where the store refuses to apply a manifest.</summary>
internal static class ManifestFailure
{
    /// <summary>When to look again for what no watch can tell: a kind or a namespace that is to come.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>The answer: it waits for a kind or a namespace that may come, and fails where somebody has to change something.</summary>
    public static HandlerAnswer Answer(ResourceException failure, ManifestObject manifest)
    {
        var (path, entry) = (manifest.Path, manifest.Entry);
        switch (failure.Error)
        {
            case ResourceError.NotServed when failure.Details.Count > 0:
                var served = string.Join(" or ", failure.Details.Select(version => Qualified(version, entry.Type)));
                return new HandlerAnswer.Failed(FailureKind.InvalidConfig,
                    [new Problem($"{path}.apiVersion", $"{entry.Type.ApiVersion} is not served for {entry.Type.Kind}: write {served}")]);
            case ResourceError.NotServed:
                return Wait($"waits for the kind {entry.Type.Kind} of {entry.Type.ApiVersion}, which is not served yet");
            case ResourceError.NotFound:
                return Wait($"waits for the namespace of {entry}: {failure.Message}");
            case ResourceError.Invalid:
                return new HandlerAnswer.Failed(FailureKind.InvalidConfig, Each(failure, path, detail => $"{entry} is refused: {detail}"));
            case ResourceError.FieldConflict:
                return new HandlerAnswer.Failed(FailureKind.Conflict, Each(failure, path,
                    detail => $"{entry} has a field that somebody else manages: {detail}: leave the field out here, or have the other give it up"));
            case ResourceError.Forbidden:
                return new HandlerAnswer.Failed(FailureKind.Denied, [new Problem(path, $"may not apply {entry}: {failure.Message}")]);
            default:
                return StoreFailure.Answer(failure, $"apply {entry}");
        }
    }

    private static HandlerAnswer.InProgress Wait(string message) => new(Soon) { Message = MessageText.Limit(message) };

    private static IReadOnlyList<Problem> Each(ResourceException failure, string path, Func<string, string> say) =>
        failure.Details.Count > 0 ? [.. failure.Details.Select(d => new Problem(path, say(d)))] : [new Problem(path, say(failure.Message))];

    private static string Qualified(string version, ResourceType type) =>
        version.Contains('/', StringComparison.Ordinal) ? version : (type with { Version = version }).ApiVersion;
}
