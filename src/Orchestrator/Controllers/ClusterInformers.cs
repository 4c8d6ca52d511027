using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Controllers;

/// <summary>
/// The informers of Components and Compositions. Whoever has to hear of a change before the controllers do subscribes before
/// <see cref="ControllerManager.Run"/>, which runs them.
/// </summary>
/// <param name="store">The store to list and watch.</param>
/// <param name="time">The clock of the retries.</param>
/// <param name="log">Logs failures.</param>
/// <param name="namespace">The only namespace to see; null for all.</param>
/// <param name="runsHere">
/// Whether this process runs a handler: of other handlers' Components, and of large resources, only a part is kept. Null to keep everything.
/// </param>
internal sealed class ClusterInformers(
    IResourceStore store, TimeProvider time, ILogger log, string? @namespace = null, Func<string, bool>? runsHere = null)
{
    /// <summary>The Components.</summary>
    public Informer<Component> Components { get; } = new(
        store, new(store, ResourceType.Component, ApiJson.Default.Component), time, log, @namespace,
        runsHere is null ? null : (component, before) => TrimmedComponent.Of(component, before, runsHere));

    /// <summary>The Compositions.</summary>
    public Informer<Composition> Compositions { get; } = new(
        store, new(store, ResourceType.Composition, ApiJson.Default.Composition), time, log, @namespace,
        runsHere is null ? null : (composition, before) => TrimmedComposition.Of(composition, before, runsHere));

    /// <summary>Completes once both kinds are listed.</summary>
    public Task Synced => Task.WhenAll(Components.Synced, Compositions.Synced);

    /// <summary>
    /// Completes once both kinds show one state of the store: after a restore from a backup, nothing is decided on a mix of old and new.
    /// </summary>
    public Task Current => Task.WhenAll(Components.Current, Compositions.Current);
}
