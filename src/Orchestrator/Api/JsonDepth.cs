using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>
/// How deep JSON may nest. System.Text.Json stops at 64 levels by default; API servers do not, and an object's managedFields mirror its depth, so a
/// resource that
/// a server takes could end a program that reads it.
/// </summary>
internal static class JsonDepth
{
    /// <summary>What is read from an API server. Its own decoder refuses anything deeper than 10,000 levels; a list or a watch adds a few around it.</summary>
    public const int OfServers = 10_100;

    /// <summary>
    /// What is read as a record or kept in memory: several times what a file may hold, and still shallow enough that recursion fits every thread's stack.
    /// Only the deeper object is unreadable; those around it are read.
    /// </summary>
    public const int OfRecords = 256;

    /// <summary>What is kept in memory, where managedFields mirror it a few levels deeper.</summary>
    public const int OfResources = OfRecords - 8;

    /// <summary>Whether a value nests at most so many levels; an object or a list is one.</summary>
    public static bool IsWithin(JsonNode? node, int levels) => node switch
    {
        JsonObject fields => levels > 0 && fields.All(field => IsWithin(field.Value, levels - 1)),
        JsonArray items => levels > 0 && items.All(item => IsWithin(item, levels - 1)),
        _ => true,
    };
}
