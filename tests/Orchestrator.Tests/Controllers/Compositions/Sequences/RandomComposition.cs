using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>The random Composition as its author writes it: entries and the values of the ConfigMaps that they read. Each edit is a described
/// step.</summary>
/// <param name="random">The source of randomness.</param>
/// <param name="steps">Receives the description of each edit.</param>
/// <param name="types">The possible types of its entries.</param>
/// <param name="refreshInterval">See <see cref="RandomEntry.RefreshInterval"/>.</param>
internal sealed class RandomComposition(Random random, List<string> steps, IReadOnlyList<string> types, string? refreshInterval = null)
{
    /// <summary>The name of the Composition.</summary>
    public const string Name = "sys";

    /// <summary>Its namespace.</summary>
    public const string Namespace = "default";

    /// <summary>The number of ConfigMaps to read from.</summary>
    public const int Sources = 3;

    private readonly List<RandomEntry> entries = [];
    private readonly string[] sources = [.. Enumerable.Range(0, Sources).Select(i => $"v{i}")];
    private int names;

    /// <summary>Its entries; setting them restores earlier ones.</summary>
    public IReadOnlyList<RandomEntry> Entries
    {
        get => [.. entries];
        set
        {
            entries.Clear();
            entries.AddRange(value);
        }
    }

    /// <summary>The Composition to apply.</summary>
    public JsonObject Json
    {
        get
        {
            var all = entries.ToDictionary(e => e.Id);
            return new()
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = Composition.KindName,
                ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Namespace },
                ["spec"] = new JsonObject { ["components"] = new JsonArray([.. entries.Select(e => e.Json(all))]) },
            };
        }
    }

    /// <summary>The desired ConfigMaps.</summary>
    public IReadOnlyList<JsonObject> ConfigMaps =>
    [
        .. sources.Select((value, i) => NewResource.ConfigMap(Namespace, $"source-{i}", ("v", value))),
    ];

    /// <summary>Adds an entry.</summary>
    public void Add()
    {
        var name = NewName();
        entries.Add(new(names, name, AnyType(), AnyValue(), Needs(entries.Count)) { RefreshInterval = refreshInterval });
        steps.Add($"add {entries[^1].Type} {name} needing {string.Join(',', entries[^1].Needs)} as {entries[^1].Id}");
    }

    /// <summary>Removes an entry, perhaps with all its dependents; a Composition keeps at least one.</summary>
    public void Remove()
    {
        var entry = Any();
        var gone = new HashSet<int> { entry.Id };
        if (random.Next(2) == 0)
        {
            // All dependents come after it.
            foreach (var dependent in entries.Where(e => e.Needs.Any(gone.Contains)))
                gone.Add(dependent.Id);
        }

        if (gone.Count == entries.Count)
            gone.IntersectWith([entry.Id]);
        steps.Add($"remove {string.Join(", ", entries.Where(e => gone.Contains(e.Id)).Select(e => e.Name))}");
        entries.RemoveAll(e => gone.Contains(e.Id));
        for (var i = 0; i < entries.Count; i++)
            entries[i] = entries[i] with { Needs = [.. entries[i].Needs.Where(id => !gone.Contains(id))] };
    }

    /// <summary>Renames an entry; its resource keeps its name.</summary>
    public void Rename() => Replace("rename", e => e with { Name = NewName() });

    /// <summary>Changes an entry's handler.</summary>
    public void Retype() => Replace("retype", e => e with { Type = AnyType() });

    /// <summary>Changes an entry's dependencies.</summary>
    public void Rewire() => Replace("rewire", e => e with { Needs = Needs(entries.IndexOf(e)) });

    /// <summary>Changes an entry's value.</summary>
    public void Change() => Replace("change", e => e with { Value = AnyValue() });

    /// <summary>Changes a ConfigMap's value.</summary>
    public void ChangeSource()
    {
        var at = random.Next(Sources);
        sources[at] = $"v{random.Next(100)}";
        steps.Add($"source {at} is {sources[at]}");
    }

    private void Replace(string what, Func<RandomEntry, RandomEntry> change)
    {
        var entry = Any();
        var changed = change(entry);
        steps.Add($"{what} {entry.Name}: {changed.Type} {changed.Name} {changed.Value} needing {string.Join(',', changed.Needs)}");
        entries[entries.IndexOf(entry)] = changed;
    }

    private RandomEntry Any() => entries[random.Next(entries.Count)];

    private string AnyType() => types[random.Next(types.Count)];

    private string AnyValue() => $"w{random.Next(100)}";

    private string NewName() => $"e_{names++}";

    // Only on earlier entries, so that there is no cycle.
    private List<int> Needs(int before) =>
        before == 0 ? [] : [.. Enumerable.Range(0, random.Next(3)).Select(_ => entries[random.Next(before)].Id).Distinct()];
}
