namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>The identity of a resource: group and kind without the version, namespace and name.</summary>
internal readonly record struct ResourceId(string Group, string Kind, ObjectKey Key)
{
    public ResourceId(ResourceType type, ObjectKey key)
        : this(type.Group, type.Kind, key)
    {
    }

    public bool IsNamespace => Group.Length == 0 && Kind == ResourceType.Namespace.Kind;

    /// <summary>As Kubernetes' messages name it: <c>components.deployment-orchestrator.io "db"</c>.</summary>
    public override string ToString() => $"{Plural()}{(Group.Length == 0 ? "" : $".{Group}")} \"{Key.Name}\"";

    public static ResourceId Namespace(string name) => new(ResourceType.Namespace, new(null, name));

    // Good enough for a message: Kubernetes has the plural from discovery.
    private string Plural()
    {
        var kind = Kind.ToLowerInvariant();
        return kind switch
        {
            [.., 's' or 'x'] => kind + "es",
            [.., not ('a' or 'e' or 'o' or 'u'), 'y'] => kind[..^1] + "ies",
            _ => kind + "s",
        };
    }
}
