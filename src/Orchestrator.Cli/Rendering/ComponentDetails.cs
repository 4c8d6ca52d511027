using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Details of a resource besides its phase and message: its outputs, its problems, and what blocks its deletion. Pure.</summary>
internal sealed class ComponentDetails(DateTimeOffset now)
{
    // Conditions that are bad when True; all others are bad when False or Unknown.
    private static readonly string[] BadWhenTrue = ["Drifted", "Limited", "Stalled", "Degraded"];

    private const int ShownObjects = 5;

    public IReadOnlyList<string> Of(Composition composition)
    {
        var known =
            from type in (string[])[Condition.Ready, "Progressing", "Degraded"]
            let condition = composition.Status?.Conditions?.FirstOrDefault(c => c.Type == type)
            where condition is not null
            select $"{type} {condition.Status}{(condition.LastTransitionTime is { } since ? $" for {Age.Of(since, now)}" : "")}";
        var line = string.Join(", ", known);
        return [.. line.Length > 0 ? (string[])[line] : [], .. Common(composition.Metadata, composition.Status?.ObservedGeneration)];
    }

    public IReadOnlyList<string> Of(Component component) =>
        [.. Made(component), .. Waits(component), .. Troubles(component), .. Common(component.Metadata, component.Status?.ObservedGeneration)];

    private IEnumerable<string> Made(Component component)
    {
        var outputs = component.Status?.ProviderStatus ?? [];
        if (component.Spec.Handler == HandlerNames.SecretPush && JsonText.NotEmpty(outputs, SecretOutputs.Name) is { } name)
        {
            var written = DateTimeOffset.TryParse(JsonText.NotEmpty(outputs, SecretOutputs.LastSyncTime), out var time)
                ? $", written {TimestampConverter.ToText(time)} ({Age.Of(time, now)} ago)" : "";
            var version = JsonText.NotEmpty(outputs, SecretOutputs.VersionId) is { } id ? $", version {id}" : "";
            yield return $"secret {name} in {JsonText.NotEmpty(outputs, SecretOutputs.Region)}{version}{written}";
        }

        var applied = Inventory.Read(outputs, Inventory.OutputKey).Entries;
        if (applied.Count > 0)
        {
            var more = applied.Count > ShownObjects ? $" and {applied.Count - ShownObjects} more" : "";
            yield return $"applied {(applied.Count == 1 ? "1 object" : $"{applied.Count} objects")}: {string.Join(", ", applied.Take(ShownObjects))}{more}";
        }
    }

    // The status message says what it waits for.
    private IEnumerable<string> Waits(Component component)
    {
        if (ComponentWait.Of(component) is not var (since, deadline))
            yield break;
        var end = deadline is null ? ""
            : $"; its deploymentTimeout {(deadline.IsPast(now) ? "was" : "is")} over at {TimestampConverter.ToText(deadline.At)}";
        yield return $"waiting for {Age.Of(since, now)}, since {TimestampConverter.ToText(since)}{end}";
    }

    // The status message is shown anyway; the Ready condition may list more problems.
    private static IEnumerable<string> Troubles(Component component) =>
        from condition in component.Status?.Conditions ?? []
        where BadWhenTrue.Contains(condition.Type) ? condition.Status == Condition.True : condition.Status != Condition.True
        where condition.Type != Condition.Ready || (condition.Message ?? "") != (component.Status!.Message ?? "")
        select $"{condition.Type} {condition.Status} {condition.Reason}: {condition.Message}".TrimEnd(' ', ':').ReplaceLineEndings(" ")
            + (condition.ObservedGeneration < component.Metadata.Generation ? ", of an earlier spec" : "");

    private IEnumerable<string> Common(ObjectMeta metadata, long? observed)
    {
        if (metadata.DeletionTimestamp is { } since)
            yield return $"being deleted for {Age.Of(since, now)}, held by "
                + $"{(metadata.Finalizers is { Count: > 0 } holders ? string.Join(", ", holders) : "no finalizer")}";
        else if (observed is { } seen && seen != metadata.Generation)
            yield return "its spec changed and has not been processed yet";
        if (metadata.IsPaused)
            yield return $"paused by the annotation {ApiGroup.PausedAnnotation}";
    }
}

/// <summary>An age as kubectl shows it: in one or two units.</summary>
internal static class Age
{
    /// <summary>Such as <c>42s</c>, <c>7m</c>, <c>5h10m</c> or <c>12d</c>; empty where the time is not known.</summary>
    public static string Of(DateTimeOffset? since, DateTimeOffset now)
    {
        if (since is not { } start)
            return "";
        var age = now > start ? now - start : TimeSpan.Zero;
        return age switch
        {
            { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
            { TotalHours: < 2 } => $"{(int)age.TotalMinutes}m",
            { TotalHours: < 10 } => age.Minutes == 0 ? $"{age.Hours}h" : $"{age.Hours}h{age.Minutes}m",
            { TotalDays: < 2 } => $"{(int)age.TotalHours}h",
            _ => $"{(int)age.TotalDays}d",
        };
    }
}
