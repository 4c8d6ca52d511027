using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>The name, owner reference, labels and finalizer of a Composition's child. Pure.</summary>
internal static class ChildMetadata
{
    /// <summary>A new child.</summary>
    public static Component NewChild(Composition composition, string entry, ComponentSpec spec) => new()
    {
        Metadata = WithLabelsAndFinalizer(
            new()
            {
                Name = ChildName.Of(composition.Metadata.Name, entry),
                Namespace = composition.Metadata.Namespace,
                OwnerReferences = [OwnerReference(composition)],
            },
            composition,
            entry),
        Spec = spec,
    };

    /// <summary>The metadata with the labels and the finalizer of an entry's child.</summary>
    public static ObjectMeta WithLabelsAndFinalizer(ObjectMeta metadata, Composition composition, string entry) => metadata with
    {
        Labels = Labels(metadata, composition, entry),
        Finalizers = metadata.HasFinalizer(ApiGroup.CoordinationFinalizer)
            ? metadata.Finalizers
            : [.. metadata.Finalizers ?? [], ApiGroup.CoordinationFinalizer],
    };

    /// <summary>Whether a child has the labels and the finalizer of an entry's child.</summary>
    public static bool HasLabelsAndFinalizer(Component child, Composition composition, string entry) =>
        child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer) && child.Metadata.Label(ApiGroup.ComponentLabel) == entry
        && child.Metadata.Label(ApiGroup.CompositionLabel) == composition.Metadata.Name
        && (RestoredObject.Is(child.Metadata) || !RestoredObject.Is(composition.Metadata));

    /// <summary>Adopts the child of an earlier Composition with the same name. Other owners stay.</summary>
    public static Component TakenBack(Component child, Composition composition, string entry) => child with
    {
        Metadata = WithLabelsAndFinalizer(child.Metadata, composition, entry) with
        {
            OwnerReferences =
                [.. (child.Metadata.OwnerReferences ?? []).Where(owner => !IsNamed(owner, composition.Metadata.Name)), OwnerReference(composition)],
        },
    };

    /// <summary>Whether an owner reference names a Composition of this name, with any uid.</summary>
    public static bool IsNamed(OwnerReference owner, string composition) =>
        owner is { Kind: Composition.KindName, ApiVersion: ApiGroup.ApiVersion } && owner.Name == composition;

    /// <summary>The entry name of a child, from its label or its spec.</summary>
    public static string EntryNameOf(Component child) => child.Metadata.Label(ApiGroup.ComponentLabel) ?? child.Spec.Name ?? "";

    private static Dictionary<string, string> Labels(ObjectMeta metadata, Composition composition, string entry)
    {
        var labels = new Dictionary<string, string>(metadata.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            [ApiGroup.CompositionLabel] = composition.Metadata.Name,
            [ApiGroup.ComponentLabel] = entry,
        };
        // The children count as restored, too, whether they were in the backup or are recreated.
        if (composition.Metadata.Label(RestoredObject.Label) is { } restore)
            labels.TryAdd(RestoredObject.Label, restore);
        return labels;
    }

    private static OwnerReference OwnerReference(Composition composition) => new()
    {
        ApiVersion = ApiGroup.ApiVersion,
        Kind = Composition.KindName,
        Name = composition.Metadata.Name,
        Uid = composition.Metadata.Uid!,
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
