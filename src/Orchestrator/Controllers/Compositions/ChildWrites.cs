using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>The writes of children in one turn of a Composition. What the store refuses for one holds up none of the others.</summary>
/// <param name="refused">Takes what the store refuses, by child.</param>
internal sealed class ChildWrites(Dictionary<string, ResourceException> refused)
{
    /// <summary>How many children are written before other namespaces get their turn.</summary>
    public const int AtOnce = 100;

    private int written;

    /// <summary>Whether all had their write; otherwise the rest is for the next turn.</summary>
    public bool AreAll { get; private set; } = true;

    /// <summary>Writes each child that this turn has room for.</summary>
    /// <param name="those">The children.</param>
    /// <param name="write">Writes one; false where it did not, as it has to wait.</param>
    public async Task Each(IReadOnlyList<Component> those, Func<Component, Task<bool>> write)
    {
        foreach (var child in those)
        {
            if (written == AtOnce)
            {
                AreAll = false;
                return;
            }

            try
            {
                written += await write(child) ? 1 : 0;
            }
            catch (ResourceException e)
            {
                refused[child.Metadata.Name] = e;
            }
        }
    }
}
