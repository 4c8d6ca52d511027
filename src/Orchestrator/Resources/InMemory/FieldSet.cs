using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>
/// The fields that a manager owns, as paths to leaves: values, lists and empty objects. A path is its keys joined by a character that no key has.
/// </summary>
internal sealed class FieldSet(IEnumerable<string> owned)
{
    private const char Separator = '\0';
    private const string AfterSeparator = "\u0001";
    private const string Itself = ".";

    private readonly SortedSet<string> paths = new(owned, StringComparer.Ordinal);

    public bool IsEmpty => paths.Count == 0;

    public IEnumerable<string> Paths => paths;

    public bool Contains(string path) => paths.Contains(path);

    /// <summary>The owned paths that end at this one or go through it.</summary>
    public IEnumerable<string> AtOrBelow(string path) =>
        paths.GetViewBetween(path, path + AfterSeparator);

    public bool SetEquals(FieldSet other) => paths.SetEquals(other.paths);

    public void Add(string path) => paths.Add(path);

    public void RemoveAtOrBelow(string path)
    {
        paths.ExceptWith([.. AtOrBelow(path)]);
    }

    public static string Join(string path, string key) => path.Length == 0 ? key : path + Separator + key;

    public static string Join(ReadOnlySpan<string?> keys) => string.Join(Separator, keys);

    public static string[] Keys(string path) => path.Split(Separator);

    /// <summary>As Kubernetes' conflicts name it: <c>.spec.replicas</c>, <c>.metadata.finalizers[="x"]</c>.</summary>
    public static string Display(string path) => string.Concat(Keys(path).Select(key => key switch
    {
        ['v', ':', .. var value] => $"[={value}]",
        ['k', ':', .. var value] => $"[{value}]",
        _ => $".{key}",
    }));

    /// <summary>The leaves of a tree with their values.</summary>
    public static Dictionary<string, JsonNode?> Leaves(JsonObject tree)
    {
        var leaves = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        Collect(tree, "", leaves);
        return leaves;
    }

    /// <summary>The set of a tree's leaves.</summary>
    public static FieldSet Of(JsonObject tree) => new(Leaves(tree).Keys);

    /// <summary>Reads <c>fieldsV1</c>.</summary>
    public static FieldSet FromJson(JsonObject fieldsV1)
    {
        var set = new FieldSet([]);
        Read(fieldsV1, "");
        return set;

        void Read(JsonObject level, string path)
        {
            if (path.Length > 0 && (level.Count == 0 || level.ContainsKey(Itself)))
                set.paths.Add(path);
            foreach (var (key, below) in level.Where(f => f.Key != Itself))
                Read(below!.AsObject(), Join(path, key.StartsWith("f:", StringComparison.Ordinal) ? key[2..] : key));
        }
    }

    /// <summary>Writes <c>fieldsV1</c>.</summary>
    public JsonObject ToJson()
    {
        var root = new JsonObject();
        foreach (var path in paths)
        {
            var level = root;
            foreach (var key in Keys(path))
            {
                var field = key.StartsWith("v:", StringComparison.Ordinal) || key.StartsWith("k:", StringComparison.Ordinal) ? key : $"f:{key}";
                if (level[field] is not JsonObject below)
                    level[field] = below = [];
                level = below;
            }

            if (AtOrBelow(path).Skip(1).Any())
                level[Itself] = new JsonObject();
        }

        return root;
    }

    private static void Collect(JsonObject level, string path, Dictionary<string, JsonNode?> leaves)
    {
        foreach (var (key, value) in level)
        {
            if (value is JsonObject { Count: > 0 } below)
                Collect(below, Join(path, key), leaves);
            else
                leaves.Add(Join(path, key), value);
        }
    }
}
