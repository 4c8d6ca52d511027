using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// The Component as its objects refer to it: by <see cref="Annotation"/>, and by the field manager of its applies. Both contain namespace and name but no
/// uid: a Component restored from a backup or recreated by GitOps gets another uid and must find its objects again.
/// </summary>
/// <param name="Namespace">The Component's namespace.</param>
/// <param name="Name">The Component's name.</param>
internal sealed record ObjectOwner(string Namespace, string Name)
{
    /// <summary>The annotation on each object: <c>&lt;namespace&gt;/&lt;name&gt;</c> of its Component.</summary>
    public const string Annotation = ApiGroup.OwnerKey;

    /// <summary>The prefix of all Components' field managers.</summary>
    public const string FieldManagerPrefix = "dorch-";

    private const int MaxManager = 128;
    private const int DigestLength = 16;

    /// <summary>The owner for a Component.</summary>
    public static ObjectOwner Of(Component component) => new(component.Metadata.Namespace ?? "", component.Metadata.Name);

    /// <summary>The annotation's value.</summary>
    public string Value => $"{Namespace}/{Name}";

    /// <summary>
    /// <c>dorch-&lt;namespace&gt;-&lt;name&gt;</c>; beyond 128 characters, the API's limit, it ends with a digest. Two Components whose names join to the
    /// same text are in different namespaces, and so are their objects.
    /// </summary>
    public string FieldManager
    {
        get
        {
            var manager = $"{FieldManagerPrefix}{Namespace}-{Name}";
            if (manager.Length <= MaxManager)
                return manager;
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Value)));
            return $"{manager[..(MaxManager - DigestLength - 1)]}-{digest[..DigestLength]}";
        }
    }

    /// <summary>Whether the object has our annotation and no controller: only such objects are deleted.</summary>
    public bool Owns(JsonObject live) => AnnotationOf(live) == Value && Controller(live) is null;

    /// <summary>The other owner of the object, with what to do; null if there is none.</summary>
    public string? ForeignOwner(JsonObject live)
    {
        if (AnnotationOf(live) is { } other && other != Value)
            return $"belongs to Component {other}: take it out of that one, or use another name";
        return Controller(live) is { } controller ? $"is controlled by {controller}: use another name" : null;
    }

    /// <summary>The Component in the object's annotation; null if there is none.</summary>
    public static ObjectOwner? Recorded(JsonObject live) =>
        AnnotationOf(live)?.Split('/') is [{ Length: > 0 } @namespace, { Length: > 0 } name] ? new(@namespace, name) : null;

    /// <summary>Whether the object has a controller.</summary>
    public static bool IsControlled(JsonObject live) => Controller(live) is not null;

    private static string? AnnotationOf(JsonObject live) => new ResourceView(live).Text("metadata", "annotations", Annotation);

    private static string? Controller(JsonObject live)
    {
        foreach (var reference in new ResourceView(live).Items("metadata", "ownerReferences"))
        {
            if (reference.At("controller") is JsonValue value && value.TryGetValue<bool>(out var isController) && isController)
                return $"{reference.Text("kind")} {reference.Text("name")}";
        }

        return null;
    }
}
