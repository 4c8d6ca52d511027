using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>One resource that one handler manages: a secret, a set of manifests, values read from a ConfigMap.</summary>
public sealed record Component : IResourceRecord
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "Component";

    /// <summary>Always <see cref="ApiGroup.ApiVersion"/>.</summary>
    public string ApiVersion { get => field ?? ApiGroup.ApiVersion; init; }

    /// <summary>Always <see cref="KindName"/>.</summary>
    public string Kind { get => field ?? KindName; init; }

    /// <summary>Name, namespace and other metadata.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>The desired state.</summary>
    public required ComponentSpec Spec { get; init; }

    /// <summary>The observed state; null until it is first written.</summary>
    public ComponentStatus? Status { get; init; }

    /// <summary>The name that references use: <c>spec.name</c>, or the object's name with <c>-</c> as <c>_</c>.</summary>
    public string ReferenceName() => Spec.Name ?? Metadata.Name.Replace('-', '_');

    /// <summary>The handler that claimed it, or else the one that its spec names: an edit of <c>spec.handler</c> by hand hands nothing over.</summary>
    internal string ManagingHandler() => ApiGroup.Claimant(Metadata) ?? Spec.Handler;

    int IResourceRecord.Pack()
    {
        var packed = 0;
        foreach (var json in new[] { Spec.ConfigJson, Status?.ProviderStatusJson, Status?.AppliedJson }.OfType<PackedJson>())
        {
            json.Pack();
            packed += json.Size;
        }

        return packed;
    }

    /// <summary>Whether the phase is Ready for the current spec.</summary>
    public bool IsReady() => Status?.Phase == Phase.Ready && Status.ObservedGeneration == Metadata.Generation;
}

/// <summary>The desired state of a Component.</summary>
public sealed record ComponentSpec
{
    /// <summary>The handler's name; does not change in place.</summary>
    public string Handler { get => field ?? ""; init; }

    /// <summary>The name that references use; see <see cref="Component.ReferenceName"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Reference names or object names of Components that must be Ready first.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>The handler's own configuration.</summary>
    public JsonObject? Config { get => ConfigJson?.Tree; init => ConfigJson = PackedJson.Of(value); }

    internal PackedJson? ConfigJson { get; private init; }

    /// <summary>
    /// The digest of the whole spec, if an informer keeps only a part of it. Such a Component is never written, since the rest would be lost: read it from
    /// the store first. Null if the spec is whole.
    /// </summary>
    internal string? WholeDigest { get; init; }

    internal bool IsTrimmed => WholeDigest is not null;

    /// <summary>The digest of the whole spec.</summary>
    internal string Digest() => WholeDigest ?? CanonicalJson.Digest(JsonSerializer.SerializeToElement(this, ApiJson.Default.ComponentSpec));

    /// <summary>Go duration; after it the phase is Failed, with a retry every 5 minutes. Default 30m.</summary>
    public string? DeploymentTimeout { get; init; }

    /// <summary>Go duration; after it the phase is TerminationFailed, with a retry every 5 minutes. Default 30m.</summary>
    public string? TerminationTimeout { get; init; }
}

/// <summary>The observed state of a Component. At most 256 KiB.</summary>
public sealed record ComponentStatus
{
    /// <summary>One of <see cref="Api.Phase"/>.</summary>
    public string? Phase { get; init; }

    /// <summary>One sentence for people, at most 256 bytes.</summary>
    public string? Message { get; init; }

    /// <summary>The generation that this status describes.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Ready, and the handler's own.</summary>
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>The outputs, which others refer to as <c>{{ .name.providerStatus.key }}</c>.</summary>
    public JsonObject? ProviderStatus { get => ProviderStatusJson?.Tree; init => ProviderStatusJson = PackedJson.Of(value); }

    internal PackedJson? ProviderStatusJson { get; private init; }

    /// <summary>The handler's own state; no other handler reads it.</summary>
    public JsonObject? Applied { get => AppliedJson?.Tree; init => AppliedJson = PackedJson.Of(value); }

    internal PackedJson? AppliedJson { get; private init; }

    /// <summary>The condition of this type, or null.</summary>
    public Condition? Condition(string type) => Conditions?.FirstOrDefault(c => c.Type == type);
}
