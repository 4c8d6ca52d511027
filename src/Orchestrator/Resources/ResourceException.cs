namespace DeploymentOrchestrator.Resources;

/// <summary>The reasons of a store's refusal that a caller can act on.</summary>
internal enum ResourceError
{
    /// <summary>No such resource, or no such namespace.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    AlreadyExists,

    /// <summary>The resource changed since it was read, or was recreated: read again.</summary>
    Conflict,

    /// <summary>Another field manager owns a field of the apply; see <see cref="ResourceException.Details"/>.</summary>
    FieldConflict,

    /// <summary>The resource breaks its schema or an admission rule; see <see cref="ResourceException.Details"/>.</summary>
    Invalid,

    /// <summary>The caller lacks the right, or the namespace is terminating.</summary>
    Forbidden,

    /// <summary>The watch cannot resume from there: list again.</summary>
    Expired,

    /// <summary>The kind is not served; <see cref="ResourceException.Details"/> names the versions in which its group serves it, if any.</summary>
    NotServed,

    /// <summary>No answer, or one that asks to try later.</summary>
    Unavailable,
}

/// <summary>The one failure of an <see cref="IResourceStore"/>.</summary>
internal sealed class ResourceException(ResourceError error, string message, IReadOnlyList<string>? details = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The kind of failure.</summary>
    public ResourceError Error { get; } = error;

    /// <summary>One line for each cause: a conflicting field with its manager, a schema violation, a served version.</summary>
    public IReadOnlyList<string> Details { get; } = details ?? [];
}
