using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>One object, and what to read of it.</summary>
/// <param name="Path">Its path in the config.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Namespace">Its namespace; null for the Component's own.</param>
/// <param name="Name">Its name.</param>
/// <param name="Exports">The keys and fields.</param>
internal sealed record ConfigSource(string Path, ResourceType Type, string? Namespace, string Name, IReadOnlyList<ConfigExport> Exports)
{
    /// <summary>Whether it is a ConfigMap, which has keys.</summary>
    public bool IsConfigMap => Type == ResourceType.ConfigMap;

    /// <summary>The object's key for a Component of this namespace.</summary>
    public ObjectKey KeyIn(string own, bool isNamespaced = true) => new(isNamespaced ? Namespace ?? own : null, Name);

    /// <summary>Reads it and reports every problem; invalid or unknown parts are empty.</summary>
    public static ConfigSource Read(ObjectReader source)
    {
        var type = ReadType(source);
        var name = type == ResourceType.ConfigMap ? ReadConfigMapName(source) : ObjectFields.ReadName(source);
        var @namespace = source.String("namespace");
        if (@namespace is not null && !DnsName.IsLabel(@namespace))
            source.Add("namespace", $"\"{@namespace}\" is not a namespace: lower-case letters, digits and -, at most 63 characters");
        else if (@namespace is not null && type is { } kind && ResourceScope.IsNamespaced(kind) == false)
            source.Add("namespace", $"a {kind.Kind} is cluster-scoped: leave it out");
        var exports = source.Objects("exports", required: true);
        if (source.Any("exports") is JsonArray { Count: 0 })
            source.Add("exports", $"is empty: name at least one {(type == ResourceType.ConfigMap ? "key" : "path")}");

        // No key and no path of a kind that is never read is valid.
        var isRefused = IsRefused(source, type);
        var read = isRefused ? [] : exports.Select(e => ConfigExport.Read(e, type)).OfType<ConfigExport>().ToList();
        source.Close();
        return new(source.Path, type ?? default, @namespace, name ?? "", read);
    }

    // Null if it is invalid, or a reference without a value yet. A refused kind of the core group is refused without apiVersion, too.
    private static ResourceType? ReadType(ObjectReader source)
    {
        if (source.Has("apiVersion"))
            return ObjectFields.ReadType(source);
        if (!source.Has("kind"))
            return ResourceType.ConfigMap;
        var core = ResourceType.ConfigMap with { Kind = JsonText.Of(source.Any("kind")) ?? "" };
        return core == ResourceType.ConfigMap || UnreadableKinds.Known.OfKind(core) is not null ? core : ObjectFields.ReadType(source);
    }

    private static bool IsRefused(ObjectReader source, ResourceType? type)
    {
        if (type is null || UnreadableKinds.Known.OfKind(type.Value) is not { } refusal)
            return false;
        source.Add("kind", refusal.Message);
        return true;
    }

    private static string? ReadConfigMapName(ObjectReader source)
    {
        var name = source.String("name", required: true);
        if (name is not null && !DnsName.IsSubdomain(name))
            source.Add("name", $"\"{name}\" is not a ConfigMap name: lower-case letters, digits, - and ., at most 253 characters");
        return name;
    }
}
