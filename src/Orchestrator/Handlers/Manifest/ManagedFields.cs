using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The field managers of an object.</summary>
/// <remarks>Source: FieldsV1, https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management.</remarks>
internal static class ManagedFields
{
    /// <summary>The fields that an apply took from other managers, each with its former manager.</summary>
    /// <param name="before">The object before the apply.</param>
    /// <param name="after">The object after it.</param>
    /// <param name="manager">The manager of the apply.</param>
    public static IReadOnlyList<(string Field, string Manager)> TakenOver(JsonObject before, JsonObject after, string manager)
    {
        var had = Of(before).Where(e => e.Manager == manager).SelectMany(e => Leaves(e.Fields)).ToHashSet();
        var took = Of(after).Where(e => e.Manager == manager).SelectMany(e => Leaves(e.Fields)).Where(f => !had.Contains(f)).ToHashSet();
        return
        [
            .. from entry in Of(before)
               where entry.Manager != manager
               from field in Leaves(entry.Fields)
               where took.Contains(field)
               select (field, entry.Manager),
        ];
    }

    /// <summary>The managers that own fields by server-side apply, not by an update.</summary>
    public static IReadOnlySet<string> Appliers(JsonObject resource) =>
        new ResourceView(resource).Items("metadata", "managedFields").Where(e => e.Text("operation") == "Apply").Select(e => e.Text("manager"))
            .OfType<string>().ToHashSet();

    private static IEnumerable<(string Manager, JsonObject Fields)> Of(JsonObject resource) =>
        from entry in new ResourceView(resource).Items("metadata", "managedFields")
        let manager = entry.Text("manager")
        let fields = entry.At("fieldsV1") as JsonObject
        where manager is not null && fields is not null
        select (manager, fields);

    private static IEnumerable<string> Leaves(JsonObject fields, string path = "")
    {
        foreach (var (key, value) in fields)
        {
            // "." means that the containing object is managed, too.
            if (key == ".")
                continue;
            var here = path + Step(key, isFirst: path.Length == 0);
            if (value is JsonObject { Count: > 0 } inner && inner.Any(i => i.Key != "."))
            {
                foreach (var leaf in Leaves(inner, here))
                    yield return leaf;
            }
            else
            {
                yield return here;
            }
        }
    }

    // f:replicas is a field, k:{"name":"web"} the item of a list with this key, v:"a" the item that is this value.
    private static string Step(string key, bool isFirst) =>
        key.StartsWith("f:", StringComparison.Ordinal) ? (isFirst ? key[2..] : $".{key[2..]}") : $"[{key[2..]}]";
}
