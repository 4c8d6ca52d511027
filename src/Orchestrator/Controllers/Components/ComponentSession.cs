using System.Text.Json;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>The writes of one reconcile to one Component: each builds on the one before, so that a foreign write in between is a conflict.</summary>
/// <param name="client">Writes it.</param>
/// <param name="cache">Receives the writes.</param>
/// <param name="component">The Component.</param>
/// <param name="history">The history of the cache in which it was read.</param>
/// <param name="turn">The turn of a large one; null for others.</param>
internal sealed class ComponentSession(
    ResourceClient<Component> client, Informer<Component> cache, Component component, int history, LargeTurn? turn = null) : IDisposable
{
    private readonly SemaphoreSlim oneWriter = new(1, 1);

    /// <summary>The history of the cache in which it was read.</summary>
    public int History => history;

    /// <summary>The Component as last read or written.</summary>
    public Component Current { get; private set; } = component;

    /// <summary>Writes a new status if it differs.</summary>
    public async Task WriteStatus(Func<Component, ComponentStatus> change, CancellationToken cancellation)
    {
        await oneWriter.WaitAsync(cancellation);
        try
        {
            var status = change(Current);
            if (Same(status, Current.Status))
                return;
            Current = await Write(() => client.ReplaceStatus(Current with { Status = status }, cancellation), cancellation);
            cache.Observe(Current, history);
        }
        finally
        {
            oneWriter.Release();
        }
    }

    /// <summary>Adds or removes a finalizer.</summary>
    public async Task WriteFinalizer(string finalizer, bool present, CancellationToken cancellation)
    {
        Current = await Write(
            () => client.Replace(Current with { Metadata = Current.Metadata.WithFinalizer(finalizer, present) }, cancellation), cancellation);
        if (!Current.Metadata.IsTerminating || Current.Metadata.Finalizers is { Count: > 0 })
            cache.Observe(Current, history);
    }

    /// <summary>Whether two statuses are equal.</summary>
    public static bool Same(ComponentStatus? one, ComponentStatus? other) => ReferenceEquals(one, other) || Text(one) == Text(other);

    /// <summary>Releases the turn to other large Components.</summary>
    public void EndTurn() => turn?.End();

    /// <inheritdoc/>
    public void Dispose() => oneWriter.Dispose();

    private Task<Component> Write(Func<Task<Component>> write, CancellationToken cancellation) => turn?.Write(write, cancellation) ?? write();

    private static string Text(ComponentStatus? status) => status is null ? "" : JsonSerializer.Serialize(status, ApiJson.Default.ComponentStatus);
}
