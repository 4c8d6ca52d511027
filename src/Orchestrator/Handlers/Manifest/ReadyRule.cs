namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>One rule of <see cref="ReadyWhen"/>.</summary>
/// <param name="Place">Its path in the config, such as <c>readyWhen[0]</c>.</param>
/// <param name="Object">The object.</param>
/// <param name="For">The condition to wait for.</param>
internal sealed record ReadyRule(string Place, ManifestObject Object, WaitRule For)
{
    /// <summary>Why an administrator forbids reading there; null if it is allowed.</summary>
    public string? Refusal(UnreadableKinds unreadable) => For is FieldRule field ? unreadable.Of(Object.Type, field.Path)?.Message : null;
}
