using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Tests.Resources;

public sealed class InMemoryResourceStoreContract : ResourceStoreContract
{
    private int uids;

    public InMemoryResourceStoreContract() => Store = new InMemoryResourceStore(TimeProvider.System, (_, _) => $"uid-{Interlocked.Increment(ref uids)}");

    private protected override IResourceStore Store { get; }
}
