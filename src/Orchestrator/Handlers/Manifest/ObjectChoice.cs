using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Which object of the list a part of the config means: by kind and name, and by apiVersion and namespace where these do not say which.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The name.</param>
/// <param name="ApiVersion">The API version as the list has it; null for any.</param>
/// <param name="Namespace">The namespace; null for any.</param>
internal sealed record ObjectChoice(string Kind, string Name, string? ApiVersion, string? Namespace)
{
    private const string KindKey = "kind";
    private const string NameKey = "name";
    private const string ApiVersionKey = "apiVersion";
    private const string NamespaceKey = "namespace";

    /// <summary>The choice that is written; null where a part of it is missing, or is a reference that has no value yet.</summary>
    public static ObjectChoice? Read(ObjectReader reader)
    {
        var (kind, name) = (reader.String(KindKey, required: true), reader.String(NameKey, required: true));
        var apiVersion = reader.String(ApiVersionKey);
        // An empty namespace is none, as in a manifest.
        var @namespace = reader.String(NamespaceKey) is { Length: > 0 } written ? written : null;
        return kind is null || name is null || reader.IsDeferred(ApiVersionKey) || reader.IsDeferred(NamespaceKey)
            ? null
            : new(kind, name, apiVersion, @namespace);
    }

    /// <summary>The one object that is meant; null where there is none or more than one.</summary>
    /// <param name="manifests">The list.</param>
    /// <param name="isComplete">Whether the list has every object: not while a name in it is a reference that has no value yet.</param>
    /// <param name="own">The Component's namespace, in which an object without one lies; null where nobody knows it yet.</param>
    /// <param name="reader">What was read: takes the problem.</param>
    public ManifestObject? Find(IReadOnlyList<ManifestObject> manifests, bool isComplete, string? own, ObjectReader reader)
    {
        var named = manifests.Where(m => m.Type.Kind == Kind && m.Name == Name).ToList();
        var inVersion = named.Where(m => ApiVersion is null || m.Type.ApiVersion == ApiVersion).ToList();
        var found = inVersion.Where(m => Namespace is null || IsIn(m, own)).ToList();

        // One that says the namespace is meant before one that may turn out to lie there.
        if (found.Count > 1 && Namespace is not null && found.Where(m => m.Namespace == Namespace).ToList() is { Count: > 0 } exact)
            found = exact;
        if (found.Count == 1)
            return found[0];
        if (found.Count > 1)
            Ambiguous(found, reader);
        else if (isComplete)
            Missing(manifests, named, inVersion, reader);
        return null;
    }

    private bool IsIn(ManifestObject manifest, string? own) =>
        ResourceScope.IsNamespaced(manifest.Type) != false && (manifest.Namespace is { } written ? written == Namespace : own is null || own == Namespace);

    private void Missing(
        IReadOnlyList<ManifestObject> manifests, List<ManifestObject> named, List<ManifestObject> inVersion, ObjectReader reader)
    {
        if (inVersion is [var elsewhere, ..])
        {
            reader.Add(NamespaceKey, ResourceScope.IsNamespaced(elsewhere.Type) == false
                ? $"a {Kind} is cluster-scoped: leave it out"
                : $"{elsewhere.Path} is {Kind} {Name} in {Place(elsewhere)}, not in \"{Namespace}\": write that one's namespace, or leave it out");
        }
        else if (named is [var other, ..])
            reader.Add(ApiVersionKey, $"{other.Path} is {Kind} {Name} of {other.Type.ApiVersion}, not of {ApiVersion}: write that version, or leave it out");
        else if (manifests.Where(m => m.Type.Kind == Kind).Select(m => m.Name).ToList() is { Count: > 0 } names)
            reader.Add(NameKey, $"manifests has no {Kind} \"{Name}\"{NearestName.Hint(Name, names)}{Choices(Name, names)}");
        else
        {
            var kinds = manifests.Select(m => m.Type.Kind).Distinct().ToList();
            reader.Add(KindKey, $"manifests has no {Kind}{NearestName.Hint(Kind, kinds)}{Choices(Kind, kinds)}");
        }
    }

    private void Ambiguous(List<ManifestObject> found, ObjectReader reader)
    {
        var versions = found.Select(m => m.Type.ApiVersion).Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = versions.Count > 1
            ? $"add apiVersion: {string.Join(" or ", versions)}"
            : $"add namespace: {string.Join(" or ", found.Select(m => m.Namespace ?? "the Component's own").Distinct().Order(StringComparer.Ordinal))}";
        reader.Add(NameKey, $"{Kind} {Name} may be {string.Join(" or ", found.Select(m => m.Path))}: {missing}");
    }

    private static string Choices(string written, List<string> there) =>
        NearestName.Of(written, there) is null ? $"; it has {string.Join(", ", there.Take(10))}{(there.Count > 10 ? ", …" : "")}" : "";

    private static string Place(ManifestObject manifest) => manifest.Namespace is { } written ? $"\"{written}\"" : "the Component's own namespace";
}
