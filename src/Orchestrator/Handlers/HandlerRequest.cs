using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>What a handler is asked to do, and what it answered the last time.</summary>
public sealed record HandlerRequest
{
    /// <summary>The Component as it is read; its config is not resolved: take <see cref="Config"/>.</summary>
    public required Component Component { get; init; }

    /// <summary>The config with every reference replaced by its value.</summary>
    public required JsonObject Config { get; init; }

    /// <summary>The outputs that the handler last gave; empty at first.</summary>
    public JsonObject ProviderStatus => Component.Status?.ProviderStatus ?? [];

    /// <summary>The memory that the handler last gave; empty at first.</summary>
    public JsonObject Applied => Component.Status?.Applied ?? [];

    /// <summary>
    /// The followed objects whose changes alone are why the handler is called: it need not look at any other. Null where it is to look at everything.
    /// </summary>
    public IReadOnlySet<ObjectId>? Changed { get; init; }

    /// <summary>What the handler last gave as <see cref="HandlerAnswer.Memo"/>, where config, uid and <c>requested-at</c> are the same; null
    /// otherwise.</summary>
    public object? Memo { get; init; }

    /// <summary>
    /// Stores a new <see cref="ComponentStatus.Applied"/> at once, before a side effect that must not be forgotten.
    /// Throws where the store refuses; then do nothing.
    /// </summary>
    public required Func<JsonObject, CancellationToken, Task> Remember { get; init; }
}
