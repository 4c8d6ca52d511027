using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// What the operator's informer keeps of a large Composition: the names and handlers of its entries, the names and references in configs of our own handlers,
/// and the status without rows. The controller reads the whole from the store. Pure.
/// </summary>
internal static class TrimmedComposition
{
    /// <summary>Returns the part to keep, packed.</summary>
    /// <param name="composition">The whole Composition.</param>
    /// <param name="before">The part kept of an earlier state: the spec of the same generation is the same. Null if there is none.</param>
    /// <param name="runsHere">Whether this process runs a handler.</param>
    public static Composition Of(Composition composition, Composition? before, Func<string, bool> runsHere)
    {
        if (before is { Metadata: { Generation: not null } known, Spec.IsTrimmed: true }
            && (known.Uid, known.Generation) == (composition.Metadata.Uid, composition.Metadata.Generation))
            return Without(composition, before.Spec);
        return ((IResourceRecord)composition).Pack() <= TrimmedComponent.LargeBytes ? composition
            : Without(composition, CompositionSpec.Trimmed([.. composition.Spec.Components.Select(entry => new CompositionEntry
            {
                Name = entry.Name,
                Type = entry.Type,
                Config = runsHere(entry.Type) && entry.Config is { } config ? ConfigExcerpt.Of(config) : null,
            })]));
    }

    private static Composition Without(Composition composition, CompositionSpec spec) => composition with
    {
        Spec = spec,
        Status = composition.Status is { } status ? status with { Components = null } : null,
    };
}
