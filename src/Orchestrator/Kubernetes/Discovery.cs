using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// Which kinds the API server serves, and where. What is served is remembered; what is not is asked for again, as a CustomResourceDefinition may have come.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api.</remarks>
internal sealed class Discovery(ApiServer api)
{
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, ServedKind>> known = new();

    /// <summary>The kind. NotServed with the versions of its group that serve it.</summary>
    public async Task<ServedKind> Find(ResourceType type, CancellationToken cancellation)
    {
        if (known.TryGetValue(type.ApiVersion, out var kinds) && kinds.TryGetValue(type.Kind, out var served))
            return served;
        kinds = await Kinds(type.Group, type.Version, cancellation);
        if (kinds.Count > 0)
            known[type.ApiVersion] = kinds;
        return kinds.TryGetValue(type.Kind, out served) ? served : throw await NotServed(type, cancellation);
    }

    /// <summary>A path of this kind was not there: the next look asks the server.</summary>
    public void Forget(ResourceType type) => known.TryRemove(type.ApiVersion, out _);

    private async Task<ResourceException> NotServed(ResourceType type, CancellationToken cancellation)
    {
        var elsewhere = new List<string>();
        foreach (var version in (await Versions(type.Group, cancellation)).Where(v => v != type.Version))
        {
            if ((await Kinds(type.Group, version, cancellation)).ContainsKey(type.Kind))
                elsewhere.Add(version);
        }

        var hint = elsewhere.Count == 0 ? "" : $"; its group serves it in {string.Join(", ", elsewhere)}";
        return new(ResourceError.NotServed, $"{type.Kind} of {type.ApiVersion} is not served by this cluster{hint}", elsewhere);
    }

    private async Task<IReadOnlyList<string>> Versions(string group, CancellationToken cancellation)
    {
        if (group.Length == 0)
            return [.. (await Answer("api", cancellation))?["versions"]?.AsArray().Select(v => (string)v!) ?? []];
        if (!ServedKind.IsSegment(group))
            return [];
        return [.. (await Answer($"apis/{Uri.EscapeDataString(group)}", cancellation))?["versions"]?.AsArray().Select(v => (string)v!["version"]!) ?? []];
    }

    private async Task<IReadOnlyDictionary<string, ServedKind>> Kinds(string group, string version, CancellationToken cancellation)
    {
        var kinds = new Dictionary<string, ServedKind>();
        if (!ServedKind.IsSegment(version) || (group.Length > 0 && !ServedKind.IsSegment(group)))
            return kinds;
        var path = group.Length == 0 ? $"api/{Uri.EscapeDataString(version)}" : $"apis/{Uri.EscapeDataString(group)}/{Uri.EscapeDataString(version)}";
        var resources = (await Answer(path, cancellation))?["resources"]?.AsArray() ?? [];
        // Subresources are listed too, as "pods/status", some with the kind of another resource.
        var names = resources.Select(r => (string)r!["name"]!).ToHashSet();
        foreach (var resource in resources)
        {
            var (name, kind) = ((string)resource!["name"]!, (string)resource["kind"]!);
            if (!name.Contains('/', StringComparison.Ordinal))
                kinds.TryAdd(kind, new(new(group, version, kind), name, (bool)resource["namespaced"]!, names.Contains($"{name}/status")));
        }

        return kinds;
    }

    private async Task<JsonObject?> Answer(string path, CancellationToken cancellation)
    {
        try
        {
            return await api.Send(new(HttpMethod.Get, path), cancellation);
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotServed or ResourceError.NotFound)
        {
            return null;
        }
    }
}
