using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>
/// Reads an object of a user's input, key by key, and collects all problems: missing keys, wrong types, unknown keys. An unresolved reference is neither
/// valid nor invalid: it reads as null and sets <see cref="HasDeferred"/>.
/// </summary>
internal sealed class ObjectReader
{
    private const int MostShown = 40;

    private readonly JsonObject fields;
    private readonly ICollection<Problem> problems;
    private readonly ObjectReader? parent;
    private readonly bool mayHoldReferences;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Reads the object at a path; problems go into <paramref name="problems"/>.</summary>
    public ObjectReader(JsonObject fields, string path, ICollection<Problem> problems, bool mayHoldReferences = true)
        : this(fields, path, problems, mayHoldReferences, null)
    {
    }

    private ObjectReader(JsonObject fields, string path, ICollection<Problem> problems, bool mayHoldReferences, ObjectReader? parent) =>
        (this.fields, Path, this.problems, this.mayHoldReferences, this.parent) = (fields, path, problems, mayHoldReferences, parent);

    /// <summary>The object's path.</summary>
    public string Path { get; }

    /// <summary>Whether a value here or below is an unresolved reference.</summary>
    public bool HasDeferred { get; private set; }

    /// <summary>The path of one of the object's keys.</summary>
    public string PathOf(string key) => Problem.Join(Path, key);

    /// <summary>Whether the key has a value, of any type.</summary>
    public bool Has(string key)
    {
        known.Add(key);
        return fields[key] is not null;
    }

    /// <summary>Whether the key's value is an unresolved reference.</summary>
    public bool IsDeferred(string key) => IsReference(fields[key]);

    /// <summary>Adds a problem at a key of the object.</summary>
    public void Add(string key, string message) => problems.Add(new(PathOf(key), message));

    /// <summary>A string, or null. A number or boolean is refused: YAML needs quotes.</summary>
    public string? String(string key, bool required = false)
    {
        if (Value(key, required, "a string") is not { } value)
            return null;
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                return value.GetValue<string>();
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                AddUnquoted(key, value);
                return null;
            default:
                Add(key, $"must be a string, not {Describe(value)}");
                return null;
        }
    }

    /// <summary>An integer within limits, or null.</summary>
    public int? Integer(string key, int min, int max, bool required = false) =>
        Integer(key, number => number >= min && number <= max, $"a whole number, {min}-{max}", required);

    /// <summary>An integer that satisfies a rule, or null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isRight">The rule.</param>
    /// <param name="wanted">The rule in words.</param>
    /// <param name="required">Whether it is required.</param>
    public int? Integer(string key, Func<int, bool> isRight, string wanted, bool required = false)
    {
        if (Value(key, required, wanted) is not { } value)
            return null;
        if (value.GetValueKind() == JsonValueKind.Number
            && int.TryParse(Text(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && isRight(number))
            return number;
        Add(key, $"must be {wanted}, not {Describe(value)}");
        return null;
    }

    /// <summary>A boolean, or null.</summary>
    public bool? Boolean(string key)
    {
        if (Value(key, false, "true or false") is not { } value)
            return null;
        if (value.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
            return value.GetValue<bool>();
        Add(key, $"must be true or false, not {Describe(value)}");
        return null;
    }

    /// <summary>One of several words, or null.</summary>
    public string? Word(string key, IReadOnlyList<string> words)
    {
        if (String(key) is not { } word)
            return null;
        if (words.Contains(word, StringComparer.Ordinal))
            return word;
        Add(key, $"must be {string.Join(" or ", words)}, not \"{word}\"{NearestName.Hint(word, words)}");
        return null;
    }

    /// <summary>A Go duration, or null.</summary>
    public TimeSpan? Duration(string key)
    {
        if (String(key) is not { } text)
            return null;
        if (GoDuration.TryParse(text, out var duration))
            return duration;
        Add(key, $"must be a duration such as 30m or 1h30m, not \"{text}\"");
        return null;
    }

    /// <summary>A nested object, or null.</summary>
    public ObjectReader? Object(string key, bool required = false)
    {
        if (Value(key, required, "an object") is not { } value)
            return null;
        if (value is JsonObject nested)
            return new(nested, PathOf(key), problems, mayHoldReferences, this);
        Add(key, $"must be an object, not {Describe(value)}");
        return null;
    }

    /// <summary>The nested object without checks, or null.</summary>
    public JsonObject? Json(string key) => Object(key)?.fields;

    /// <summary>The value, of any type, or null.</summary>
    public JsonNode? Any(string key)
    {
        known.Add(key);
        return fields[key];
    }

    /// <summary>A list of objects; empty if it is missing or not a list.</summary>
    public IReadOnlyList<ObjectReader> Objects(string key, bool required = false)
    {
        if (List(key, required) is not { } items)
            return [];
        var readers = new List<ObjectReader>();
        for (var i = 0; i < items.Count; i++)
        {
            if (IsReference(items[i]))
                Defer();
            else if (items[i] is JsonObject nested)
                readers.Add(new(nested, $"{PathOf(key)}[{i}]", problems, mayHoldReferences, this));
            else
                Add($"{key}[{i}]", $"must be an object, not {Describe(items[i])}");
        }

        return readers;
    }

    /// <summary>A list of strings, or null.</summary>
    public IReadOnlyList<string>? Strings(string key)
    {
        if (List(key, required: false) is not { } items)
            return null;
        var strings = new List<string>();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is JsonValue value && value.TryGetValue<string>(out var text))
                strings.Add(text);
            else if (items[i]?.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                AddUnquoted($"{key}[{i}]", items[i]!);
            else
                Add($"{key}[{i}]", $"must be a string, not {Describe(items[i])}");
        }

        return strings;
    }

    /// <summary>Every key of the object, for maps whose keys the user chooses.</summary>
    public IReadOnlyList<string> Keys()
    {
        var keys = fields.Select(f => f.Key).ToList();
        known.UnionWith(keys);
        return keys;
    }

    /// <summary>Call after every known key was read: the remaining keys are unknown.</summary>
    public void Close()
    {
        foreach (var key in fields.Select(f => f.Key).Where(k => !known.Contains(k)))
        {
            var all = NearestName.Of(key, known) is null ? $"; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}" : "";
            Add(key, $"unknown key \"{key}\"{NearestName.Hint(key, known)}{all}");
        }
    }

    // kubectl turns YAML into plain numbers: 34 may have been written as 0042.
    private void AddUnquoted(string key, JsonNode value)
    {
        var wrong = $"must be a string, not {Describe(value)}";
        problems.Add(new(PathOf(key), $"{wrong}: quote it as it was written") { WrongWithoutQuotes = wrong });
    }

    private JsonArray? List(string key, bool required)
    {
        if (Value(key, required, "a list") is not { } value)
            return null;
        if (value is JsonArray items)
            return items;
        Add(key, $"must be a list, not {Describe(value)}");
        return null;
    }

    private JsonNode? Value(string key, bool required, string wanted)
    {
        known.Add(key);
        if (!fields.TryGetPropertyValue(key, out var value))
        {
            if (required)
                problems.Add(new(Path, $"\"{key}\" is missing: it must be {wanted}"));
            return null;
        }

        // A key without a value counts as missing, as in kubectl.
        if (value is null)
        {
            if (required)
                Add(key, $"has no value: it must be {wanted}");
        }
        else if (IsDeferred(key))
        {
            Defer();
            return null;
        }

        return value;
    }

    private void Defer()
    {
        for (var reader = this; reader is not null; reader = reader.parent)
            reader.HasDeferred = true;
    }

    private bool IsReference(JsonNode? node) =>
        mayHoldReferences && ConfigReferences.IsReference(node);

    private static string Text(JsonNode value) => value.ToJsonString();

    private static string Describe(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => Text(value) is { Length: <= MostShown } number ? $"the number {number}" : "a number",
        JsonValueKind.True or JsonValueKind.False => $"the boolean {Text(value)}",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };
}
