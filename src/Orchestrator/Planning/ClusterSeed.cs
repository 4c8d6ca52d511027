using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>Reads the resources that the files affect from a cluster, puts them into the planned world, and the files over them.</summary>
internal sealed class ClusterSeed(IResourceStore cluster, PlannedWorld world)
{
    private readonly FilesOverCluster filesOver = new(cluster, world);
    private readonly HashSet<string> liveUids = new(StringComparer.Ordinal);

    /// <inheritdoc cref="FilesOverCluster.Lines"/>
    public IReadOnlyList<PlanLine> Lines => filesOver.Lines;

    /// <summary>The current Components of the files' namespaces.</summary>
    public IReadOnlyDictionary<ObjectKey, Component> Before { get; private set; } = new Dictionary<ObjectKey, Component>();

    /// <summary>The Components of other namespaces.</summary>
    public List<Component> OtherComponents { get; } = [];

    /// <summary>Problems of malformed resources that the files do not affect: they are left out.</summary>
    public List<string> Unreadable { get; } = [];

    /// <summary>Whether every namespace could be read.</summary>
    public bool SeesAll { get; private set; } = true;

    /// <summary>Standalone Components in the files, or that depend on one in the files.</summary>
    public HashSet<ObjectKey> Affected { get; } = [];

    public async Task Run(IReadOnlyList<JsonObject> files, string defaultNamespace, CancellationToken cancellation)
    {
        var wanted = await filesOver.Read(files, defaultNamespace, cancellation);
        var namespaces = wanted.Select(w => ObjectKey.Of(w).Namespace).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var compositions = wanted.Where(w => ResourceType.Of(w) == ResourceType.Composition).Select(ObjectKey.Of).ToHashSet();
        Affected.UnionWith(wanted.Where(w => ResourceType.Of(w) == ResourceType.Component).Select(ObjectKey.Of));
        var components = await Components(namespaces, compositions, cancellation);
        FindDependents(components.Select(c => c.Read), wanted);
        foreach (var ns in namespaces)
        {
            var found = (await cluster.List(ResourceType.Composition, ns, cancellation)).Items;
            liveUids.UnionWith(found.Select(c => (string?)c["metadata"]!["uid"]).OfType<string>());
            foreach (var (composition, read) in Readable(found, ResourceType.Composition, ApiJson.Default.Composition,
                c => compositions.Contains(ObjectKey.Of(c))))
                await world.Seed(compositions.Contains(ObjectKey.Of(read.Metadata)) ? composition : Untouched(composition), cancellation);
        }

        Before = components.ToDictionary(c => ObjectKey.Of(c.Read.Metadata), c => c.Read);
        foreach (var (json, read) in components)
        {
            var key = ObjectKey.Of(read.Metadata);
            var isPlanned = Affected.Contains(key) || (OrphanedChildren.CompositionOf(read) is { } home && compositions.Contains(new(key.Namespace, home)));
            var seeded = WithoutDeadOwner(read, json);
            await world.Seed(isPlanned ? seeded : Untouched(seeded), cancellation);
        }

        await filesOver.Apply(wanted, cancellation);
    }

    private async Task<IReadOnlyList<(JsonObject Json, Component Read)>> Components(
        List<string> namespaces, HashSet<ObjectKey> compositions, CancellationToken cancellation)
    {
        var found = new List<JsonObject>();
        try
        {
            found.AddRange((await cluster.List(ResourceType.Component, null, cancellation)).Items);
        }
        catch (ResourceException e) when (e.Error == ResourceError.Forbidden)
        {
            // Then it is unknown whether a Component of another namespace still exists.
            SeesAll = false;
            foreach (var ns in namespaces)
                found.AddRange((await cluster.List(ResourceType.Component, ns, cancellation)).Items);
        }

        var all = Readable(found, ResourceType.Component, ApiJson.Default.Component, json => ObjectKey.Of(json) is var key
            && (Affected.Contains(key) || (Controller(json) is { } owner && compositions.Contains(new(key.Namespace, owner)))))
            .ToLookup(c => namespaces.Contains(c.Read.Metadata.Namespace!, StringComparer.Ordinal));
        OtherComponents.AddRange(all[false].Select(c => c.Read));
        return [.. all[true]];
    }

    // The controllers skip a resource that the API server accepts and a record cannot represent; so does the plan.
    private List<(JsonObject Json, T Read)> Readable<T>(IReadOnlyList<JsonObject> found, ResourceType type, JsonTypeInfo<T> json,
        Func<JsonObject, bool> isAffected)
        where T : class
    {
        var client = new ResourceClient<T>(cluster, type, json);
        var readable = new List<(JsonObject, T)>();
        foreach (var resource in found)
        {
            var read = client.TryRead(resource, out var problem);
            if (read is not null && !PlannedWorld.CanSeed(resource))
                (read, problem) = (null, $"{type} {ObjectKey.Of(resource)}: {PlannedWorld.TooDeep}.");
            if (read is not null)
                readable.Add((resource, read));
            else if (isAffected(resource))
                throw new ResourceException(ResourceError.Invalid,
                    $"{problem} As it is in the cluster, no controller can read it: fix it there, or delete it");
            else
                Unreadable.Add(problem);
        }

        return readable;
    }

    // The name of an object's controller, in any malformed object.
    private static string? Controller(JsonObject resource) => (resource["metadata"]!["ownerReferences"] as JsonArray ?? [])
        .OfType<JsonObject>().Where(owner => (bool?)owner["controller"] == true).Select(owner => (string?)owner["name"]).FirstOrDefault();

    private void FindDependents(IEnumerable<Component> components, List<JsonObject> wanted)
    {
        var own = components.Where(StandaloneScope.IsStandalone).ToList();
        var names = own.ToLookup(c => ObjectKey.Of(c.Metadata), c => c.ReferenceName());
        int before;
        do
        {
            before = Affected.Count;
            var known = Affected.SelectMany(key => names[key].Append(key.Name).Append(key.Name.Replace('-', '_')).Select(name => (key.Namespace, name)))
                .Concat(wanted.Where(w => Affected.Contains(ObjectKey.Of(w))).Select(w => (ObjectKey.Of(w).Namespace, (string?)w["spec"]?["name"] ?? "")))
                .ToHashSet();
            Affected.UnionWith(own.Where(c => StandaloneScope.NamesIn(c, StandardHandlers.SchemaOf).Any(name => known.Contains((c.Metadata.Namespace, name))))
                .Select(c => ObjectKey.Of(c.Metadata)).ToList());
        }
        while (Affected.Count > before);
    }

    // A child that a restore brought with its Composition's former uid: the Composition takes it back, or recreates it, with the same secret.
    private JsonObject WithoutDeadOwner(Component read, JsonObject json)
    {
        if (read.Metadata.IsTerminating || StandaloneScope.IsStandalone(read) || liveUids.Contains(read.Metadata.Controller()!.Uid))
            return json;
        json["metadata"]!["ownerReferences"]!.AsArray().RemoveAll(o => (string?)o!["uid"] == read.Metadata.Controller()!.Uid);
        return json;
    }

    // Other components may read it; nothing is planned for it.
    private static JsonObject Untouched(JsonObject resource)
    {
        var metadata = resource["metadata"]!.AsObject();
        metadata["annotations"] ??= new JsonObject();
        metadata["annotations"]![ApiGroup.PausedAnnotation] = "true";
        return resource;
    }
}
