using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>The random Composition as its author has it: entries and the values of the ConfigMaps that they read. Each edit is a step with words.</summary>
/// <param name="random">Decides.</param>
/// <param name="steps">Where each edit is noted.</param>
/// <param name="types">What its entries may be.</param>
/// <param name="refreshInterval">See <see cref="RandomEntry.RefreshInterval"/>.</param>
internal sealed class RandomComposition(Random random, List<string> steps, IReadOnlyList<string> types, string? refreshInterval = null)
{
    /// <summary>The name of the Composition.</summary>
    public const string Name = "sys";

    /// <summary>Its namespace.</summary>
    public const string Namespace = "default";

    /// <summary>How many ConfigMaps there are to read from.</summary>
    public const int Sources = 3;

    private readonly List<RandomEntry> entries = [];
    private readonly string[] sources = [.. Enumerable.Range(0, Sources).Select(i => $"v{i}")];
    private int names;

    /// <summary>Its entries; setting them brings earlier ones back.</summary>
    public IReadOnlyList<RandomEntry> Entries
    {
        get => [.. entries];
        set
        {
            entries.Clear();
            entries.AddRange(value);
        }
    }

    /// <summary>The Composition as it is applied.</summary>
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

    /// <summary>The ConfigMaps as they are to be.</summary>
    public IReadOnlyList<JsonObject> ConfigMaps =>
    [
        .. sources.Select((value, i) => NewResource.ConfigMap(Namespace, $"source-{i}", ("v", value))),
    ];

    /// <summary>One more entry.</summary>
    public void Add()
    {
        var name = NewName();
        entries.Add(new(names, name, AnyType(), AnyValue(), Needs(entries.Count)) { RefreshInterval = refreshInterval });
        steps.Add($"add {entries[^1].Type} {name} needing {string.Join(',', entries[^1].Needs)} as {entries[^1].Id}");
    }

    /// <summary>Takes one out, perhaps with all that need it; a Composition has one entry at least.</summary>
    public void Remove()
    {
        var entry = Any();
        var gone = new HashSet<int> { entry.Id };
        if (random.Next(2) == 0)
        {
            // All that need one come after it.
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

    /// <summary>Gives one another name; what it makes is called the same.</summary>
    public void Rename() => Replace("rename", e => e with { Name = NewName() });

    /// <summary>Gives one another handler.</summary>
    public void Retype() => Replace("retype", e => e with { Type = AnyType() });

    /// <summary>Has one need others.</summary>
    public void Rewire() => Replace("rewire", e => e with { Needs = Needs(entries.IndexOf(e)) });

    /// <summary>Gives one another value.</summary>
    public void Change() => Replace("change", e => e with { Value = AnyValue() });

    /// <summary>Gives a ConfigMap another value.</summary>
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

    // Of those before it only, so that none go in a circle.
    private List<int> Needs(int before) =>
        before == 0 ? [] : [.. Enumerable.Range(0, random.Next(3)).Select(_ => entries[random.Next(before)].Id).Distinct()];
}
