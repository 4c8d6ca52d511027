using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>
/// The resources of a cluster as the controllers see them. Its semantics are those of the Kubernetes API: every resource has a
/// <c>resourceVersion</c> that changes with each write, <c>generation</c> counts changes outside status and metadata, finalizers hold a deleted
/// resource, owners take their dependents with them. What goes in and what comes out is the caller's own copy.
/// Every method throws <see cref="ResourceException"/>, whose reason says what a caller can do.
/// </summary>
/// <remarks>Source: Kubernetes API concepts, https://kubernetes.io/docs/reference/using-api/api-concepts/.</remarks>
internal interface IResourceStore : IResourceFeed
{
    /// <summary>The resource, or null if it does not exist.</summary>
    Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation);

    /// <summary>Creates the resource. AlreadyExists where the name is taken, NotFound where the namespace is missing, Forbidden where it is
    /// terminating.</summary>
    Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation);

    /// <summary>
    /// Writes everything but status. Conflict where <c>metadata.resourceVersion</c> is not the current one, or where the resource names a uid and that one
    /// is gone; NotFound where it names none.
    /// Taking the last finalizer off a deleted resource removes it.
    /// </summary>
    Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation);

    /// <summary>Writes the status only. Conflict and NotFound as for <see cref="Replace"/>.</summary>
    Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation);

    /// <summary>
    /// Server-side apply: the fields in <paramref name="resource"/> become the manager's, those that it had and no longer names go.
    /// FieldConflict, naming field and manager, where another manager holds a field with another value and <see cref="ApplyOptions.Force"/> is off.
    /// </summary>
    Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation);

    /// <summary>Deletes the resource, or marks it deleted while it bears finalizers. NotFound where there is none, Conflict where the precondition
    /// fails.</summary>
    Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation);

    /// <summary>Whether resources of the kind are namespaced.</summary>
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

    /// <summary>The resources of one name. The right to list a kind is enough for it.</summary>
    IResourceFeed Named(string name) => new NamedFeed(this, name);

    /// <summary>
    /// The same resources for a caller that only asks which of them change: their metadata, of those of one name or (null) of all. The answers may hold
    /// more, but the caller cannot rely on it.
    /// </summary>
    IResourceFeed MetadataOf(string? name) => name is null ? this : new NamedFeed(this, name);
}
