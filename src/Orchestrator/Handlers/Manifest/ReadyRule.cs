namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>One rule of <see cref="ReadyWhen"/>.</summary>
/// <param name="Place">Its path in the config, such as <c>readyWhen[0]</c>.</param>
/// <param name="Object">The object that it is about.</param>
/// <param name="For">What is waited for.</param>
internal sealed record ReadyRule(string Place, ManifestObject Object, WaitRule For)
{
    /// <summary>Why nobody may look there; null where everybody may.</summary>
    public string? Refusal(UnreadableKinds unreadable) => For is FieldRule field ? unreadable.Of(Object.Type, field.Path)?.Message : null;
}
