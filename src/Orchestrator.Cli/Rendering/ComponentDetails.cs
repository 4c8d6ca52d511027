using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Details of a resource besides its phase and message: what it made, what is wrong, and what blocks its deletion. Pure.</summary>
internal sealed class ComponentDetails(DateTimeOffset now)
{
    // Those whose True is no good news; of all others False or Unknown is.
    private static readonly string[] BadWhenTrue = ["Drifted", "Limited", "Stalled", "Degraded"];

    private const int ShownObjects = 5;

    /// <summary>The lines for a Composition.</summary>
    public IReadOnlyList<string> Of(Composition composition)
    {
        var conditions = (string[])[Condition.Ready, "Progressing", "Degraded"];
        var known = conditions.Select(type => composition.Status?.Conditions?.FirstOrDefault(c => c.Type == type)).OfType<Condition>()
            .Select(c => $"{c.Type} {c.Status}{(c.LastTransitionTime is { } since ? $" for {Age.Of(since, now)}" : "")}")
            .ToList();
        return
        [
            .. known.Count > 0 ? [string.Join(", ", known)] : (IEnumerable<string>)[],
            .. Common(composition.Metadata, composition.Status?.ObservedGeneration),
        ];
    }

    /// <summary>The lines for a Component.</summary>
    public IReadOnlyList<string> Of(Component component) =>
    [
        .. Made(component),
        .. Troubles(component),
        .. Common(component.Metadata, component.Status?.ObservedGeneration),
    ];

    private IEnumerable<string> Made(Component component)
    {
        var outputs = component.Status?.ProviderStatus ?? [];
        if (component.Spec.Handler == SecretPushConfig.HandlerName && JsonText.NotEmpty(outputs, SecretOutputs.Name) is { } name)
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

    // The message of the status is shown anyhow; Ready's own may list more problems than it.
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
                + $"{(metadata.Finalizers is { Count: > 0 } holders ? string.Join(", ", holders) : "nobody")}";
        else if (observed is { } seen && seen != metadata.Generation)
            yield return "its spec changed and has not been processed yet";
        if (metadata.Annotation(ApiGroup.PausedAnnotation) == "true")
            yield return $"paused by the annotation {ApiGroup.PausedAnnotation}";
    }
}
