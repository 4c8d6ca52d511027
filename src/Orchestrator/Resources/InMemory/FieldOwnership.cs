using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>
/// Server-side apply without schemas: objects merge key by key, every list but finalizers and owner references is one value.
/// (A cluster merges the built-in kinds' keyed lists, such as a Pod's containers, item by item.)
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/.</remarks>
internal static class FieldOwnership
{
    /// <summary>The manager of fields written without apply.</summary>
    public const string Updater = "dorch";

    /// <summary>The next state, with changed fields owned by <see cref="Updater"/> only.</summary>
    public static void Update(JsonObject? before, JsonObject after, DateTimeOffset now)
    {
        var managers = before is null ? FieldManagers.None() : FieldManagers.Of(before);
        var old = before is null ? [] : FieldSet.Leaves(OwnableFields.Of(before));
        var next = FieldSet.Leaves(OwnableFields.Of(after));
        var changed = next.Where(f => !old.TryGetValue(f.Key, out var value) || !JsonNode.DeepEquals(value, f.Value)).Select(f => f.Key).ToList();
        var mine = managers.FieldsOf(Updater, FieldManagers.Update);
        foreach (var path in old.Keys.Where(p => !next.ContainsKey(p)).Concat(changed))
        {
            mine.RemoveAtOrBelow(path);
            Take(managers.Others(Updater, FieldManagers.Update), path);
        }

        foreach (var path in changed)
            mine.Add(path);
        managers.Set(Updater, FieldManagers.Update, (string)after["apiVersion"]!, mine, now);
        managers.Write(after);
    }

    /// <summary>The resource after an apply. FieldConflict if another manager owns a field with another value and the caller does not force.</summary>
    public static JsonObject Apply(JsonObject live, JsonObject applied, ApplyOptions options, DateTimeOffset now)
    {
        var managers = FieldManagers.Of(live);
        List<(string Manager, FieldSet Fields)> others = [.. managers.Others(options.FieldManager, FieldManagers.Apply)];
        var wanted = OwnableFields.Of(applied);
        var fields = OwnableFields.Of(live);
        var changed = new List<string>();
        Merge(fields, wanted, "", changed);

        List<string> conflicts =
            [.. others.SelectMany(o => changed.SelectMany(o.Fields.AtOrBelow).Select(path => $"conflict with \"{o.Manager}\": {FieldSet.Display(path)}"))];
        if (conflicts.Count > 0 && !options.Force)
            throw new ResourceException(ResourceError.FieldConflict,
                $"apply failed with {conflicts.Count} conflict(s): {string.Join(", ", conflicts)}", conflicts);
        foreach (var path in changed)
            Take(others, path);

        var mine = FieldSet.Of(wanted);
        foreach (var path in managers.FieldsOf(options.FieldManager, FieldManagers.Apply).Paths)
        {
            if (!mine.AtOrBelow(path).Any() && !others.Exists(o => o.Fields.AtOrBelow(path).Any()))
                Remove(fields, path, p => others.Exists(o => o.Fields.Contains(p)));
        }

        managers.Set(options.FieldManager, FieldManagers.Apply, (string)applied["apiVersion"]!, mine, now);
        var result = OwnableFields.Replace(live, fields);
        managers.Write(result);
        return result;
    }

    private static void Merge(JsonObject live, JsonObject wanted, string path, List<string> changed)
    {
        foreach (var (key, value) in wanted)
        {
            var here = FieldSet.Join(path, key);
            var exists = live.TryGetPropertyValue(key, out var present);
            if (value is JsonObject below && present is JsonObject presentBelow)
            {
                Merge(presentBelow, below, here, changed);
            }
            else if (!exists || !JsonNode.DeepEquals(present, value))
            {
                changed.Add(here);
                live[key] = value?.DeepClone();
            }
        }
    }

    private static void Take(IEnumerable<(string Manager, FieldSet Fields)> owners, string path)
    {
        foreach (var (_, fields) in owners)
            fields.RemoveAtOrBelow(path);
    }

    // Removes a leaf, and the objects that become empty and that no manager owns.
    private static void Remove(JsonObject tree, string path, Func<string, bool> isOwned)
    {
        var keys = FieldSet.Keys(path);
        List<JsonObject> levels = [tree];
        foreach (var key in keys[..^1])
        {
            if (levels[^1][key] is not JsonObject below)
                return;
            levels.Add(below);
        }

        if (levels[^1][keys[^1]] is JsonObject { Count: > 0 })
            return;
        for (var depth = keys.Length - 1; depth >= 0; depth--)
        {
            levels[depth].Remove(keys[depth]);
            if (levels[depth].Count > 0 || isOwned(FieldSet.Join(keys.AsSpan(0, depth))))
                return;
        }
    }
}
