using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>
/// The part of a resource that field managers own, as a tree in which only objects branch: everything but apiVersion, kind, status and the metadata
/// that the store itself maintains. Finalizers and owner references are lists with known keys, so they are objects here, keyed as <c>fieldsV1</c> keys
/// them.
/// </summary>
internal static class OwnableFields
{
    private static readonly string[] Maps = ["labels", "annotations"];

    public static JsonObject Of(JsonObject resource)
    {
        var tree = new JsonObject();
        var metadata = new JsonObject();
        foreach (var name in Maps)
        {
            if (resource["metadata"]![name] is { } map)
                metadata[name] = map.DeepClone();
        }

        if (resource["metadata"]!["finalizers"] is JsonArray finalizers)
            metadata["finalizers"] = Keyed(finalizers, item => $"v:{item.ToJsonString()}");
        if (resource["metadata"]!["ownerReferences"] is JsonArray owners)
            metadata["ownerReferences"] = Keyed(owners, item => $"k:{{\"uid\":{item["uid"]!.ToJsonString()}}}");
        if (metadata.Count > 0)
            tree["metadata"] = metadata;
        foreach (var (name, value) in resource.Where(f => IsOwnable(f.Key)))
            tree[name] = value?.DeepClone();
        return tree;
    }

    /// <summary>The resource with these fields in place of its own.</summary>
    public static JsonObject Replace(JsonObject resource, JsonObject tree)
    {
        var result = (JsonObject)resource.DeepClone();
        foreach (var name in result.Select(f => f.Key).Where(IsOwnable).ToList())
            result.Remove(name);
        foreach (var (name, value) in tree.Where(f => IsOwnable(f.Key)))
            result[name] = value?.DeepClone();

        var metadata = result["metadata"]!.AsObject();
        foreach (var name in Maps)
            Set(metadata, name, tree["metadata"]?[name]?.DeepClone());
        foreach (var name in (string[])["finalizers", "ownerReferences"])
        {
            Set(metadata, name, tree["metadata"]?[name] is JsonObject items
                ? new JsonArray([.. items.Select(i => i.Value!.AsArray()[0]!.DeepClone())])
                : null);
        }

        return result;
    }

    private static bool IsOwnable(string field) => field is not ("apiVersion" or "kind" or "metadata" or "status");

    // An item is wrapped in a list, which makes it one leaf.
    private static JsonObject Keyed(JsonArray items, Func<JsonNode, string> key)
    {
        var tree = new JsonObject();
        foreach (var item in items)
            tree[key(item!)] = new JsonArray(item!.DeepClone());
        return tree;
    }

    private static void Set(JsonObject metadata, string name, JsonNode? value)
    {
        if (value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 })
            metadata.Remove(name);
        else
            metadata[name] = value;
    }
}
