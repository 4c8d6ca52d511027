using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The config of a <see cref="ManifestHandler"/>: <c>manifests[]</c>, each a Kubernetes object, and the account that applies them.</summary>
/// <param name="ServiceAccountName">The ServiceAccount, of the Component's namespace; null if there is none.</param>
/// <param name="Manifests">The objects, in the order written.</param>
/// <param name="ReadyWhen">The readiness rules of the config.</param>
internal sealed record ManifestConfig(string? ServiceAccountName, IReadOnlyList<ManifestObject> Manifests, ReadyWhen ReadyWhen)
{
    /// <summary>The outputs, besides the inventory.</summary>
    public IReadOnlyList<ManifestOutput> Outputs { get; init; } = [];

    /// <summary>The key of the objects.</summary>
    public const string Key = "manifests";

    /// <summary>The most manifests of one Component: its inventory must fit into a status, which has at most 256 KiB.</summary>
    public const int MaxManifests = 200;

    // Metadata that the API server sets and an apply may not contain, or only as a precondition.
    private static readonly string[] RefusedMetadata = ["managedFields", "resourceVersion", "uid"];

    /// <summary>Reads as much of the config as possible, and reports every problem.</summary>
    /// <param name="config">The config.</param>
    /// <param name="isResolved">Whether every reference is resolved.</param>
    /// <param name="problems">Receives the problems.</param>
    /// <param name="own">The Component's namespace; null if unknown.</param>
    public static ManifestConfig Read(JsonObject config, bool isResolved, ICollection<Problem> problems, string? own = null)
    {
        var root = new ObjectReader(config, "", problems);
        var account = ObjectFields.ReadAccount(root);
        var readers = root.Objects(Key, required: true);
        root.Has(ReadyWhen.Key);
        root.Has(ManifestOutputs.Key);
        root.Close();
        if (config[Key] is JsonArray { Count: 0 })
            root.Add(Key, "is empty: write at least one manifest");
        if (readers.Count > MaxManifests)
            root.Add(Key, $"has {readers.Count} manifests, at most {MaxManifests} are allowed: spread them over several components");

        var objects = (config[Key] as JsonArray ?? []).OfType<JsonObject>().Where(o => !ConfigReferences.IsReference(o));
        var hasAccount = root.Has(ObjectFields.AccountKey);
        var manifests = readers.Zip(objects, (reader, json) => Read(reader, json, hasAccount, problems)).OfType<ManifestObject>().ToList();
        if (isResolved && root.HasDeferred)
            root.Add(Key, "a manifest and its apiVersion, kind, name and namespace, and serviceAccountName, must be values, not references");
        if (!isResolved)
        {
            foreach (var reader in readers)
                CheckData(reader);
        }

        FindDuplicates(manifests, problems);
        var (wasDeferred, isComplete) = (root.HasDeferred, manifests.Count == (config[Key] as JsonArray)?.Count);
        var readyWhen = ReadyWhen.Read(root, manifests, isComplete, isResolved, own);
        if (isResolved && root.HasDeferred && !wasDeferred)
            root.Add(ReadyWhen.Key, "must have values, not references");
        return new(account, manifests, readyWhen) { Outputs = ManifestOutputs.Read(root, manifests, isComplete, isResolved, own) };
    }

    /// <summary>The ServiceAccount of a config, or null for none; false if it is invalid.</summary>
    public static bool TryReadAccount(JsonObject config, out string? account)
    {
        var problems = new List<Problem>();
        var root = new ObjectReader(config, "", problems);
        account = ObjectFields.ReadAccount(root);
        return problems.Count == 0 && !root.HasDeferred;
    }

    private static ManifestObject? Read(ObjectReader reader, JsonObject json, bool hasAccount, ICollection<Problem> problems)
    {
        var type = ReadType(reader, json);
        if (reader.Object("metadata", required: true) is not { } metadata)
            return null;

        var name = ReadName(metadata);
        var @namespace = metadata.String("namespace") is { Length: > 0 } written ? written : null;
        if (type is { } kind)
            CheckScope(reader, kind, name, @namespace, hasAccount, problems);
        foreach (var key in RefusedMetadata.Where(metadata.Has))
            metadata.Add(key, "is written by the cluster: leave it out");
        MetadataFields.CheckLabels(metadata);
        MetadataFields.CheckAnnotations(metadata);
        foreach (var texts in new[] { metadata.Object("labels"), metadata.Object("annotations") })
        {
            if (texts?.Has(ObjectOwner.Annotation) == true)
                texts.Add(ObjectOwner.Annotation, "is written by the manifest handler: leave it out");
        }

        metadata.Strings("finalizers");
        foreach (var owner in metadata.Objects("ownerReferences").Where(MetadataFields.CheckOwner))
            owner.Add("controller", "must not be true: the Component has the object, so no other controller can");

        return type is null || name is null || metadata.IsDeferred("namespace")
            ? null
            : new(reader.Path, json, type.Value, @namespace, name);
    }

    // The API server refuses a number where a ConfigMap or a Secret needs text. Unresolved references are not checked.
    private static void CheckData(ObjectReader reader)
    {
        if (!Is(reader.Any("apiVersion"), "v1") || !(Is(reader.Any("kind"), "ConfigMap") || Is(reader.Any("kind"), "Secret")))
            return;
        foreach (var map in (string[])["data", "binaryData", "stringData"])
        {
            if (reader.Object(map) is not { } texts)
                continue;
            foreach (var key in texts.Keys().Where(key => texts.Any(key) is not JsonObject))
                texts.String(key, required: true);
        }
    }

    private static bool Is(JsonNode? node, string text) => JsonText.Of(node) == text;

    private static ResourceType? ReadType(ObjectReader reader, JsonObject json)
    {
        if (ObjectFields.ReadType(reader) is not { } type)
            return null;
        if (type.Group == ApiGroup.Name)
            reader.Add("kind", $"a {type.Kind} cannot be a manifest: apply it beside this one, as a cycle of them could never be deleted");
        else if (type.Kind.EndsWith("List", StringComparison.Ordinal) && json.ContainsKey("items"))
            reader.Add("kind", $"a {type.Kind} is not an object: write its items as manifests of their own");
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

        return ObjectFields.ReadName(metadata);
    }

    // For well-known kinds only: for others the cluster decides.
    private static void CheckScope(ObjectReader reader, ResourceType type, string? name, string? @namespace, bool hasAccount, ICollection<Problem> problems)
    {
        if (ResourceScope.IsNamespaced(type) != false)
            return;
        if (@namespace is not null)
            reader.Add("metadata.namespace", $"a {type.Kind} is cluster-scoped: leave it out");
        if (type.Kind == ResourceScope.Definition.Kind && name?.EndsWith($".{ApiGroup.Name}", StringComparison.Ordinal) == true)
            reader.Add("kind",
                "a Component cannot apply a CustomResourceDefinition of dorch, whose deletion would wait for the Component: install it with dorch crds");
        else if (!hasAccount)
        {
            problems.Add(
                new(reader.PathOf("kind"), $"a {type.Kind} is cluster-scoped: in a cluster this needs serviceAccountName, a ServiceAccount that may write "
                + "it, or an operator that runs with --manifest-scope cluster", IsWarning: true));
        }
    }

    private static void FindDuplicates(List<ManifestObject> manifests, ICollection<Problem> problems)
    {
        // An object is served in several versions, so the version does not count.
        var seen = new Dictionary<(string Group, string Kind, ObjectKey Key), ManifestObject>();
        foreach (var manifest in manifests)
        {
            var entry = manifest.AsWritten;
            if (!seen.TryAdd((entry.Type.Group, entry.Type.Kind, entry.Key), manifest)
                && seen[(entry.Type.Group, entry.Type.Kind, entry.Key)] is var first)
            {
                problems.Add(new(manifest.Path, $"is the same {first.AsWritten} as {first.Path}: write each object once"));
            }
        }
    }
}
