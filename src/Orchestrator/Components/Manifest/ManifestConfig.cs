using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Components.Manifest;

/// <summary>Reads the config of a <see cref="ManifestHandler"/>: <c>manifests[]</c>, each an object of Kubernetes.</summary>
internal static partial class ManifestConfig
{
    private const string Key = "manifests";

    /// <summary>The most manifests of one Component. Its inventory stands in the status, which may have 256 KiB.</summary>
    public const int MaxManifests = 200;

    // What the API server writes and an apply may not carry, or only as a condition.
    private static readonly string[] RefusedMetadata = ["managedFields", "resourceVersion", "uid"];

    /// <summary>The manifests that can be read, with every problem of the config.</summary>
    /// <param name="config">The config.</param>
    /// <param name="ownNamespace">
    /// The Component's namespace; null where it is not known and strings may still be references, for a check of the config alone.
    /// </param>
    /// <param name="problems">Takes what is wrong.</param>
    public static IReadOnlyList<ManifestObject> Read(JsonObject config, string? ownNamespace, ICollection<Problem> problems)
    {
        var root = new ObjectReader(config, "", problems);
        var readers = root.Objects(Key, required: true);
        root.Close();
        if (config[Key] is JsonArray { Count: 0 })
            root.Add(Key, "is empty: write at least one manifest");
        if (readers.Count > MaxManifests)
            root.Add(Key, $"has {readers.Count} manifests, at most {MaxManifests} are allowed: spread them over several components");

        var objects = (config[Key] as JsonArray ?? []).OfType<JsonObject>();
        var manifests = readers.Zip(objects, (reader, json) => Read(reader, json, ownNamespace)).OfType<ManifestObject>().ToList();
        if (ownNamespace is not null && root.HasDeferred)
            root.Add(Key, "a manifest and its apiVersion, kind, name and namespace must be values, not references");
        FindDuplicates(manifests, problems);
        return manifests;
    }

    private static ManifestObject? Read(ObjectReader reader, JsonObject json, string? ownNamespace)
    {
        var type = ReadType(reader, json);
        if (reader.Object("metadata", required: true) is not { } metadata)
            return null;

        var name = ReadName(metadata);
        var @namespace = ReadNamespace(metadata, ownNamespace);
        foreach (var key in RefusedMetadata.Where(metadata.Has))
            metadata.Add(key, "is written by the cluster: leave it out");
        foreach (var key in new[] { "labels", "annotations" })
        {
            if (metadata.Object(key) is not { } texts)
                continue;
            foreach (var text in texts.Keys())
                texts.String(text);
            if (texts.Has(ObjectOwner.Annotation))
                texts.Add(ObjectOwner.Annotation, "is written by the manifest handler: leave it out");
        }

        foreach (var owner in metadata.Objects("ownerReferences").Where(o => o.Boolean("controller") == true))
            owner.Add("controller", "must not be true: the Component has the object, so no other controller can");

        return type is null || name is null || metadata.IsDeferred("namespace")
            ? null
            : new(reader.Path, json, new(type.Value, new(@namespace, name)));
    }

    private static ResourceType? ReadType(ObjectReader reader, JsonObject json)
    {
        var apiVersion = reader.String("apiVersion", required: true);
        var kind = reader.String("kind", required: true);
        if (apiVersion is not null && !ApiVersion().IsMatch(apiVersion))
        {
            reader.Add("apiVersion", $"\"{apiVersion}\" is no API version: write one such as v1 or apps/v1");
            apiVersion = null;
        }

        if (kind is not null && !Kind().IsMatch(kind))
        {
            reader.Add("kind", $"\"{kind}\" is no kind: write one such as ConfigMap");
            kind = null;
        }

        if (apiVersion is null || kind is null)
            return null;
        var type = ResourceType.Of(apiVersion, kind);
        if (type.Group == ApiGroup.Name)
            reader.Add("kind", $"a {kind} cannot be a manifest: apply it beside this one, as a cycle of them could never be deleted");
        else if (ResourceScope.IsNamespaced(type) == false)
            reader.Add("kind", $"a {kind} lies in no namespace, and a Component applies in its own namespace only: have the cluster's administrator apply it");
        else if (kind.EndsWith("List", StringComparison.Ordinal) && json.ContainsKey("items"))
            reader.Add("kind", $"a {kind} is no object: write its items as manifests of their own");
        return type;
    }

    private static string? ReadName(ObjectReader metadata)
    {
        if (metadata.Has("generateName"))
        {
            metadata.Add("generateName", "would make a new object at each apply: write a name");
            metadata.Has("name");
            return null;
        }

        // What the API takes as a name differs by kind; this is what holds for all of them, as a name becomes a part of a URL's path.
        if (metadata.String("name", required: true) is not { } name)
            return null;
        if (name.Length is > 0 and <= 253 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '%'))
            return name;
        metadata.Add("name", $"\"{name}\" is no name: it has 1-253 characters, none of them / or %");
        return null;
    }

    private static string? ReadNamespace(ObjectReader metadata, string? ownNamespace)
    {
        var written = metadata.String("namespace");
        if (string.IsNullOrEmpty(written))
            return ownNamespace;
        if (ownNamespace is not null && written != ownNamespace)
        {
            metadata.Add("namespace", $"is \"{written}\", and a Component applies in its own namespace \"{ownNamespace}\" only: "
                + $"put the Composition into \"{written}\", or leave the namespace out");
        }

        return written;
    }

    private static void FindDuplicates(List<ManifestObject> manifests, ICollection<Problem> problems)
    {
        for (var i = 0; i < manifests.Count; i++)
        {
            if (manifests.Take(i).FirstOrDefault(m => m.Entry.IsSameObject(manifests[i].Entry)) is { } first)
                problems.Add(new(manifests[i].Path, $"is the same {first.Entry} as {first.Path}: write each object once"));
        }
    }

    [GeneratedRegex(@"\A([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ApiVersion();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{0,62}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kind();
}
