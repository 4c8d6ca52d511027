using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>One change in a <see cref="Informer{T}"/>.</summary>
/// <param name="Key">Which resource.</param>
/// <param name="Before">The old resource; null if it is new or could not be read.</param>
/// <param name="After">The new resource; null if it was deleted or cannot be read.</param>
/// <param name="Unreadable">Why it cannot be read; null if it can, or if it was deleted.</param>
internal sealed record ResourceChange<T>(ObjectKey Key, T? Before, T? After, string? Unreadable)
    where T : class;

/// <summary>A resource that does not have the record's shape.</summary>
/// <param name="Key">Which resource.</param>
/// <param name="Message">What is wrong with it.</param>
internal sealed record UnreadableResource(ObjectKey Key, string Message);
