using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>The fields of a resource by owner: server, status, spec.</summary>
internal static class ResourceFields
{
    /// <summary>Copies the server's metadata of one resource to the other, whatever a caller sent.</summary>
    public static void KeepOwn(JsonObject from, JsonObject to) => Copy(ServerMetadata.Fields, from["metadata"]?.AsObject() ?? [], to["metadata"]!.AsObject());

    /// <summary>Copies the status of one resource to the other.</summary>
    public static void KeepStatus(JsonObject from, JsonObject to) => Copy(["status"], from, to);

    /// <summary>A resource with nothing but its kind, namespace and name.</summary>
    public static JsonObject Identity(JsonObject resource)
    {
        var metadata = new JsonObject();
        Copy(["name", "namespace"], resource["metadata"]!.AsObject(), metadata);
        var identity = new JsonObject();
        Copy(["apiVersion", "kind"], resource, identity);
        identity["metadata"] = metadata;
        return identity;
    }

    /// <summary>Whether anything outside metadata and status differs, which increments the generation.</summary>
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
