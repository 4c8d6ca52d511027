using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>The writes of children in one turn of a Composition. What the store refuses for one holds up none of the others.</summary>
internal sealed class ChildWrites
{
    /// <summary>How many children are written before other namespaces get their turn.</summary>
    public const int AtOnce = 100;

    private int written;

    /// <summary>Whether all had their write; otherwise the rest is for the next turn.</summary>
    public bool AreAll { get; private set; } = true;

    /// <summary>What the store refused, by child.</summary>
    public Dictionary<string, ResourceException> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes one of the turn's writes; false where none is left.</summary>
    public bool Take()
    {
        if (written == AtOnce)
            return AreAll = false;
        written++;
        return true;
    }

    /// <summary>Writes each child that this turn has room for.</summary>
    /// <param name="those">The children.</param>
    /// <param name="write">Writes one; false where it did not, as it has to wait.</param>
    public async Task Each(IReadOnlyList<Component> those, Func<Component, Task<bool>> write)
    {
        foreach (var child in those)
        {
            if (!Take())
                return;
            var isWritten = false;
            try
            {
                isWritten = await write(child);
            }
            catch (ResourceException e)
            {
                Refused[child.Metadata.Name] = e;
            }

            if (!isWritten)
                written--;
        }
    }
}
