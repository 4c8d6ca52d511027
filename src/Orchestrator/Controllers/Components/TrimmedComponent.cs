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

    /// <summary>Returns the part to keep, packed.</summary>
    /// <param name="component">The whole Component.</param>
    /// <param name="before">The part kept of an earlier state: the spec of the same generation is the same. Null if there is none.</param>
    /// <param name="runsHere">Whether this process runs a handler.</param>
    public static Component Of(Component component, Component? before, Func<string, bool> runsHere)
    {
        var isOurs = runsHere(component.ManagingHandler());
        if (IsTrimmedAlike(before, component, isOurs))
            return Packed(component, before!.Spec, isOurs);
        var config = component.Spec.Config;
        var isSmall = ((IResourceRecord)component).Pack() <= LargeBytes;
        return config is null || (isOurs && isSmall) ? component
            : Packed(component, component.Spec with { Config = isOurs ? ConfigExcerpt.Of(config) : null, WholeDigest = component.Spec.Digest() }, isOurs);
    }

    private static bool IsTrimmedAlike(Component? before, Component component, bool isOurs) =>
        before is { Metadata: { Generation: not null } known, Spec.IsTrimmed: true } && (before.Spec.ConfigJson is not null) == isOurs
        && (known.Uid, known.Generation) == (component.Metadata.Uid, component.Metadata.Generation);

    private static Component Packed(Component component, ComponentSpec spec, bool isOurs)
    {
        var trimmed = component with
        {
            Spec = spec,
            Status = isOurs ? component.Status : component.Status is { } status ? status with { Applied = null } : null,
        };
        ((IResourceRecord)trimmed).Pack();
        return trimmed;
    }
}
