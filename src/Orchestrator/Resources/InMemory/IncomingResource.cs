using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>A resource as a caller sent it: a copy that went through JSON text, as it would on its way to a cluster, and passed the rules for every
/// kind.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and the ObjectMeta reference.</remarks>
internal sealed partial class IncomingResource
{
    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false, MaxDepth = JsonDepth.OfResources };

    private IncomingResource(JsonObject json, ResourceType type, ObjectMeta metadata) =>
        (Json, Type, Metadata, Id) = (json, type, metadata, new(type, ObjectKey.Of(metadata)));

    public JsonObject Json { get; }

    public ResourceType Type { get; }

    public ObjectMeta Metadata { get; }

    public ResourceId Id { get; }

    /// <summary>Copies and checks. Invalid with every problem among the details.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="isNamespaced">Whether a kind is namespaced; null if the resource's own namespace decides.</param>
    public static IncomingResource Read(JsonObject resource, Func<ResourceType, bool?> isNamespaced)
    {
        JsonObject copy;
        ObjectMeta metadata;
        try
        {
            copy = JsonNode.Parse(resource.ToJsonString(), documentOptions: NoDuplicates)!.AsObject();
            if (copy["metadata"] is not JsonObject given)
                throw Refuse("resource", ["metadata: Required value"]);
            DropEmpty(given);
            metadata = given.Deserialize(ApiJson.Default.ObjectMeta)!;
        }
        // The second exception: JSON too deep to write.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Refuse("resource", [e.Message], e);
        }

        var problems = new List<string>();
        var apiVersion = Text(copy, "apiVersion", problems);
        var kind = Text(copy, "kind", problems);
        if (apiVersion is null || kind is null)
            throw Refuse("resource", problems);

        var type = ResourceType.Of(apiVersion, kind);
        problems.AddRange(NameProblems(type, metadata));
        problems.AddRange(NamespaceProblems(type, isNamespaced(type), metadata));
        problems.AddRange(DataProblems(type, copy));
        if (metadata.OwnerReferences?.Count(o => o.Controller == true) > 1)
            problems.Add("metadata.ownerReferences: Invalid value: only one reference can have controller set to true");
        if (problems.Count > 0)
            throw Refuse($"{kind} \"{metadata.Name}\"", problems);
        return new(copy, type, metadata);
    }

    /// <summary>The resource breaks this rule.</summary>
    public ResourceException Refuse(string problem) => Refuse($"{Type.Kind} \"{Metadata.Name}\"", [problem]);

    private static ResourceException Refuse(string what, IReadOnlyList<string> problems, Exception? inner = null) =>
        new(ResourceError.Invalid, $"{what} is invalid: {string.Join("; ", problems)}", problems, inner);

    private static IEnumerable<string> NameProblems(ResourceType type, ObjectMeta metadata)
    {
        var name = metadata.Name;
        if (name.Length == 0)
            yield return "metadata.name: Required value: name is required";
        else if (type.Group == "rbac.authorization.k8s.io")
        {
            if (name is "." or ".." || name.AsSpan().ContainsAny('/', '%'))
                yield return $"metadata.name: Invalid value: \"{name}\": must not be . or .. or contain / or %";
        }
        else if (type == ResourceType.Namespace)
        {
            if (!IsLabel(name))
                yield return $"metadata.name: Invalid value: \"{name}\": {LabelRule}";
        }
        else if (name.Length > 253 || !Subdomain().IsMatch(name))
            yield return $"metadata.name: Invalid value: \"{name}\": must be a DNS subdomain: lower case letters, digits, - and ., at most 253 "
                + $"characters, each part starting and ending with a letter or digit";
    }

    private static IEnumerable<string> NamespaceProblems(ResourceType type, bool? isNamespaced, ObjectMeta metadata)
    {
        switch (isNamespaced, metadata.Namespace)
        {
            case (true, null):
                yield return $"metadata.namespace: Required value: {type.Kind} is namespaced";
                break;
            case (false, not null):
                yield return $"metadata.namespace: Forbidden: {type.Kind} is cluster-scoped";
                break;
            case (_, { } name) when !IsLabel(name):
                yield return $"metadata.namespace: Invalid value: \"{name}\": {LabelRule}";
                break;
        }
    }

    private static IEnumerable<string> DataProblems(ResourceType type, JsonObject resource)
    {
        if (type is not { Group: "", Kind: "ConfigMap" or "Secret" })
            yield break;
        foreach (var map in (string[])["data", "binaryData", "stringData"])
        {
            if (resource[map] is { } given and not JsonObject)
                yield return $"{map}: Invalid value: {Kind(given)}: must be an object";
            foreach (var (key, value) in resource[map] as JsonObject ?? [])
            {
                if (value?.GetValueKind() != JsonValueKind.String)
                    yield return $"{map}.{key}: Invalid value: {Kind(value)}: must be a string";
            }
        }
    }

    private static string Kind(JsonNode? value) =>
        value is null ? "null" : value is JsonValue ? value.ToJsonString() : value is JsonArray ? "a list" : "an object";

    private const string LabelRule = "must be a DNS label: lower case letters, digits and -, at most 63 characters, starting and ending with a letter or digit";

    private static bool IsLabel(string name) => name.Length <= 63 && Label().IsMatch(name);

    // Kubernetes reads metadata into a structure that leaves empty fields out when it is written.
    private static void DropEmpty(JsonObject metadata)
    {
        foreach (var (name, _) in metadata.Where(f => f.Value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 }).ToList())
            metadata.Remove(name);
    }

    private static string? Text(JsonObject resource, string field, List<string> problems)
    {
        if (resource[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0)
            return text;
        problems.Add($"{field}: Required value");
        return null;
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Subdomain();
}
