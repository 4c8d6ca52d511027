using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>
/// The resources of a cluster as the controllers see them. Its semantics are those of the Kubernetes API: every resource has a
/// <c>resourceVersion</c> that changes with each write, <c>generation</c> counts changes outside status and metadata, finalizers hold a deleted
/// resource, owners take their dependents with them. What goes in and what comes out is the caller's own copy.
/// Every method throws <see cref="ResourceException"/>, whose reason says what a caller can do.
/// </summary>
/// <remarks>Source: Kubernetes API concepts, https://kubernetes.io/docs/reference/using-api/api-concepts/.</remarks>
internal interface IResourceStore
{
    /// <summary>The resource, or null where there is none.</summary>
    Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation);

    /// <summary>All resources of the type, in one namespace or (null) in all, with the version to watch from.</summary>
    Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation);

    /// <summary>Creates the resource. AlreadyExists where the name is taken, NotFound where the namespace is missing, Forbidden where it is
    /// terminating.</summary>
    Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation);

    /// <summary>
    /// Writes everything but status. Conflict where <c>metadata.resourceVersion</c> is not the current one, or where the resource names a uid and that one
    /// is gone; NotFound where it names none.
    /// Taking the last finalizer off a deleted resource removes it.
    /// </summary>
    Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation);

    /// <summary>Writes status alone. Conflict and NotFound as for <see cref="Replace"/>.</summary>
    Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation);

    /// <summary>
    /// Server-side apply: the fields in <paramref name="resource"/> become the manager's, those that it had and no longer names go.
    /// FieldConflict, naming field and manager, where another manager holds a field with another value and <see cref="ApplyOptions.Force"/> is off.
    /// </summary>
    Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation);

    /// <summary>Deletes the resource, or marks it deleted while it bears finalizers. NotFound where there is none, Conflict where the precondition
    /// fails.</summary>
    Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation);

    /// <summary>
    /// Every change after <paramref name="resourceVersion"/>, in order, until cancelled. Ends by itself when the connection does: watch on from the
    /// last version seen.
    /// Expired where that version is too old to resume from, or one that the store has not come to, because it was restored from a backup: list again.
    /// </summary>
    IAsyncEnumerable<WatchEvent> Watch(ResourceType type, string? @namespace, string resourceVersion, CancellationToken cancellation);

    /// <summary>Whether resources of the kind lie in a namespace.</summary>
    Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation);

    /// <summary>
    /// Which of these verbs of Kubernetes the caller may not use on a resource, which need not exist. Forbidden where the caller may not even act as the
    /// ServiceAccount that <see cref="As"/> was given.
    /// </summary>
    Task<MissingRights> MissingRights(ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation);

    /// <summary>
    /// The same resources as a ServiceAccount sees and may change them. Forbidden, at each call, where the caller may not act as it. The original is the
    /// one to dispose.
    /// </summary>
    IResourceStore As(ServiceAccount account);
}

/// <summary>What a caller may not do.</summary>
/// <param name="Resource">The resource as a role names it, with its group: <c>configmaps</c>, <c>externalsecrets.external-secrets.io</c>.</param>
/// <param name="Verbs">The verbs that are missing; empty where none is.</param>
internal sealed record MissingRights(string Resource, IReadOnlyList<string> Verbs);

/// <summary>A consistent list.</summary>
/// <param name="Items">The resources.</param>
/// <param name="ResourceVersion">The version to watch from.</param>
internal sealed record ResourceList(IReadOnlyList<JsonObject> Items, string ResourceVersion);

/// <summary>How to apply.</summary>
/// <param name="FieldManager">Who owns the fields; at most 128 characters.</param>
/// <param name="Force">Takes conflicting fields from their managers.</param>
/// <param name="DryRun">Answers as it otherwise would, and writes nothing.</param>
internal sealed record ApplyOptions(string FieldManager, bool Force = false, bool DryRun = false);

/// <summary>How to delete.</summary>
/// <param name="Uid">The object that is meant; another of the same name is a Conflict.</param>
/// <param name="Propagation">What becomes of dependents.</param>
/// <param name="ResourceVersion">The version that was decided on; an object that changed since is a Conflict.</param>
internal sealed record DeleteOptions(string? Uid = null, DeletePropagation Propagation = DeletePropagation.Background, string? ResourceVersion = null);

/// <summary>Kubernetes' propagation policies.</summary>
internal enum DeletePropagation
{
    /// <summary>The owner goes, then its dependents.</summary>
    Background,

    /// <summary>Dependents that block go first.</summary>
    Foreground,

    /// <summary>Dependents lose their owner and stay.</summary>
    Orphan,
}

/// <summary>A change of one resource.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Resource">The resource after it; for Deleted its last state; for a Bookmark only its resourceVersion.</param>
internal sealed record WatchEvent(WatchEventType Type, JsonObject Resource);

/// <summary>Kubernetes' watch event types; an ERROR becomes a <see cref="ResourceException"/>.</summary>
internal enum WatchEventType
{
    /// <summary>New, or newly seen.</summary>
    Added,

    /// <summary>Changed.</summary>
    Modified,

    /// <summary>Gone.</summary>
    Deleted,

    /// <summary>Nothing happened up to this version.</summary>
    Bookmark,
}
