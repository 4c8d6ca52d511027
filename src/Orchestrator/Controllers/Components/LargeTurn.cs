using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// The turn of one large Component: such are read and written one at a time, namespaces in turn, so that many of them leave this process and the API server
/// to others. Nobody has it while a handler works, which may take long.
/// </summary>
/// <param name="large">The one turn that there is.</param>
/// <param name="tenant">The namespace.</param>
internal sealed class LargeTurn(FairLock large, string tenant) : IDisposable
{
    private IDisposable? held;

    /// <summary>Waits for the turn, and keeps it until <see cref="End"/>.</summary>
    public async Task Begin(CancellationToken cancellation) => held = await large.Hold(tenant, cancellation);

    /// <summary>Others have their turn.</summary>
    public void End()
    {
        held?.Dispose();
        held = null;
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    /// <summary>Writes in the turn that is kept, or in one of its own.</summary>
    public async Task<T> Write<T>(Func<Task<T>> write, CancellationToken cancellation)
    {
        using var own = held is null ? await large.Hold(tenant, cancellation) : null;
        return await write();
    }
}
