using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>A resource as a user wrote it, perhaps with fields of the server, as in a file made with <c>kubectl get -o yaml</c>.</summary>
internal static class WrittenResource
{
    /// <summary>A copy without the server's fields: the status, and a part of the metadata.</summary>
    public static JsonObject WithoutServerFields(JsonObject resource)
    {
        var copy = resource.DeepClone().AsObject();
        copy.Remove("status");
        ServerMetadata.RemoveFrom(copy["metadata"]!.AsObject());
        return copy;
    }

    /// <summary>The desired state, in a namespace or (null) in none.</summary>
    public static JsonObject Desired(JsonObject written, string? @namespace)
    {
        var desired = WithoutServerFields(written);
        var metadata = desired["metadata"]!.AsObject();
        metadata.Remove("ownerReferences");
        if (@namespace is null)
            metadata.Remove("namespace");
        else
            metadata["namespace"] = @namespace;
        return desired;
    }
}
