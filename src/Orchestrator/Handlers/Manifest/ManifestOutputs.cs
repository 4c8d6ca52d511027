using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The part <c>outputs</c> of a config: fields of the list's objects. Pure.</summary>
internal static class ManifestOutputs
{
    /// <summary>Its key in the config.</summary>
    public const string Key = "outputs";

    /// <summary>The most outputs of one Component: the status has a note of each.</summary>
    public const int MaxOutputs = 200;

    private const string PathKey = "path";

    /// <summary>The names of all outputs, including the handler's own; null if unknown.</summary>
    public static IReadOnlyCollection<string>? NamesIn(JsonObject config) => config[Key] switch
    {
        null => [Inventory.OutputKey],
        JsonObject outputs when !ConfigReferences.IsReference(outputs) => [.. outputs.Select(o => o.Key), Inventory.OutputKey],
        _ => null,
    };

    /// <summary>Reads it and reports every problem.</summary>
    /// <param name="root">The config.</param>
    /// <param name="manifests">The objects of the list.</param>
    /// <param name="isComplete">Whether these are all: false while a name is an unresolved reference.</param>
    /// <param name="isResolved">Whether every reference is resolved.</param>
    /// <param name="own">The Component's namespace; null if unknown.</param>
    public static IReadOnlyList<ManifestOutput> Read(
        ObjectReader root, IReadOnlyList<ManifestObject> manifests, bool isComplete, bool isResolved, string? own)
    {
        if (root.Object(Key) is not { } all)
            return [];
        var names = all.Keys();
        if (names.Count > MaxOutputs)
            root.Add(Key, $"has {names.Count} outputs, at most {MaxOutputs} are allowed: spread the manifests over several components");
        var outputs = new List<ManifestOutput>();
        foreach (var name in names)
        {
            CheckName(all, name);
            if (all.Object(name, required: true) is { } reader && Read(reader, name, manifests, isComplete, isResolved, own) is { } output)
                outputs.Add(output);
        }

        var defaults = outputs.Sum(o => o.Field.Default is { } value ? JsonSize.Of(value) : 0);
        if (defaults > FieldOutputs.MaxBytes)
            root.Add(Key, $"the defaults have {defaults} bytes, and at most {FieldOutputs.MaxBytes} fit into the status: write smaller ones");
        if (isResolved && all.HasDeferred)
            root.Add(Key, "the parts of an output must be values, not references");
        return outputs;
    }

    private static void CheckName(ObjectReader all, string name)
    {
        if (name == Inventory.OutputKey)
            all.Add(name, $"\"{name}\" is the handler's own output: take another name");
        else if (!OutputName.IsValid(name))
        {
            all.Add(name, $"\"{name}\" cannot be used in a reference: write letters, digits, - and _ only"
                + (name.Length == 0 ? "" : $", such as {OutputName.Suggest(name)}"));
        }
    }

    private static ManifestOutput? Read(
        ObjectReader reader, string name, IReadOnlyList<ManifestObject> manifests, bool isComplete, bool isResolved, string? own)
    {
        var choice = ObjectChoice.Read(reader);
        var path = ReadPath(reader);
        var value = reader.Any(FieldOutput.DefaultKey);
        reader.Close();
        FieldOutput.CheckDefault(reader, value);

        // A kind that is never read is refused in any spelling, whether or not the list has the object.
        if (choice is null || IsRefused(TypeOf(choice, manifests), path, reader)
            || choice.Find(manifests, isComplete, own, reader) is not { } manifest || IsRefused(manifest.Type, path, reader) || path is null)
            return null;

        if (manifest.WhyNever(path, isResolved) is { } never)
            reader.Add(PathKey, never);
        return new(new(reader.Path, name, path, value), manifest);
    }

    private static ResourceType TypeOf(ObjectChoice choice, IReadOnlyList<ManifestObject> manifests) =>
        choice.ApiVersion is { } version ? ResourceType.Of(version, choice.Kind)
        : manifests.FirstOrDefault(m => m.Type.Kind == choice.Kind) is { } manifest ? manifest.Type
        : ResourceType.Of("v1", choice.Kind);

    // A kind that an administrator refuses can be allowed without an edit: the handler answers that.
    private static bool IsRefused(ResourceType type, FieldPath? path, ObjectReader reader)
    {
        if ((path is null ? UnreadableKinds.Known.OfKind(type) : UnreadableKinds.Known.Of(type, path)) is not { } refusal)
            return false;
        reader.Add(UnreadableKinds.Known.OfKind(type) is null ? PathKey : "kind", refusal.Message);
        return true;
    }

    private static FieldPath? ReadPath(ObjectReader reader)
    {
        if (reader.String(PathKey, required: true) is not { } text)
            return null;
        var path = FieldPath.Parse(text, out var problem);
        if (path is not null)
            problem = ObjectPaths.Impossible(path) ?? "";
        if (problem.Length == 0)
            return path;
        reader.Add(PathKey, problem);
        return null;
    }
}
