using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers;

/// <summary>
/// The fields that every Kubernetes object has at its top level and in its metadata, so that an impossible path is reported before the object exists. Pure.
/// </summary>
/// <remarks>ObjectMeta, https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/.</remarks>
internal static class ObjectPaths
{
    private const string Metadata = "metadata";
    private const string Text = "a text";
    private const string Number = "a number";
    private const string Map = "a map of texts";
    private const string List = "a list";

    private static readonly Dictionary<string, string> OfTop = new(StringComparer.Ordinal) { ["apiVersion"] = Text, ["kind"] = Text };

    private static readonly Dictionary<string, string> OfMetadata = new(StringComparer.Ordinal)
    {
        ["name"] = Text,
        ["namespace"] = Text,
        ["generateName"] = Text,
        ["uid"] = Text,
        ["resourceVersion"] = Text,
        ["creationTimestamp"] = Text,
        ["deletionTimestamp"] = Text,
        ["selfLink"] = Text,
        ["generation"] = Number,
        ["deletionGracePeriodSeconds"] = Number,
        ["labels"] = Map,
        ["annotations"] = Map,
        ["finalizers"] = List,
        ["ownerReferences"] = List,
        ["managedFields"] = List,
    };

    /// <summary>Why no object can have the path, and what to write instead; null if the path is possible.</summary>
    public static string? Impossible(FieldPath path)
    {
        var steps = path.Steps;
        var top = steps[0].Key!;
        if (OfTop.TryGetValue(top, out var type))
            return Within(type, top, [.. steps.Skip(1)]);
        if (steps.Count > 1 && steps[1].Key is null && top is Metadata or "status")
            return $"{top} is an object, not a list: write a key after it";
        if (top != Metadata || steps.Count == 1)
            return null;
        var field = steps[1].Key!;
        return OfMetadata.TryGetValue(field, out type)
            ? Within(type, $"{Metadata}.{field}", [.. steps.Skip(2)])
            : $"metadata has no {field}{NearestName.Hint(field, OfMetadata.Keys)}";
    }

    private static string? Within(string type, string place, IReadOnlyList<FieldStep> rest) => (type, rest) switch
    {
        (_, []) => null,
        (Map, [{ Key: null }, ..]) => $"{place} is {Map}: write a key after it",
        (Map, [_]) => null,
        (Map, _) when rest.All(step => step.Key is not null) =>
            $"{place} is {Map}: write {place}[\"{string.Join('.', rest.Select(step => step.Key))}\"] for a key with dots",
        (Map, _) => $"{place}{rest[0]} is {Text}: end the path there",
        (List, [{ Key: not null }, ..]) => $"{place} is {List}: write [0] after it",
        (List, _) => null,
        _ => $"{place} is {type}: end the path there",
    };
}
