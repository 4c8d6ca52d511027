namespace DeploymentOrchestrator.Resources;

/// <summary>A resource that somebody follows.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Its place. A name that begins with <see cref="AnyName"/> stands for every one that ends in the rest of it.</param>
/// <param name="SeenVersion">
/// The resourceVersion that the follower has seen, <c>"0"</c> where it saw that there is none: only what is newer is news. Null where it did not look.
/// </param>
/// <param name="As">As whom it is followed; null for ourselves.</param>
/// <param name="HeldBackFor">For how long from now on its changes wait, because it changes too often; null where they do not.</param>
public sealed record WatchedResource(
    ResourceType Type, ObjectKey Key, string? SeenVersion = null, ServiceAccount? As = null, TimeSpan? HeldBackFor = null)
{
    /// <summary>Stands at the beginning of a name for whatever is there. No object has it in its name.</summary>
    public const string AnyName = "*";

    /// <summary>Which object it is.</summary>
    public ObjectId Id => new(Type, Key);
}

/// <summary>An object of some kind.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Its place.</param>
public readonly record struct ObjectId(ResourceType Type, ObjectKey Key);
