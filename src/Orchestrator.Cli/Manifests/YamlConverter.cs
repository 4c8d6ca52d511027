using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// Turns a composed YAML document into JSON: scalars by <see cref="YamlScalars"/>, merge keys (<c>&lt;&lt;</c>) merged, every other key unique and a string.
/// A key of the mapping itself wins over a merged one, wherever the <c>&lt;&lt;</c> is, and of several merged mappings the first wins.
/// </summary>
/// <remarks>Source: https://yaml.org/type/merge.html.</remarks>
internal sealed class YamlConverter
{
    /// <summary>How many values aliases may repeat in one document: far more than a person writes, far fewer than a YAML bomb.</summary>
    public const int MaxRepeated = 100_000;

    /// <summary>The longest key. Kubernetes' own are shorter, and each path repeats those above it.</summary>
    public const int MaxKey = 1_024;

    // How many characters aliases may repeat, and how many all paths may have together.
    private const int MaxRepeatedText = 10_000_000;
    private const int MaxPaths = 200_000_000;
    private const int MaxWritten = 100;

    private readonly List<Diagnostic> problems = [];
    private readonly Dictionary<string, SourcePosition> positions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Text, bool IsAsJson)> written = new(StringComparer.Ordinal);
    private int budget;
    private long textBudget;
    private long pathBudget = MaxPaths;

    private YamlConverter(int nodeCount, long textLength) => (budget, textBudget) = (nodeCount + MaxRepeated, textLength + MaxRepeatedText);

    private bool IsOver => budget < 0 || textBudget < 0 || pathBudget < 0;

    /// <summary>The document as JSON, with the positions of its parts and its problems.</summary>
    public static YamlDocument Convert(YamlNode root, int nodeCount, int textLength)
    {
        var converter = new YamlConverter(nodeCount, textLength);
        converter.positions.Add("", root.At);
        var (json, map) = (converter.Value(root, ""), new SourceMap(converter.positions, converter.written));
        return !converter.IsOver ? new(json, map, converter.problems) : new(null, map, [new(root.At, converter.pathBudget < 0
            ? "is too large: too many values below long keys"
            : $"aliases repeat more than {(converter.budget < 0 ? $"{MaxRepeated} values" : $"{MaxRepeatedText} characters")}")]);
    }

    private JsonNode? Value(YamlNode node, string path)
    {
        budget--;
        pathBudget -= path.Length;
        if (IsOver)
            return null;
        switch (node)
        {
            case YamlScalar scalar:
                textBudget -= scalar.Text.Length;
                var (value, problem) = YamlScalars.Resolve(scalar);
                if (problem is not null)
                    Add(scalar.At, path, problem);
                else if (scalar.IsPlain && LookAlike.Quotes(scalar.Text) is { } quotes)
                    problems.Add(new(scalar.At, new Problem(path, $"the quotes {quotes} are part of the value: use plain quotes, or none", IsWarning: true)));
                else if (value is not null && value.GetValueKind() != JsonValueKind.String && scalar.Text.Length <= MaxWritten)
                    written[path] = (scalar.Text, value.ToJsonString() == scalar.Text);
                return value;
            case YamlSequence sequence:
                CheckTag(node, "seq", path);
                return Array(sequence, path);
            default:
                CheckTag(node, "map", path);
                return Object((YamlMapping)node, path);
        }
    }

    private JsonArray Array(YamlSequence sequence, string path)
    {
        var array = new JsonArray();
        foreach (var item in sequence.Items)
        {
            var itemPath = $"{path}[{array.Count}]";
            positions[itemPath] = item.At;
            array.Add(Value(item, itemPath));
        }

        return array;
    }

    private JsonObject Object(YamlMapping mapping, string path)
    {
        var result = new JsonObject();
        foreach (var (keyNode, at, value) in mapping.Entries.Where(e => !IsMerge(e.Key)))
        {
            if (Key(keyNode, at, path) is not { } key)
                continue;
            var keyPath = Problem.Join(path, key);
            if (result.ContainsKey(key))
                Add(at, path, $"duplicate key \"{key}\": first defined at {positions[keyPath]}");
            else
                Enter(result, key, keyPath, at, value);
        }

        foreach (var merge in mapping.Entries.Where(e => IsMerge(e.Key)))
        {
            foreach (var source in Sources(merge, path))
                Merge(source, result, path);
        }

        return result;
    }

    private void Merge(YamlMapping source, JsonObject target, string path)
    {
        foreach (var (keyNode, at, value) in Flatten(source, path, depth: 0))
        {
            if (--budget >= 0 && !IsOver && Key(keyNode, at, path) is { } key && !target.ContainsKey(key))
                Enter(target, key, Problem.Join(path, key), at, value);
        }
    }

    // A merged mapping may merge others itself.
    private IEnumerable<YamlEntry> Flatten(YamlMapping mapping, string path, int depth) =>
        depth > YamlComposer.MaxDepth || IsOver
            ? []
            : mapping.Entries.Where(e => !IsMerge(e.Key))
                .Concat(mapping.Entries.Where(e => IsMerge(e.Key)).SelectMany(e => Sources(e, path)).SelectMany(m => Flatten(m, path, depth + 1)));

    private List<YamlMapping> Sources(YamlEntry merge, string path)
    {
        var nodes = merge.Value is YamlSequence list ? list.Items : [merge.Value];
        // Also for mappings without their own entries: each that merges the previous one twice would double the work.
        budget -= nodes.Count + 1;
        var sources = nodes.OfType<YamlMapping>().ToList();
        if (sources.Count < nodes.Count)
            Add(merge.At, path, "<< must be a mapping or a list of mappings");
        return sources;
    }

    private void Enter(JsonObject target, string key, string path, SourcePosition at, YamlNode value)
    {
        positions[path] = at;
        target.Add(key, Value(value, path));
    }

    private string? Key(YamlNode node, SourcePosition at, string path)
    {
        if (KeyProblem(node) is not { } problem)
            return ((YamlScalar)node).Text;
        Add(at, path, problem);
        return null;
    }

    // Kubernetes' keys are strings. A key that YAML parses as another type is accepted if its text stays the same, as in a ConfigMap's `8080: web`.
    private static string? KeyProblem(YamlNode node)
    {
        if (node is not YamlScalar { Text: var text } scalar)
            return node is YamlMapping { Entries: [{ Key: YamlMapping or YamlScalar { Text: ['.', ..] } }] }
                ? "a key must be a string, not a mapping; a reference needs quotes: \"{{ .component.providerStatus.field }}\""
                : "a key must be a string";
        if (scalar.IsPlain && LookAlike.First([text], 1, 1) is { } space)
            return $"the key {LookAlike.Say(space.Character)}";
        if (text.Length > MaxKey)
            return $"a key has at most {MaxKey} characters, not {text.Length}";
        if (text.Contains('\0', StringComparison.Ordinal))
            return "a key must not contain the character U+0000";
        var (value, problem) = YamlScalars.Resolve(scalar);
        return problem is null && value is not null && (value.GetValueKind() == JsonValueKind.String || Shortest(value) == text) ? null
            : problem ?? $"the key {(text.Length == 0 ? "is empty" : $"{text} is {(value is null ? "null" : Shortest(value))} in YAML")}: quote it";
    }

    private static string Shortest(JsonNode value) => value.GetValueKind() == JsonValueKind.Number
        ? value.GetValue<double>().ToString("R", CultureInfo.InvariantCulture)
        : value.ToJsonString();

    private void CheckTag(YamlNode node, string kind, string path)
    {
        if (!YamlScalars.IsCollectionTag(node.Tag, kind))
            Add(node.At, path, YamlScalars.UnknownTag(node.Tag!));
    }

    private static bool IsMerge(YamlNode key) => key is YamlScalar { Text: "<<", IsPlain: true, Tag: null or "tag:yaml.org,2002:merge" };

    private void Add(SourcePosition at, string path, string message) => problems.Add(new(at, new Problem(path, message)));
}

/// <summary>A YAML document as JSON (null if it is empty), with the positions of its parts and its problems.</summary>
internal sealed record YamlDocument(JsonNode? Root, SourceMap Map, IReadOnlyList<Diagnostic> Problems);
