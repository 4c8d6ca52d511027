using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>
/// The resources of a cluster as the controllers see them. Its semantics are those of the Kubernetes API: every resource has a
/// <c>resourceVersion</c> that changes with each write, <c>generation</c> counts changes outside status and metadata, finalizers keep a deleted resource,
/// dependents are deleted with their owners. Arguments and results are the caller's own copies. Every method throws <see cref="ResourceException"/>, whose
/// reason says what a caller can do.
/// </summary>
/// <remarks>Source: Kubernetes API concepts, https://kubernetes.io/docs/reference/using-api/api-concepts/.</remarks>
internal interface IResourceStore : IResourceFeed
{
    /// <summary>The resource, or null if it does not exist.</summary>
    Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation);

    /// <summary>Creates the resource. AlreadyExists if the name is taken, NotFound if the namespace is missing, Forbidden if it is terminating.</summary>
    Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation);

    /// <summary>
    /// Writes everything but status. Conflict if <c>metadata.resourceVersion</c> is not the current one, or if the resource names a uid that no longer
    /// exists; NotFound if it names none. Removing the last finalizer of a terminating resource deletes it.
    /// </summary>
    Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation);

    /// <summary>Writes the status only. Conflict and NotFound as for <see cref="Replace"/>.</summary>
    Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation);

    /// <summary>
    /// Server-side apply: the manager owns the fields in <paramref name="resource"/>; fields that it owned and no longer applies are removed. FieldConflict,
    /// naming field and manager, if another manager owns a field with another value and <see cref="ApplyOptions.Force"/> is off.
    /// </summary>
    Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation);

    /// <summary>Deletes the resource, or marks it deleted while it has finalizers. NotFound if it does not exist, Conflict if the precondition
    /// fails.</summary>
    Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation);

    /// <summary>Whether resources of the kind are namespaced.</summary>
    Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation);

    /// <summary>
    /// Which of these Kubernetes verbs the caller may not use on a resource, which need not exist. Forbidden if the caller may not even impersonate the
    /// ServiceAccount of <see cref="As"/>.
    /// </summary>
    Task<MissingRights> MissingRights(ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation);

    /// <summary>
    /// The same resources with a ServiceAccount's rights. Each call is Forbidden if the caller may not impersonate it. Dispose the original only.
    /// </summary>
    IResourceStore As(ServiceAccount account);

    /// <summary>The resources of one name. The right to list a kind is enough for it.</summary>
    IResourceFeed Named(string name) => new NamedFeed(this, name);

    /// <summary>
    /// The metadata of the same resources, of one name or (null) of all, for a caller that only needs to know which of them change. The answers may hold
    /// more, but the caller cannot rely on it.
    /// </summary>
    IResourceFeed MetadataOf(string? name) => name is null ? this : new NamedFeed(this, name);
}
