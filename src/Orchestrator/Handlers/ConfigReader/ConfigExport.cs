using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>A key of a ConfigMap, or a field of an object, that becomes an output.</summary>
/// <param name="Path">Its path in the config.</param>
/// <param name="Output">The output's name.</param>
/// <param name="Key">The ConfigMap's key; null for a field.</param>
/// <param name="Field">The field; null for a key.</param>
internal sealed partial record ConfigExport(string Path, string Output, string? Key, FieldOutput? Field)
{
    private const string KeyKey = "key";
    private const string PathKey = "path";
    private const string NameKey = "as";

    /// <summary>The key as a field of its ConfigMap.</summary>
    public FieldOutput KeyAsField()
    {
        IReadOnlyList<FieldStep> steps = [new(ConfigMapValues.Data), new(Key!)];
        return new(Path, Output, new(string.Concat(steps).TrimStart('.'), steps));
    }

    /// <summary>Reads it and reports every problem; null if it is invalid, or a reference without a value yet.</summary>
    /// <param name="export">The export.</param>
    /// <param name="type">The object's kind; null if unknown.</param>
    public static ConfigExport? Read(ObjectReader export, ResourceType? type)
    {
        var (hasPath, hasKey, hasDefault) = (export.Has(PathKey), export.Has(KeyKey), export.Has(FieldOutput.DefaultKey));
        if (hasPath && hasKey)
            export.Add(KeyKey, "cannot be combined with path: write one of the two");
        else if (hasKey && type is { } other && other != ResourceType.ConfigMap)
            export.Add(KeyKey, $"is for ConfigMaps, and this is a {other.Kind}: write path, such as path: status.address");
        else if (hasKey && hasDefault)
            export.Add(FieldOutput.DefaultKey, "is for path: write path: data[\"…\"] in the place of key");
        else
            return hasPath || (type is not null && type != ResourceType.ConfigMap) ? ReadField(export, type) : ReadKey(export);
        export.Has(NameKey);
        export.Close();
        return null;
    }

    private static ConfigExport? ReadKey(ObjectReader export)
    {
        var key = export.String(KeyKey, required: true);
        var output = export.String(NameKey);
        export.Close();
        if (key is not null && !ConfigMapKey().IsMatch(key))
            export.Add(KeyKey, $"\"{key}\" is not a key of a ConfigMap: letters, digits, -, _ and ., at most 253 characters");
        else if (!IsNameWrong(export, output) && key is not null)
        {
            if (output is null && !export.Has(NameKey) && !OutputName.IsValid(key))
                export.Add(KeyKey, $"\"{key}\" cannot be used in a reference: name the output, such as as: {OutputName.Suggest(key)}");
            else if ((output ?? (export.Has(NameKey) ? null : key)) is { } name)
                return new(export.Path, name, key, null);
        }

        return null;
    }

    private static ConfigExport? ReadField(ObjectReader export, ResourceType? type)
    {
        var text = export.String(PathKey, required: true);
        var output = export.String(NameKey);
        var value = export.Any(FieldOutput.DefaultKey);
        export.Close();
        FieldOutput.CheckDefault(export, value);
        var isWrong = IsNameWrong(export, output);
        if (text is null)
            return null;
        var path = FieldPath.Parse(text, out var problem);
        if (path is not null)
            problem = Impossible(path, type) ?? "";
        if (problem.Length > 0)
            export.Add(PathKey, problem);
        if (problem.Length > 0 || path is null || isWrong)
            return null;
        var name = output ?? (export.Has(NameKey) ? null : NameOf(path) ?? "");
        if (name is "")
            export.Add(PathKey, $"its end {path.Steps[^1]} cannot be used in a reference: name the output with as{Suggestion(path)}");
        return name is null or "" ? null : new(export.Path, name, null, new(export.Path, name, path, value));
    }

    /// <summary>The output name of an export as written; null if it is unknown or invalid.</summary>
    public static string? NameIn(JsonNode export)
    {
        if (export is not JsonObject || ConfigReferences.IsReference(export))
            return null;
        var name = JsonText.Of(export, NameKey) ?? (export[NameKey] is not null ? null
            : JsonText.Of(export, KeyKey) ?? (JsonText.Of(export, PathKey) is { } text && FieldPath.Parse(text, out _) is { } path ? NameOf(path) : null));
        return name is null || ConfigReferences.IsReference(name) ? null : name;
    }

    // The last key of a path, if a reference can contain it.
    private static string? NameOf(FieldPath path) => path.Steps[^1].Key is { } last && OutputName.IsValid(last) ? last : null;

    private static bool IsNameWrong(ObjectReader export, string? output)
    {
        if (output is null || OutputName.IsValid(output))
            return false;
        export.Add(NameKey, $"\"{output}\" cannot be used in a reference: write letters, digits, - and _ only");
        return true;
    }

    // A ConfigMap holds text only, so a path into one most likely means a key with dots.
    private static string? Impossible(FieldPath path, ResourceType? type) =>
        type is { } kind && UnreadableKinds.Known.Of(kind, path) is { } refusal ? refusal.Message
        : type == ResourceType.ConfigMap && path.Steps is [{ Key: (ConfigMapValues.Data or "binaryData") and { } map }, _, _, ..] steps
            ? $"{map}{steps[1]} is a text" + (steps.All(s => s.Key is not null)
                ? $": write {map}[\"{string.Join('.', steps.Skip(1).Select(s => s.Key))}\"] for a key with dots" : ": end the path there")
        : ObjectPaths.Impossible(path);

    private static string Suggestion(FieldPath path) =>
        path.Steps.LastOrDefault(s => s.Key is not null).Key is { } key ? $", such as as: {OutputName.Suggest(key)}" : "";

    [GeneratedRegex(@"\A[-._A-Za-z0-9]{1,253}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConfigMapKey();
}
