using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The namespace and name of each manifest's object, and whether the Component may apply there.</summary>
/// <param name="Entries">The object of each manifest; null while its kind is not served, so that its scope is unknown.</param>
/// <param name="Refusal">Why nothing may be applied; null if everything may.</param>
/// <param name="Unserved">The awaited kinds.</param>
internal sealed record ManifestPlaces(IReadOnlyList<InventoryEntry?> Entries, HandlerAnswer? Refusal, IReadOnlyList<ResourceType> Unserved)
{
    /// <summary>Finds them.</summary>
    public static async Task<ManifestPlaces> Find(IReadOnlyList<ManifestObject> manifests, ApplyScope scope, CancellationToken cancellation)
    {
        var entries = new List<InventoryEntry?>();
        var unserved = new List<ResourceType>();
        var (wrong, outside, elsewhere) = (new List<Problem>(), new List<Problem>(), new List<Problem>());
        foreach (var manifest in manifests)
        {
            InventoryEntry? entry = null;
            try
            {
                entry = manifest.In(scope.Own, await scope.Store.IsNamespaced(manifest.Type, cancellation));
            }
            catch (ResourceException e) when (e.Error is ResourceError.NotServed)
            {
                unserved.Add(manifest.Type);
                // An earlier manifest of the list may define the kind: decide at this manifest's turn.
                if (e.Details.Count > 0 && !IsDefinedIn(manifest, manifests))
                    elsewhere.Add(UnservedKind.OtherVersion(e, manifest.Type, manifest.Path));
            }
            catch (ResourceException e)
            {
                return new(entries, await ManifestFailure.Answer(e, manifest, manifest.AsWritten, isThere: false, scope, cancellation), unserved);
            }

            if (entry is not null)
                Check(manifest, entry, scope, [.. manifests.Zip(entries)], wrong, outside);
            entries.Add(entry);
        }

        HandlerAnswer? refusal = wrong.Count > 0 ? new HandlerAnswer.Failed(FailureKind.InvalidConfig, [.. wrong, .. elsewhere])
            // Rejected and not InvalidConfig: the cluster may serve the version later.
            : elsewhere.Count > 0 ? new HandlerAnswer.Failed(FailureKind.Rejected, elsewhere)
            // Denied and not InvalidConfig: the operator's settings can heal it without an edit.
            : outside.Count > 0 ? new HandlerAnswer.Failed(FailureKind.Denied, outside)
            : null;
        return new(entries, refusal, unserved);
    }

    /// <summary>Whether the list has the CustomResourceDefinition of the manifest's kind.</summary>
    public static bool IsDefinedIn(ManifestObject manifest, IReadOnlyList<ManifestObject> manifests) => manifests.Any(other =>
        (other.Type.Group, other.Type.Kind) == (ResourceScope.Definition.Group, ResourceScope.Definition.Kind)
        && new ResourceView(other.Json) is var definition
        && definition.Text("spec", "group") == manifest.Type.Group && definition.Text("spec", "names", "kind") == manifest.Type.Kind);

    /// <summary>Reports the problems of one manifest's place.</summary>
    public static void Check(
        ManifestObject manifest, InventoryEntry entry, ApplyScope scope, IReadOnlyList<(ManifestObject Manifest, InventoryEntry? Entry)> before,
        ICollection<Problem> wrong, ICollection<Problem> outside)
    {
        if (entry.Key.Namespace is null && manifest.Namespace is not null)
            wrong.Add(new($"{manifest.Path}.metadata.namespace", $"a {manifest.Type.Kind} is cluster-scoped: leave it out"));
        else if (entry.Type == ResourceType.Namespace && entry.Key.Name == scope.Own)
            wrong.Add(
                new(manifest.Path, $"{entry} contains this Component, so its deletion would wait for the Component's: apply {entry} separately"));
        else if (before.FirstOrDefault(b => b.Entry?.IsSameObject(entry) == true) is { Entry: not null } first)
            wrong.Add(new(manifest.Path, $"is the same {entry} as {first.Manifest.Path}: write each object once"));
        else if (!scope.Has(entry))
            outside.Add(new(manifest.Path + (entry.Key.Namespace is null ? ".kind" : ".metadata.namespace"), scope.Outside(entry)));
    }
}
