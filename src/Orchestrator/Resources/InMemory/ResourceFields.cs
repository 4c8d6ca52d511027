using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>Which fields of a resource are whose, and what a change of them means.</summary>
internal static class ResourceFields
{
    /// <summary>Puts the metadata that the store keeps itself as it is in one resource into the other, whatever a caller sent.</summary>
    public static void KeepOwn(JsonObject from, JsonObject to) => Copy(ServerMetadata.Fields, from["metadata"]?.AsObject() ?? [], to["metadata"]!.AsObject());

    /// <summary>Puts the status of one resource into the other.</summary>
    public static void KeepStatus(JsonObject from, JsonObject to) => Copy(["status"], from, to);

    /// <summary>A resource with nothing but its kind and place.</summary>
    public static JsonObject Identity(JsonObject resource)
    {
        var metadata = new JsonObject();
        Copy(["name", "namespace"], resource["metadata"]!.AsObject(), metadata);
        var identity = new JsonObject();
        Copy(["apiVersion", "kind"], resource, identity);
        identity["metadata"] = metadata;
        return identity;
    }

    /// <summary>Whether something outside metadata and status differs: what generation counts.</summary>
    public static bool IsSpecChanged(JsonObject before, JsonObject after)
    {
        return !JsonNode.DeepEquals(Spec(before), Spec(after));

        static JsonObject Spec(JsonObject resource)
        {
            var spec = (JsonObject)resource.DeepClone();
            foreach (var field in (string[])["apiVersion", "metadata", "status"])
                spec.Remove(field);
            return spec;
        }
    }

    // A field that the source does not have is removed.
    private static void Copy(IEnumerable<string> fields, JsonObject from, JsonObject to)
    {
        foreach (var field in fields)
        {
            if (from[field] is { } value)
                to[field] = value.DeepClone();
            else
                to.Remove(field);
        }
    }
}
