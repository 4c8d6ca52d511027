using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Derives a Component's answer from the readiness of its objects. Pure.</summary>
internal static class ManifestVerdict
{
    /// <summary>The answer once everything is applied and pruned.</summary>
    public static HandlerAnswer Of(IReadOnlyList<ObjectState> states, ReadinessRule rule)
    {
        var count = states.Count == 1 ? "1 resource" : $"{states.Count} resources";
        if (rule != ReadinessRule.Kstatus)
        {
            var verdict = states.Count == 1 ? "it counts as ready" : "they count as ready";
            return new HandlerAnswer.Done(RecheckDelay.Steady) { Message = $"Applied {count}; the embedded store runs no controllers, so {verdict}" };
        }

        var failed = states.Where(s => s.Readiness.State == ReadinessState.Failed).ToList();

        // Not InvalidConfig: a controller that gave up may try again, and a failed Job is fixed by deleting it.
        if (failed.Count > 0)
            return new HandlerAnswer.Failed(FailureKind.Conflict, [.. failed.Select(s => new Problem("", $"{s.Entry} failed: {s.Readiness.Message}"))]);
        if (states.FirstOrDefault(s => s.Readiness.State == ReadinessState.InProgress) is { } first)
        {
            var ready = states.Count(s => s.Readiness.State == ReadinessState.Current);
            var message = $"{ready} of {count} ready; {first.Entry}: {first.Readiness.Message}";
            return new HandlerAnswer.InProgress(RecheckDelay.Missing) { Message = MessageText.Limit(message) };
        }

        return new HandlerAnswer.Done(RecheckDelay.Steady) { Message = $"Applied {count}, all ready" };
    }
}
