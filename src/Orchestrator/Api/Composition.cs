using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>A graph of components that belong together.</summary>
internal sealed record Composition : IResourceRecord
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "Composition";

    /// <summary>Always <see cref="ApiGroup.ApiVersion"/>.</summary>
    public string ApiVersion { get => field ?? ApiGroup.ApiVersion; init; }

    /// <summary>Always <see cref="KindName"/>.</summary>
    public string Kind { get => field ?? KindName; init; }

    /// <summary>Name (at most 63 characters), namespace and other metadata.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>The desired state.</summary>
    public required CompositionSpec Spec { get; init; }

    /// <summary>The observed state; null until the controller writes it.</summary>
    public CompositionStatus? Status { get; init; }

    int IResourceRecord.Pack()
    {
        var packed = 0;
        foreach (var entry in Spec.Components)
        {
            entry.ConfigJson?.Pack();
            packed += entry.Size;
        }

        return packed;
    }
}

/// <summary>The entries of a Composition.</summary>
internal sealed record CompositionSpec
{
    /// <summary>The entries; their order in the list has no meaning, only references and <c>dependsOn</c> do.</summary>
    public IReadOnlyList<CompositionEntry> Components
    {
        get => excerpt?.Tree.Deserialize(ApiJson.Default.CompositionSpec)!.Components ?? field ?? [];
        init
        {
            field = value;
            excerpt = null;
        }
    }

    // As text, which takes a tenth of the memory of a large Composition with small entries.
    private PackedJson? excerpt;

    /// <summary>
    /// Whether an informer keeps only a part of the entries. Such a Composition is never written, since the rest would be lost: read it from the store first.
    /// </summary>
    internal bool IsTrimmed => excerpt is not null;

    /// <summary>The spec, reduced to this part.</summary>
    internal static CompositionSpec Trimmed(IReadOnlyList<CompositionEntry> entries)
    {
        var packed = PackedJson.Of(ApiJson.ToJson(new() { Components = entries }, ApiJson.Default.CompositionSpec))!;
        packed.Pack();
        return new() { excerpt = packed };
    }
}

/// <summary>One entry, which becomes the Component <c>&lt;composition&gt;-&lt;name, _ as -&gt;</c>.</summary>
internal sealed record CompositionEntry
{
    /// <summary><c>^[a-zA-Z_][a-zA-Z0-9_]*$</c>, at most 31 characters.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The handler's name.</summary>
    public string Type { get => field ?? ""; init; }

    /// <summary>Entries that must be Ready first, in addition to references.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>The handler's configuration, with references to other entries' outputs.</summary>
    public JsonObject? Config { get => ConfigJson?.Tree; init => ConfigJson = PackedJson.Of(value); }

    internal PackedJson? ConfigJson { get; private init; }

    // Approximate, as JSON: the bytes of the keys and quotes of name and type.
    internal int Size => 24 + Name.Length + Type.Length + (DependsOn?.Sum(other => other.Length + 3) ?? 0) + (ConfigJson?.Size ?? 0);

    /// <summary>See <see cref="ComponentSpec.DeploymentTimeout"/>.</summary>
    public string? DeploymentTimeout { get; init; }

    /// <summary>See <see cref="ComponentSpec.TerminationTimeout"/>.</summary>
    public string? TerminationTimeout { get; init; }
}

/// <summary>The observed state of a Composition.</summary>
internal sealed record CompositionStatus
{
    /// <summary>One of <see cref="Api.Phase"/>.</summary>
    public string? Phase { get; init; }

    /// <summary>The first cause, in one sentence.</summary>
    public string? Message { get; init; }

    /// <summary>The generation that this status describes.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Ready, Progressing and Degraded.</summary>
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>One row for each entry.</summary>
    public IReadOnlyList<CompositionRow>? Components { get; init; }
}

/// <summary>The state of one entry of a Composition.</summary>
internal sealed record CompositionRow
{
    /// <summary>The entry's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its Component's name.</summary>
    public required string Component { get; init; }

    /// <summary>Its handler.</summary>
    public required string Type { get; init; }

    /// <summary>Its phase; Pending while it waits for others.</summary>
    public required string Phase { get; init; }

    /// <summary>The message of its Component, or what it waits for.</summary>
    public string? Message { get; init; }
}
