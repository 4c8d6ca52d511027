using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>The config of a <see cref="ConfigReaderHandler"/>.</summary>
/// <param name="Sources">What is read, in the order written.</param>
/// <param name="HasReferences">Whether a string of it is still a reference, so that something is missing here.</param>
internal sealed partial record ConfigReaderConfig(IReadOnlyList<ConfigSource> Sources, bool HasReferences)
{
    /// <summary>What can be read of the config, with every problem.</summary>
    public static ConfigReaderConfig Read(JsonObject config, ICollection<Problem> problems)
    {
        var root = new ObjectReader(config, "", problems);
        var objects = (config["sources"] as JsonArray ?? []).OfType<JsonObject>().Where(o => !ConfigReferences.IsReference(o));
        var sources = root.Objects("sources", required: true).Zip(objects, ReadSource).ToList();
        root.Close();
        if (config["sources"] is JsonArray { Count: 0 })
            root.Add("sources", "is empty: name at least one ConfigMap");
        FindDuplicates([.. sources.SelectMany(s => s.Exports)], problems);
        return new(sources, root.HasDeferred);
    }

    private static ConfigSource ReadSource(ObjectReader source, JsonObject json)
    {
        var name = source.String("name", required: true);
        if (name is not null && !DnsName.IsSubdomain(name))
            source.Add("name", $"\"{name}\" is not a ConfigMap name: lower-case letters, digits, - and ., at most 253 characters");
        var @namespace = source.String("namespace");
        if (@namespace is not null && !DnsName.IsLabel(@namespace))
            source.Add("namespace", $"\"{@namespace}\" is not a namespace: lower-case letters, digits and -, at most 63 characters");
        var exports = source.Objects("exports", required: true);
        if (json["exports"] is JsonArray { Count: 0 })
            source.Add("exports", "is empty: name at least one key");
        var read = exports.Select(ReadExport).OfType<ConfigExport>().ToList();
        source.Close();
        return new(source.Path, @namespace, name ?? "", read);
    }

    private static ConfigExport? ReadExport(ObjectReader export)
    {
        var key = export.String("key", required: true);
        var output = export.String("as");
        export.Close();
        if (key is not null && !ConfigMapKey().IsMatch(key))
            export.Add("key", $"\"{key}\" is not a key of a ConfigMap: letters, digits, -, _ and ., at most 253 characters");
        else if (output is not null && !OutputName.IsValid(output))
            export.Add("as", $"\"{output}\" cannot stand in a reference: write letters, digits, - and _ only");
        else if (key is not null && output is null && !export.Has("as") && !OutputName.IsValid(key))
            export.Add("key", $"\"{key}\" cannot stand in a reference: name the output, such as as: {OutputName.Suggest(key)}");
        else if (key is not null && (output ?? (export.Has("as") ? null : key)) is { } name)
            return new(export.Path, key, name);
        return null;
    }

    private static void FindDuplicates(IReadOnlyList<ConfigExport> exports, ICollection<Problem> problems)
    {
        var first = new Dictionary<string, ConfigExport>(StringComparer.Ordinal);
        foreach (var export in exports)
        {
            if (!first.TryAdd(export.Output, export))
                problems.Add(new(export.Path, $"gives the output \"{export.Output}\", as {first[export.Output].Path} does: write another name with as"));
        }
    }

    [GeneratedRegex(@"\A[-._A-Za-z0-9]{1,253}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConfigMapKey();
}

/// <summary>One ConfigMap and what is read of it.</summary>
/// <param name="Path">Its path in the config.</param>
/// <param name="Namespace">Its namespace; null for the Component's own.</param>
/// <param name="Name">Its name.</param>
/// <param name="Exports">The keys.</param>
internal sealed record ConfigSource(string Path, string? Namespace, string Name, IReadOnlyList<ConfigExport> Exports)
{
    /// <summary>Where the ConfigMap is for a Component of this namespace.</summary>
    public ObjectKey KeyIn(string own) => new(Namespace ?? own, Name);
}

/// <summary>One key that becomes an output.</summary>
/// <param name="Path">Its path in the config.</param>
/// <param name="Key">The ConfigMap's key.</param>
/// <param name="Output">The output's name.</param>
internal sealed record ConfigExport(string Path, string Key, string Output);
