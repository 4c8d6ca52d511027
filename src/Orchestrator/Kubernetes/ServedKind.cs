using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>The paths of a served kind.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Plural">Its name in paths, such as <c>configmaps</c>.</param>
/// <param name="IsNamespaced">Whether the kind is namespaced.</param>
/// <param name="HasStatus">Whether it has a status subresource.</param>
internal sealed record ServedKind(ResourceType Type, string Plural, bool IsNamespaced, bool HasStatus)
{
    /// <summary>The path of the kind's resources, in one Namespace or (null) in all.</summary>
    public string Collection(string? @namespace)
    {
        if (@namespace is not null && !IsNamespaced)
            throw Invalid($"metadata.namespace: Forbidden: {Type.Kind} is cluster-scoped");
        var within = @namespace is null ? "" : $"namespaces/{Segment(@namespace, "metadata.namespace")}/";
        return $"{Root(Type.ApiVersion)}/{within}{Plural}";
    }

    /// <summary>The path to create a resource at.</summary>
    public string CollectionOf(ObjectKey key)
    {
        if (key.Namespace is null && IsNamespaced)
            throw Invalid($"metadata.namespace: Required value: {Type.Kind} is namespaced");
        return Collection(key.Namespace);
    }

    /// <summary>The path of one resource.</summary>
    public string Item(ObjectKey key) => $"{CollectionOf(key)}/{Segment(key.Name, "metadata.name")}";

    /// <summary>The path of a group version.</summary>
    public static string Root(string apiVersion) => apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{apiVersion}" : $"api/{apiVersion}";

    /// <summary>Whether a name is a valid path segment. <c>..</c> would lead to another resource.</summary>
    /// <remarks>Source: "path segment names" in https://kubernetes.io/docs/concepts/overview/working-with-objects/names/.</remarks>
    public static bool IsSegment(string name) => name is not ("" or "." or "..") && !name.AsSpan().ContainsAny('/', '%');

    private string Segment(string name, string field) => IsSegment(name)
        ? Uri.EscapeDataString(name)
        : throw Invalid($"{field}: Invalid value: \"{name}\": must not be empty, . or .., or contain / or %");

    private ResourceException Invalid(string problem) => new(ResourceError.Invalid, $"{Type.Kind} is invalid: {problem}", [problem]);
}
