using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeploymentOrchestrator.Api;

/// <summary>The part of Kubernetes' ObjectMeta that the controllers read. The rest is kept in <see cref="Other"/> and written back.</summary>
public sealed record ObjectMeta
{
    // Set by the API server for `kubectl delete --cascade=orphan`; the garbage collector removes it once no child names the object as its owner.
    internal const string OrphanFinalizer = "orphan";

    /// <summary>Unique among the namespace's objects of this kind; a DNS subdomain of at most 253 characters.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The namespace; null for cluster-scoped kinds.</summary>
    public string? Namespace { get; init; }

    /// <summary>Set by the store at creation, never reused.</summary>
    public string? Uid { get; init; }

    /// <summary>Changes with every write; a write with an older one is a conflict.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Counts changes of the spec; changes of status and metadata do not count.</summary>
    public long? Generation { get; init; }

    /// <summary>When the store created the object, UTC.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Set when the object is deleted while it has finalizers.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The clients that have to act before the object may be removed.</summary>
    public IReadOnlyList<string>? Finalizers { get; init; }

    /// <summary>The owners of the object.</summary>
    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    /// <summary>Fields that are not read here (managedFields, generateName and others).</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>Whether the object's deletion was requested.</summary>
    [JsonIgnore]
    public bool IsTerminating => DeletionTimestamp is not null;

    /// <summary>Whether an annotation pauses the object.</summary>
    internal bool IsPaused => Annotation(ApiGroup.PausedAnnotation) == "true";

    /// <summary>Whether the object has this finalizer.</summary>
    public bool HasFinalizer(string finalizer) => Finalizers?.Contains(finalizer, StringComparer.Ordinal) == true;

    /// <summary>The metadata with this finalizer as the last, or without it. Those of other clients stay.</summary>
    internal ObjectMeta WithFinalizer(string finalizer, bool present)
    {
        var others = (Finalizers ?? []).Where(f => f != finalizer);
        return this with { Finalizers = present ? [.. others, finalizer] : [.. others] };
    }

    /// <summary>The label's value, or null.</summary>
    public string? Label(string key) => Labels?.GetValueOrDefault(key);

    /// <summary>The annotation's value, or null.</summary>
    public string? Annotation(string key) => Annotations?.GetValueOrDefault(key);

    /// <summary>The owner that controls the object, or null if there is none.</summary>
    public OwnerReference? Controller() => OwnerReferences?.FirstOrDefault(o => o.Controller == true);
}
