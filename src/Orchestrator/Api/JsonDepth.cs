using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>
/// Limits for the nesting of JSON. System.Text.Json stops at 64 levels by default; API servers do not, and an object's managedFields mirror its depth, so a
/// resource that a server accepts could crash a program that reads it.
/// </summary>
internal static class JsonDepth
{
    /// <summary>For JSON from an API server. The server's own decoder refuses more than 10,000 levels; a list or a watch adds a few.</summary>
    public const int OfServers = 10_100;

    /// <summary>
    /// For records and stored resources: several times what a file may have, and still shallow enough for recursion on every thread's stack. A deeper object
    /// is unreadable; the objects around it are not affected.
    /// </summary>
    public const int OfRecords = 256;

    /// <summary>For the store in memory, where managedFields nest a few levels deeper.</summary>
    public const int OfResources = OfRecords - 8;

    /// <summary>Whether a value nests at most this many levels; an object or a list counts as one.</summary>
    public static bool IsWithin(JsonNode? node, int levels) => node switch
    {
        JsonObject fields => levels > 0 && fields.All(field => IsWithin(field.Value, levels - 1)),
        JsonArray items => levels > 0 && items.All(item => IsWithin(item, levels - 1)),
        _ => true,
    };
}
