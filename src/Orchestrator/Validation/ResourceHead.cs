using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Validation;

/// <summary>Checks the head of a Kubernetes resource: <c>apiVersion</c>, <c>kind</c> and <c>metadata</c>.</summary>
internal static class ResourceHead
{
    private static readonly string[] Kinds = [Component.KindName, Composition.KindName, ResourceType.SecretPolicy.Kind];

    /// <summary>Every problem of the head, and whether the type can be read further.</summary>
    public static (bool IsKnown, IReadOnlyList<Problem> Problems) Check(JsonObject resource)
    {
        var problems = new List<Problem>();
        var root = new ObjectReader(resource, "", problems, mayHoldReferences: false);
        var apiVersion = Text(root, "apiVersion");
        var kind = Text(root, "kind");
        if (apiVersion is not null && kind is not null)
            CheckType(ResourceType.Of(apiVersion, kind), root);
        var isKnown = apiVersion is not null && kind is not null && problems.Count == 0;

        // The validators of our kinds check the name themselves.
        var needsName = !isKnown || ResourceType.Of(apiVersion!, kind!).Group != ApiGroup.Name;
        if (needsName || resource["metadata"] is JsonObject)
            CheckMetadata(root, needsName);
        if (isKnown && ResourceType.Of(apiVersion!, kind!) is { Group: "", Kind: "ConfigMap" or "Secret" })
            CheckData(root);
        return (isKnown, problems);
    }

    private static string? Text(ObjectReader reader, string key)
    {
        var text = reader.String(key, required: true);
        if (text?.Length == 0)
            reader.Add(key, "is empty");
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static void CheckType(ResourceType type, ObjectReader root)
    {
        if (type.Group != ApiGroup.Name)
        {
            var group = type.Group.Length > 0 ? type.Group : type.Version;
            if (Kinds.Contains(type.Kind, StringComparer.Ordinal) && NearestName.Of(group, [ApiGroup.Name]) is not null)
                root.Add("apiVersion", $"dorch does not read \"{type.ApiVersion}\"; did you mean \"{ApiGroup.ApiVersion}\"?");
            return;
        }

        if (type.Version != ApiGroup.Version)
            root.Add("apiVersion", $"{ApiGroup.Name} has no version \"{type.Version}\": write {ApiGroup.ApiVersion}");
        if (!Kinds.Contains(type.Kind, StringComparer.Ordinal))
        {
            var hint = NearestName.Hint(type.Kind, Kinds);
            root.Add("kind", $"{ApiGroup.Name} has no kind \"{type.Kind}\"{(hint.Length > 0 ? hint : $"; its kinds are {string.Join(", ", Kinds)}")}");
        }
    }

    private static void CheckMetadata(ObjectReader root, bool needsName)
    {
        if (root.Object("metadata", required: true) is not { } metadata)
            return;
        if (needsName)
            Text(metadata, "name");
        metadata.String("namespace");
        MetadataFields.Check(metadata);
    }

    // Like the API server, which accepts no number in place of a text.
    private static void CheckData(ObjectReader root)
    {
        foreach (var map in (string[])["data", "binaryData", "stringData"])
            MetadataFields.CheckTexts(root, map);
    }
}
