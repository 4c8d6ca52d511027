using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>The config of a <see cref="ConfigReaderHandler"/>.</summary>
/// <param name="ServiceAccountName">The ServiceAccount, of the Component's namespace, that reads; null if there is none.</param>
/// <param name="Sources">The objects to read, in the order written.</param>
/// <param name="HasReferences">Whether a string is still an unresolved reference, so that something is missing here.</param>
internal sealed record ConfigReaderConfig(string? ServiceAccountName, IReadOnlyList<ConfigSource> Sources, bool HasReferences)
{
    private const string Key = "sources";

    /// <summary>Reads as much of the config as possible, and reports every problem.</summary>
    public static ConfigReaderConfig Read(JsonObject config, ICollection<Problem> problems)
    {
        var root = new ObjectReader(config, "", problems);
        var account = ObjectFields.ReadAccount(root);
        var sources = root.Objects(Key, required: true).Select(ConfigSource.Read).ToList();
        root.Close();
        if (config[Key] is JsonArray { Count: 0 })
            root.Add(Key, "is empty: name at least one ConfigMap");
        FindDuplicates([.. sources.SelectMany(s => s.Exports)], problems);
        return new(account, sources, root.HasDeferred);
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
}
