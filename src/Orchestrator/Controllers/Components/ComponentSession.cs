using System.Text.Json;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>The writes of one reconcile to one Component: each builds on the one before, so that a foreign write in between is a conflict.</summary>
internal sealed class ComponentSession(ResourceClient<Component> client, Informer<Component> cache, Component component) : IDisposable
{
    private readonly SemaphoreSlim oneWriter = new(1, 1);
    private readonly int history = cache.History;

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
            Current = await client.ReplaceStatus(Current with { Status = status }, cancellation);
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
        var others = (Current.Metadata.Finalizers ?? []).Where(f => f != finalizer);
        IReadOnlyList<string> finalizers = present ? [.. others, finalizer] : [.. others];
        Current = await client.Replace(Current with { Metadata = Current.Metadata with { Finalizers = finalizers } }, cancellation);
        if (!Current.Metadata.IsTerminating || finalizers.Count > 0)
            cache.Observe(Current, history);
    }

    /// <summary>Whether two statuses are equal.</summary>
    public static bool Same(ComponentStatus? one, ComponentStatus? other) => ReferenceEquals(one, other) || Text(one) == Text(other);

    /// <inheritdoc/>
    public void Dispose() => oneWriter.Dispose();

    private static string Text(ComponentStatus? status) => status is null ? "" : JsonSerializer.Serialize(status, ApiJson.Default.ComponentStatus);
}
