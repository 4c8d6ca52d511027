using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// What the operator's informer keeps of a Component, so that its memory is bounded by what it manages and not by what a namespace holds. Of one that a
/// handler of another process works on: what it is called, needs and outputs. Of a large one of our own: that, and what its config refers to; who works on it
/// reads it from the store. Pure.
/// </summary>
internal static class TrimmedComponent
{
    /// <summary>From how many bytes of JSON on a resource counts as large.</summary>
    public const int LargeBytes = 256 * 1024;

    /// <summary>What is kept.</summary>
    /// <param name="component">The whole Component.</param>
    /// <param name="bytes">The bytes of its JSON.</param>
    /// <param name="runsHere">Whether this process runs a handler.</param>
    public static Component Of(Component component, int bytes, Func<string, bool> runsHere)
    {
        var isOurs = runsHere(ApiGroup.Claimant(component.Metadata) ?? component.Spec.Handler);
        if ((isOurs && bytes <= LargeBytes) || component.Spec.Config is not { } config)
            return component;
        var trimmed = component with
        {
            Spec = component.Spec with { Config = isOurs ? ConfigExcerpt.Of(config) : null, WholeDigest = component.Spec.Digest() },
            Status = isOurs ? component.Status : component.Status is { } status ? status with { Applied = null } : null,
        };
        ((IResourceRecord)trimmed).Pack();
        return trimmed;
    }
}
