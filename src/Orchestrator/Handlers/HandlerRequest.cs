using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>One call of a handler: the Component, its resolved config, and what the handler returned last.</summary>
public sealed record HandlerRequest
{
    /// <summary>The Component as stored. Its config holds unresolved references: use <see cref="Config"/>.</summary>
    public required Component Component { get; init; }

    /// <summary>
    /// The config with every reference replaced by its value. A deletion waits for no other Component: a reference to one that is not Ready stays as written.
    /// </summary>
    public required JsonObject Config { get; init; }

    /// <summary>The outputs that the handler last returned; empty at first.</summary>
    public JsonObject ProviderStatus => Component.Status?.ProviderStatus ?? [];

    /// <summary>The state that the handler last returned, from <c>status.applied</c>; empty at first.</summary>
    public JsonObject Applied => Component.Status?.Applied ?? [];

    /// <summary>
    /// The watched objects that changed, where they are the only reason for this call: the handler need not check any other. Null to check everything.
    /// </summary>
    public IReadOnlySet<ObjectId>? Changed { get; init; }

    /// <summary>What the handler last returned as <see cref="HandlerAnswer.Memo"/>, if config, uid and <c>requested-at</c> are the same; null
    /// otherwise.</summary>
    public object? Memo { get; init; }

    /// <summary>
    /// Stores a new <see cref="ComponentStatus.Applied"/> at once, before a side effect that must not be forgotten.
    /// Throws if the store refuses; the handler must then do nothing.
    /// </summary>
    public required Func<JsonObject, CancellationToken, Task> Remember { get; init; }
}
