using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>A change of one resource.</summary>
/// <param name="Type">The event's type.</param>
/// <param name="Resource">The resource after it; for Deleted its last state; for a Bookmark only its resourceVersion.</param>
internal sealed record WatchEvent(WatchEventType Type, JsonObject Resource);

/// <summary>Kubernetes' watch event types; an ERROR becomes a <see cref="ResourceException"/>.</summary>
internal enum WatchEventType
{
    /// <summary>New, or newly seen.</summary>
    Added,

    /// <summary>Changed.</summary>
    Modified,

    /// <summary>The resource was deleted.</summary>
    Deleted,

    /// <summary>No further change up to this version.</summary>
    Bookmark,
}
