using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Selects one object of the list: by kind and name, and by apiVersion and namespace if these are ambiguous.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The name.</param>
/// <param name="ApiVersion">The API version as in the list; null for any.</param>
/// <param name="Namespace">The namespace; null for any.</param>
internal sealed record ObjectChoice(string Kind, string Name, string? ApiVersion, string? Namespace)
{
    private const string KindKey = "kind";
    private const string NameKey = "name";
    private const string ApiVersionKey = "apiVersion";
    private const string NamespaceKey = "namespace";

    /// <summary>Reads the choice; null if a part of it is missing or an unresolved reference.</summary>
    public static ObjectChoice? Read(ObjectReader reader)
    {
        var (kind, name) = (reader.String(KindKey, required: true), reader.String(NameKey, required: true));
        var apiVersion = reader.String(ApiVersionKey);
        // An empty namespace means none, as in a manifest.
        var @namespace = reader.String(NamespaceKey) is { Length: > 0 } written ? written : null;
        return kind is null || name is null || reader.IsDeferred(ApiVersionKey) || reader.IsDeferred(NamespaceKey)
            ? null
            : new(kind, name, apiVersion, @namespace);
    }

    /// <summary>The selected object; null if none or several match.</summary>
    /// <param name="manifests">The list.</param>
    /// <param name="isComplete">Whether the list is complete: false while a name is an unresolved reference.</param>
    /// <param name="own">The Component's namespace, the default for objects without one; null if unknown.</param>
    /// <param name="reader">The part of the config; receives the problem.</param>
    public ManifestObject? Find(IReadOnlyList<ManifestObject> manifests, bool isComplete, string? own, ObjectReader reader)
    {
        var named = manifests.Where(m => m.Type.Kind == Kind && m.Name == Name).ToList();
        var inVersion = named.Where(m => ApiVersion is null || m.Type.ApiVersion == ApiVersion).ToList();
        var found = inVersion.Where(m => Namespace is null || IsIn(m, own)).ToList();

        // An object with an explicit namespace wins over one whose namespace is a default.
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
