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

    /// <summary>Name (at most 63 characters), namespace and the rest.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>What is wanted.</summary>
    public required CompositionSpec Spec { get; init; }

    /// <summary>What is; null until the controller wrote it.</summary>
    public CompositionStatus? Status { get; init; }

    int IResourceRecord.Pack()
    {
        var packed = 0;
        foreach (var json in Spec.Components.Select(entry => entry.ConfigJson).OfType<PackedJson>())
        {
            json.Pack();
            packed += json.Size;
        }

        return packed;
    }
}

/// <summary>The entries of a Composition.</summary>
internal sealed record CompositionSpec
{
    /// <summary>The entries; their order in the list means nothing, what they refer to and <c>dependsOn</c> do.</summary>
    public IReadOnlyList<CompositionEntry> Components { get => field ?? []; init; }
}

/// <summary>One entry: it becomes the Component <c>&lt;composition&gt;-&lt;name, _ as -&gt;</c>.</summary>
internal sealed record CompositionEntry
{
    /// <summary><c>^[a-zA-Z_][a-zA-Z0-9_]*$</c>, at most 31 characters.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The handler's name.</summary>
    public string Type { get => field ?? ""; init; }

    /// <summary>Entries that must be Ready first although no value flows.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>The handler's configuration, with references to other entries' outputs.</summary>
    public JsonObject? Config { get => ConfigJson?.Tree; init => ConfigJson = PackedJson.Of(value); }

    internal PackedJson? ConfigJson { get; private init; }

    /// <summary>See <see cref="ComponentSpec.DeploymentTimeout"/>.</summary>
    public string? DeploymentTimeout { get; init; }

    /// <summary>See <see cref="ComponentSpec.TerminationTimeout"/>.</summary>
    public string? TerminationTimeout { get; init; }
}

/// <summary>What is known of a Composition.</summary>
internal sealed record CompositionStatus
{
    /// <summary>One of <see cref="Api.Phase"/>.</summary>
    public string? Phase { get; init; }

    /// <summary>The first cause in one sentence.</summary>
    public string? Message { get; init; }

    /// <summary>The generation that the rest speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Ready, Progressing and Degraded.</summary>
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>One row an entry.</summary>
    public IReadOnlyList<CompositionRow>? Components { get; init; }
}

/// <summary>How one entry of a Composition is doing.</summary>
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

    /// <summary>What its Component says, or what it waits for.</summary>
    public string? Message { get; init; }
}
