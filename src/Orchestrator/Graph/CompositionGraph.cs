using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Graph;

/// <summary>The entries of one Composition and their dependencies: the components in their configs' references and in <c>dependsOn</c>.</summary>
internal sealed class CompositionGraph
{
    private readonly Dictionary<string, string> nameOf = new(StringComparer.Ordinal);

    /// <summary>The graph of entries. Names are unique; unknown dependencies are left out, since they are reported as problems.</summary>
    public CompositionGraph(string composition, IReadOnlyList<EntryNeeds> entries)
    {
        foreach (var entry in entries)
            nameOf.TryAdd(ChildName.Of(composition, entry.Name), entry.Name);
        foreach (var entry in entries)
            nameOf[entry.Name] = entry.Name;
        Dependencies = new(entries.Select(e => KeyValuePair.Create(e.Name, Needs(e))));
    }

    /// <summary>The dependencies, by entry name.</summary>
    public DependencyGraph Dependencies { get; }

    /// <summary>The entry that a <c>dependsOn</c> refers to, by its name or its Component's; null if there is none.</summary>
    public string? Resolve(string dependency) => nameOf.GetValueOrDefault(dependency);

    private IReadOnlyCollection<string> Needs(EntryNeeds entry) =>
        [.. entry.DependsOn.Select(Resolve).OfType<string>().Concat(entry.References.Select(r => r.Reference.Component))];
}

/// <summary>The dependencies of an entry, as written.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="DependsOn">Its <c>dependsOn</c> as written.</param>
/// <param name="References">The references in its config.</param>
internal sealed record EntryNeeds(string Name, IReadOnlyList<string> DependsOn, IReadOnlyList<PlacedReference> References);
