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
    /// <summary>Returns the part to keep.</summary>
    /// <param name="composition">The whole Composition.</param>
    /// <param name="bytes">The bytes of its JSON.</param>
    /// <param name="runsHere">Whether this process runs a handler.</param>
    public static Composition Of(Composition composition, int bytes, Func<string, bool> runsHere) => bytes <= TrimmedComponent.LargeBytes ? composition
        : composition with
        {
            Spec = CompositionSpec.Trimmed([.. composition.Spec.Components.Select(entry => new CompositionEntry
            {
                Name = entry.Name,
                Type = entry.Type,
                Config = runsHere(entry.Type) && entry.Config is { } config ? ConfigExcerpt.Of(config) : null,
            })]),
            Status = composition.Status is { } status ? status with { Components = null } : null,
        };
}
