using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// What the operator's informer keeps of a Component, so that its memory depends on what it manages and not on the size of a namespace. Of a Component of an
/// external handler: names, dependencies and outputs. Of a large one of our own: the same, and the references in its config; the controller reads the whole
/// from the store. Pure.
/// </summary>
internal static class TrimmedComponent
{
    /// <summary>The bytes of JSON from which a resource counts as large.</summary>
    public const int LargeBytes = 256 * 1024;

    /// <summary>Returns the part to keep.</summary>
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
