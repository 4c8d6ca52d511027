namespace DeploymentOrchestrator.Resources;

/// <summary>A resource to watch.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Its key. A name that begins with <see cref="AnyName"/> matches every name with the rest as suffix.</param>
/// <param name="SeenVersion">
/// The resourceVersion that the follower has seen; <c>"0"</c> if it saw that the resource does not exist. Only newer versions are reported. Null if it has
/// not read the resource.
/// </param>
/// <param name="As">The account to follow it as; null for the operator itself.</param>
/// <param name="HeldBackFor">How long to hold back its changes, because it changes too often; null to not hold them back.</param>
public sealed record WatchedResource(
    ResourceType Type, ObjectKey Key, string? SeenVersion = null, ServiceAccount? As = null, TimeSpan? HeldBackFor = null)
{
    /// <summary>The wildcard at the start of a name. It is not valid in an object's name.</summary>
    public const string AnyName = "*";

    /// <summary>Which object it is.</summary>
    public ObjectId Id => new(Type, Key);
}

/// <summary>An object of some kind.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Its place.</param>
public readonly record struct ObjectId(ResourceType Type, ObjectKey Key);
