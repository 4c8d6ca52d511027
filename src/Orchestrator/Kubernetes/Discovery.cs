using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// The kinds that the API server serves, and their paths. A served kind is cached; any other is looked up again, as its CustomResourceDefinition may exist by
/// now.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api.</remarks>
internal sealed class Discovery(ApiServer api)
{
    private static readonly IReadOnlyDictionary<string, ServedKind> None = new Dictionary<string, ServedKind>();

    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, ServedKind>> known = new();

    /// <summary>The kind. NotServed with the served versions of its group.</summary>
    public async Task<ServedKind> Find(ResourceType type, CancellationToken cancellation)
    {
        if (known.TryGetValue(type.ApiVersion, out var kinds) && kinds.TryGetValue(type.Kind, out var served))
            return served;
        kinds = await Kinds(type.Group, type.Version, cancellation);
        if (kinds.Count > 0)
            known[type.ApiVersion] = kinds;
        return kinds.TryGetValue(type.Kind, out served) ? served : throw await NotServed(type, cancellation);
    }

    /// <summary>Calls with the kind; again if it is no longer at its path: it may be served elsewhere, or not at all.</summary>
    public async Task<T> OnServed<T>(ResourceType type, Func<ServedKind, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call(await Find(type, cancellation));
        }
        catch (ResourceException e) when (e.Error == ResourceError.NotServed)
        {
            known.TryRemove(type.ApiVersion, out _);
            return await call(await Find(type, cancellation));
        }
    }

    private async Task<ResourceException> NotServed(ResourceType type, CancellationToken cancellation)
    {
        var elsewhere = new List<string>();
        foreach (var version in (await Versions(type.Group, cancellation)).Where(v => v != type.Version))
        {
            if ((await Kinds(type.Group, version, cancellation)).ContainsKey(type.Kind))
                elsewhere.Add(version);
        }

        var hint = elsewhere.Count == 0
            ? type.Group == ApiGroup.Name ? ": install the CustomResourceDefinitions with dorch crds | kubectl apply -f -" : ""
            : $"; its group serves it in {string.Join(", ", elsewhere)}";
        return new(ResourceError.NotServed, $"{type.Kind} of {type.ApiVersion} is not served by this cluster{hint}", elsewhere);
    }

    private async Task<IReadOnlyList<string>> Versions(string group, CancellationToken cancellation)
    {
        if (group.Length == 0)
            return await Versions("api", version => Text(version, "versions[]"), cancellation);
        if (!ServedKind.IsSegment(group))
            return [];
        return await Versions($"apis/{Uri.EscapeDataString(group)}", version => Text(Field(version, "version"), "versions[].version"), cancellation);
    }

    private async Task<IReadOnlyList<string>> Versions(string path, Func<JsonNode?, string> read, CancellationToken cancellation) =>
        await Answer<IReadOnlyList<string>>(path, answer => [.. List(answer, "versions").Select(read)], cancellation) ?? [];

    private async Task<IReadOnlyDictionary<string, ServedKind>> Kinds(string group, string version, CancellationToken cancellation)
    {
        if (!ServedKind.IsSegment(version) || (group.Length > 0 && !ServedKind.IsSegment(group)))
            return None;
        var path = group.Length == 0 ? $"api/{Uri.EscapeDataString(version)}" : $"apis/{Uri.EscapeDataString(group)}/{Uri.EscapeDataString(version)}";
        return await Answer<IReadOnlyDictionary<string, ServedKind>>(path, answer => Kinds(group, version, List(answer, "resources")), cancellation) ?? None;
    }

    // Subresources are listed too, as "pods/status", some with the kind of another resource.
    private static Dictionary<string, ServedKind> Kinds(string group, string version, JsonArray resources)
    {
        var kinds = new Dictionary<string, ServedKind>();
        var names = resources.Select(resource => Text(Field(resource, "name"), "resources[].name")).ToHashSet();
        foreach (var resource in resources)
        {
            var name = Text(Field(resource, "name"), "resources[].name");
            if (name.Contains('/', StringComparison.Ordinal))
                continue;
            var kind = Text(Field(resource, "kind"), "resources[].kind");
            var isNamespaced = Field(resource, "namespaced") is JsonValue value && value.TryGetValue<bool>(out var said)
                ? said
                : throw new FormatException("resources[].namespaced is not true or false");
            kinds.TryAdd(kind, new(new(group, version, kind), name, isNamespaced, names.Contains($"{name}/status")));
        }

        return kinds;
    }

    // A malformed answer of an aggregated API or a proxy may be transient.
    private async Task<T?> Answer<T>(string path, Func<JsonObject, T> read, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return read(await api.Send(new(HttpMethod.Get, path), cancellation));
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotServed or ResourceError.NotFound)
        {
            return null;
        }
        catch (FormatException e)
        {
            throw new ResourceException(ResourceError.Unavailable, $"GET {path}: the API server does not say which kinds it serves: {e.Message}", inner: e);
        }
    }

    private static JsonNode? Field(JsonNode? node, string key) => node is JsonObject fields ? fields[key] : null;

    private static JsonArray List(JsonObject answer, string key) => answer[key] switch
    {
        null => [],
        JsonArray list => list,
        _ => throw new FormatException($"{key} is not a list"),
    };

    private static string Text(JsonNode? node, string place) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : throw new FormatException($"{place} is not a text");
}
