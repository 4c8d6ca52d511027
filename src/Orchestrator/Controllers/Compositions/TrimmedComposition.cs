using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// What the operator's informer keeps of a large Composition: its entries' names and handlers, what configs of our own handlers name and refer to, and the
/// status without its rows. Who works on it reads it from the store. Pure.
/// </summary>
internal static class TrimmedComposition
{
    /// <summary>What is kept.</summary>
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
