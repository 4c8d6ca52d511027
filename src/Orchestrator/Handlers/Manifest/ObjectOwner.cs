using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// The Component as its objects know it: by <see cref="Annotation"/>, and by the manager of the fields it applies. Both carry namespace and name and
/// no uid: a Component restored from a backup or re-created by GitOps gets another uid and must find its objects again.
/// </summary>
/// <param name="Namespace">The Component's namespace.</param>
/// <param name="Name">The Component's name.</param>
internal sealed record ObjectOwner(string Namespace, string Name)
{
    /// <summary>The annotation on each object: <c>&lt;namespace&gt;/&lt;name&gt;</c> of its Component.</summary>
    public const string Annotation = $"{ApiGroup.Name}/owner";

    /// <summary>What the field managers of all Components begin with.</summary>
    public const string FieldManagerPrefix = "dorch-";

    private const int MaxManager = 128;
    private const int DigestLength = 16;

    /// <summary>The owner that a Component is.</summary>
    public static ObjectOwner Of(Component component) => new(component.Metadata.Namespace ?? "", component.Metadata.Name);

    /// <summary>The annotation's value.</summary>
    public string Value => $"{Namespace}/{Name}";

    /// <summary>
    /// <c>dorch-&lt;namespace&gt;-&lt;name&gt;</c>; where that has over 128 characters, the API's limit, its end is a digest. Two Components whose
    /// names join to the same text lie in two namespaces, and so do their objects.
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

    /// <summary>Whether the object bears our annotation and no controller has it: the only objects that are deleted.</summary>
    public bool Owns(JsonObject live) => AnnotationOf(live) == Value && Controller(live) is null;

    /// <summary>Who else has the object, with the way out; null where nobody does.</summary>
    public string? ForeignOwner(JsonObject live)
    {
        if (AnnotationOf(live) is { } other && other != Value)
            return $"belongs to Component {other}: take it out of that one, or use another name";
        return Controller(live) is { } controller ? $"is controlled by {controller}: use another name" : null;
    }

    /// <summary>The Component that the object's annotation names; null where it names none.</summary>
    public static ObjectOwner? Recorded(JsonObject live) =>
        AnnotationOf(live)?.Split('/') is [{ Length: > 0 } @namespace, { Length: > 0 } name] ? new(@namespace, name) : null;

    /// <summary>Whether a controller has the object.</summary>
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
