using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>The writes of children in one turn of a Composition. A refusal by the store for one child does not block the others.</summary>
internal sealed class ChildWrites
{
    /// <summary>How many children are written before other namespaces get their turn.</summary>
    public const int AtOnce = 100;

    private int written;

    /// <summary>Whether every child was written; otherwise the next turn writes the rest.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The store's refusals, by child.</summary>
    public Dictionary<string, ResourceException> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes one of the turn's writes; false if none is left.</summary>
    public bool Take()
    {
        if (written == AtOnce)
            return IsComplete = false;
        written++;
        return true;
    }

    /// <summary>Writes as many of the children as this turn has room for.</summary>
    /// <param name="children">The children.</param>
    /// <param name="write">Writes one child; false if the write has to wait.</param>
    public async Task Each(IReadOnlyList<Component> children, Func<Component, Task<bool>> write)
    {
        foreach (var child in children)
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
