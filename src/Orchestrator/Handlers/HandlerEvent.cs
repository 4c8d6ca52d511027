namespace DeploymentOrchestrator.Handlers;

/// <summary>Something that happened, for a Kubernetes Event.</summary>
/// <param name="Reason">One CamelCase word.</param>
/// <param name="Message">One sentence.</param>
/// <param name="IsWarning">Type Warning rather than Normal.</param>
public sealed record HandlerEvent(string Reason, string Message, bool IsWarning = false);
