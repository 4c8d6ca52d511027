using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// The turn of one large Component. Large Components are read and written one at a time, namespaces in turn, so that many of them do not occupy this
/// process and the API server. The turn is released while a handler works, which may take long.
/// </summary>
/// <param name="large">The lock of the only turn.</param>
/// <param name="tenant">The namespace.</param>
internal sealed class LargeTurn(FairLock large, string tenant) : IDisposable
{
    private IDisposable? held;

    /// <summary>Waits for the turn, and keeps it until <see cref="End"/>.</summary>
    public async Task Begin(CancellationToken cancellation) => held = await large.Hold(tenant, cancellation);

    /// <summary>Releases the turn.</summary>
    public void End()
    {
        held?.Dispose();
        held = null;
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    /// <summary>Writes in the current turn, or in a new one.</summary>
    public async Task<T> Write<T>(Func<Task<T>> write, CancellationToken cancellation)
    {
        using var own = held is null ? await large.Hold(tenant, cancellation) : null;
        return await write();
    }
}
