using System.Text;
using System.Text.Json;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Wire;

/// <summary>
/// The parameters of a call, read under the constraints of AWS's API model. A violation is a ValidationException in AWS's wording; a wrong JSON type is a
/// SerializationException. null is the same as absent.
/// </summary>
internal sealed class Input(JsonElement body, string path = "")
{
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A string of <paramref name="min"/> to <paramref name="max"/> characters, or null if it is absent.</summary>
    public string? String(string name, int min, int max)
    {
        if (Find(name) is not { } element)
            return null;
        var text = Text(element, name);
        if (text.Length < min)
            throw Broken(name, text, $"Member must have length greater than or equal to {min}");
        if (text.Length > max)
            throw Broken(name, text, $"Member must have length less than or equal to {max}");
        return text;
    }

    public string RequiredString(string name, int min, int max) => String(name, min, max) ?? throw Missing(name);

    public string? OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var text = String(name, 0, int.MaxValue);
        if (text is not null && !allowed.Contains(text))
            throw Broken(name, text, $"Member must satisfy enum value set: [{string.Join(", ", allowed!)}]");
        return text;
    }

    public long? Long(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Find(name) is not { } element)
            return null;
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out var value))
            throw ApiException.Serialization($"{Path(name)} must be a whole number.");
        if (value < min)
            throw Broken(name, element.GetRawText(), $"Member must have value greater than or equal to {min}");
        if (value > max)
            throw Broken(name, element.GetRawText(), $"Member must have value less than or equal to {max}");
        return value;
    }

    public bool Bool(string name, bool whenAbsent = false) => Find(name) switch
    {
        null => whenAbsent,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw ApiException.Serialization($"{Path(name)} must be true or false."),
    };

    /// <summary>The UTF-8 bytes of a string that no error may show.</summary>
    public byte[]? SecretText(string name, int max) =>
        Find(name) is { } element ? Sized(name, Encoding.UTF8.GetBytes(Text(element, name)), max) : null;

    /// <summary>Base64 bytes that no error may show.</summary>
    public byte[]? SecretBlob(string name, int max)
    {
        if (Find(name) is not { } element)
            return null;
        if (element.ValueKind != JsonValueKind.String || !element.TryGetBytesFromBase64(out var bytes))
            throw ApiException.Serialization($"{Path(name)} must be base64.");
        return Sized(name, bytes, max);
    }

    public IReadOnlyList<string>? Strings(string name, int minItems, int maxItems, int min, int max) =>
        Items(name, minItems, maxItems) is { } items
            ? [.. items.Select((item, index) => new Input(item, $"{Path(name)}.{index + 1}.").RequiredSelf(min, max))]
            : null;

    public IReadOnlyList<Input>? Structures(string name, int minItems, int maxItems) =>
        Items(name, minItems, maxItems) is { } items
            ? [.. items.Select((item, index) => item.ValueKind == JsonValueKind.Object
                ? new Input(item, $"{Path(name)}.{index + 1}.member.")
                : throw ApiException.Serialization($"{Path(name)} must hold objects."))]
            : null;

    /// <summary>The refusal of a missing required parameter.</summary>
    public ApiException Missing(string name) => ApiException.Validation(
        $"1 validation error detected: Value at '{Path(name)}' failed to satisfy constraint: Member must not be null");

    private List<JsonElement>? Items(string name, int min, int max)
    {
        if (Find(name) is not { } element)
            return null;
        if (element.ValueKind != JsonValueKind.Array)
            throw ApiException.Serialization($"{Path(name)} must be a list.");
        var count = element.GetArrayLength();
        if (count < min)
            throw Broken(name, null, $"Member must have length greater than or equal to {min}");
        if (count > max)
            throw Broken(name, null, $"Member must have length less than or equal to {max}");
        return [.. element.EnumerateArray()];
    }

    /// <summary>This input is an item of a list of strings.</summary>
    private string RequiredSelf(int min, int max)
    {
        var text = Text(body, "member");
        return text.Length >= min && text.Length <= max
            ? text
            : throw Broken("member", text, $"Member must have length between {min} and {max}");
    }

    private JsonElement? Find(string name) =>
        body.TryGetProperty(name, out var element) && element.ValueKind != JsonValueKind.Null ? element : null;

    private byte[] Sized(string name, byte[] bytes, int max)
    {
        if (bytes.Length < 1)
            throw Broken(name, null, "Member must have length greater than or equal to 1");
        if (bytes.Length > max)
            throw Broken(name, null, $"Member must have length less than or equal to {max}");
        return bytes;
    }

    private string Text(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.String)
            throw ApiException.Serialization($"{Path(name)} must be a string.");
        return element.GetString()!;
    }

    private ApiException Broken(string name, string? value, string constraint) => ApiException.Validation(
        $"1 validation error detected: Value {(value is null ? "" : $"'{value}' ")}at '{Path(name)}' failed to satisfy constraint: {constraint}");

    /// <summary>AWS names members as its own code does: <c>secretString</c>, not <c>SecretString</c>.</summary>
    private string Path(string name) => $"{path}{char.ToLowerInvariant(name[0])}{name[1..]}";
}
