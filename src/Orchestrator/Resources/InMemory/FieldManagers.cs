using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>The field managers of one resource: its <c>metadata.managedFields</c>.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/.</remarks>
internal sealed class FieldManagers
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    private readonly List<Entry> entries;

    private FieldManagers(List<Entry> entries) => this.entries = entries;

    public static FieldManagers None() => new([]);

    public static FieldManagers Of(JsonObject resource) =>
        new([.. (resource["metadata"]!["managedFields"]?.AsArray() ?? []).Select(e => Entry.FromJson(e!.AsObject()))]);

    /// <summary>A copy of the fields that the manager owns by this operation.</summary>
    public FieldSet FieldsOf(string manager, string operation) => new(entries.Find(e => e.Manager == manager && e.Operation == operation)?.Fields.Paths ?? []);

    /// <summary>All but one manager's operation.</summary>
    public IEnumerable<(string Manager, FieldSet Fields)> Others(string manager, string operation) =>
        entries.Where(e => e.Manager != manager || e.Operation != operation).Select(e => (e.Manager, e.Fields));

    /// <summary>Sets the fields that the manager owns by this operation.</summary>
    public void Set(string manager, string operation, string apiVersion, FieldSet fields, DateTimeOffset now)
    {
        var index = entries.FindIndex(e => e.Manager == manager && e.Operation == operation);
        if (index >= 0 && entries[index].Fields.SetEquals(fields) && entries[index].ApiVersion == apiVersion)
            return;
        var entry = new Entry(manager, operation, apiVersion, TimestampConverter.ToText(now), fields);
        if (index >= 0)
            entries[index] = entry;
        else
            entries.Add(entry);
    }

    public void Write(JsonObject resource)
    {
        entries.RemoveAll(e => e.Fields.IsEmpty);
        if (entries.Count > 0)
            resource["metadata"]!["managedFields"] = new JsonArray([.. entries.Select(e => e.ToJson())]);
        else
            resource["metadata"]!.AsObject().Remove("managedFields");
    }

    private sealed record Entry(string Manager, string Operation, string ApiVersion, string Time, FieldSet Fields)
    {
        public static Entry FromJson(JsonObject json) => new(
            (string)json["manager"]!, (string)json["operation"]!, (string)json["apiVersion"]!, (string)json["time"]!,
            FieldSet.FromJson(json["fieldsV1"]!.AsObject()));

        public JsonObject ToJson() => new()
        {
            ["manager"] = Manager,
            ["operation"] = Operation,
            ["apiVersion"] = ApiVersion,
            ["time"] = Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields.ToJson(),
        };
    }
}
