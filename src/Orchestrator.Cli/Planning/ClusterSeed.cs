using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>Reads from a cluster what the files concern, puts it into the planned world, and the files over it as <c>kubectl apply</c> would.</summary>
internal sealed class ClusterSeed(IResourceStore cluster, PlannedWorld world)
{
    private static readonly string TooDeep = $"nests more than {JsonDepth.OfResources} levels deep";

    private readonly List<PlanLine> lines = [];
    private readonly List<Component> elsewhere = [];
    private readonly List<string> unreadable = [];
    private readonly Dictionary<ObjectKey, Component> before = [];
    private readonly HashSet<ObjectKey> concerned = [];
    private readonly HashSet<string> living = new(StringComparer.Ordinal);

    /// <summary>What becomes of the files' own resources but Components, which have lines of their own.</summary>
    public IReadOnlyList<PlanLine> Lines => lines;

    /// <summary>The Components of the files' namespaces as they are.</summary>
    public IReadOnlyDictionary<ObjectKey, Component> Before => before;

    /// <summary>The Components of other namespaces.</summary>
    public IReadOnlyList<Component> Elsewhere => elsewhere;

    /// <summary>What is wrong with resources that have not the shape of their kind and that the files do not concern: they are left out.</summary>
    public IReadOnlyList<string> Unreadable => unreadable;

    /// <summary>Whether every namespace could be read.</summary>
    public bool SeesAll { get; private set; } = true;

    /// <summary>Components of their own that the files bring, or that need one that the files bring.</summary>
    public IReadOnlyCollection<ObjectKey> Concerned => concerned;

    /// <summary>Reads and applies.</summary>
    public async Task Run(IReadOnlyList<ManifestResource> files, string defaultNamespace, CancellationToken cancellation)
    {
        var kinds = new PlannedKinds(cluster, files);
        var wanted = new List<JsonObject>();
        foreach (var file in files.OrderBy(f => f.Type != ResourceType.Namespace))
        {
            var (isNamespaced, problem) = await kinds.Find(file.Type, cancellation);
            var resource = Wanted(file, isNamespaced == true ? file.Namespace ?? defaultNamespace : null);
            if (isNamespaced is null)
                lines.Add(new(ObjectKey.Of(resource), null, PlanAction.Fail, $"{file.Type.Kind} {file.Name}", problem));
            else
                wanted.Add(resource);
        }

        var namespaces = wanted.Select(w => ObjectKey.Of(w).Namespace).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var compositions = wanted.Where(w => ResourceType.Of(w) == ResourceType.Composition).Select(ObjectKey.Of).ToHashSet();
        concerned.UnionWith(wanted.Where(w => ResourceType.Of(w) == ResourceType.Component).Select(ObjectKey.Of));
        var components = await Components(namespaces, compositions, cancellation);
        FindDependents(components.Select(c => c.Read), wanted);
        foreach (var ns in namespaces)
        {
            var found = (await cluster.List(ResourceType.Composition, ns, cancellation)).Items;
            living.UnionWith(found.Select(c => (string?)c["metadata"]!["uid"]).OfType<string>());
            foreach (var (composition, read) in Readable(found, ResourceType.Composition, ApiJson.Default.Composition, c =>
                compositions.Contains(ObjectKey.Of(c))))
                await world.Seed(compositions.Contains(ObjectKey.Of(read.Metadata)) ? composition : Untouched(composition), cancellation);
        }

        foreach (var (json, read) in components)
        {
            var key = ObjectKey.Of(read.Metadata);
            before[key] = read;
            var isPlanned = concerned.Contains(key) || (OrphanedChildren.CompositionOf(read) is { } home && compositions.Contains(new(key.Namespace, home)));
            var seeded = WithLivingOwners(read, json);
            await world.Seed(isPlanned ? seeded : Untouched(seeded), cancellation);
        }

        foreach (var resource in wanted)
            await Apply(resource, wanted, cancellation);
    }

    private async Task<IReadOnlyList<(JsonObject Json, Component Read)>> Components(
        List<string> namespaces, HashSet<ObjectKey> compositions, CancellationToken cancellation)
    {
        IReadOnlyList<JsonObject> found;
        try
        {
            found = (await cluster.List(ResourceType.Component, null, cancellation)).Items;
        }
        catch (ResourceException e) when (e.Error == ResourceError.Forbidden)
        {
            // Then nobody elsewhere is known to be gone.
            SeesAll = false;
            var each = new List<JsonObject>();
            foreach (var ns in namespaces)
                each.AddRange((await cluster.List(ResourceType.Component, ns, cancellation)).Items);
            found = each;
        }

        bool IsConcerned(JsonObject json)
        {
            var key = ObjectKey.Of(json);
            return concerned.Contains(key) || (Controller(json) is { } owner && compositions.Contains(new(key.Namespace, owner)));
        }

        var all = Readable(found, ResourceType.Component, ApiJson.Default.Component, IsConcerned)
            .ToLookup(c => namespaces.Contains(c.Read.Metadata.Namespace!, StringComparer.Ordinal));
        elsewhere.AddRange(all[false].Select(c => c.Read));
        return [.. all[true]];
    }

    // What the API server takes and a record does not, the controllers leave alone, too.
    private List<(JsonObject Json, T Read)> Readable<T>(IReadOnlyList<JsonObject> found, ResourceType type, JsonTypeInfo<T> json,
        Func<JsonObject, bool> isConcerned)
        where T : class
    {
        var client = new ResourceClient<T>(cluster, type, json);
        var readable = new List<(JsonObject, T)>();
        foreach (var resource in found)
        {
            var read = client.TryRead(resource, out var problem);
            if (read is not null && !PlannedWorld.CanSeed(resource))
                (read, problem) = (null, $"{type} {ObjectKey.Of(resource)}: {TooDeep}.");
            if (read is not null)
                readable.Add((resource, read));
            else if (isConcerned(resource))
                throw new ResourceException(ResourceError.Invalid,
                    $"{problem} As it is in the cluster, no controller can read it: mend it there, or delete it");
            else
                unreadable.Add(problem);
        }

        return readable;
    }

    // The name of an object's controller, whatever else stands in it.
    private static string? Controller(JsonObject resource) => (resource["metadata"]!["ownerReferences"] as JsonArray ?? [])
        .OfType<JsonObject>().Where(owner => (bool?)owner["controller"] == true).Select(owner => (string?)owner["name"]).FirstOrDefault();

    private void FindDependents(IEnumerable<Component> components, List<JsonObject> wanted)
    {
        var own = components.Where(StandaloneScope.IsStandalone).ToList();
        var names = own.ToLookup(c => ObjectKey.Of(c.Metadata), c => c.ReferenceName());
        var changed = true;
        while (changed)
        {
            var known = concerned.SelectMany(key => names[key].Append(key.Name).Append(key.Name.Replace('-', '_')).Select(name => (key.Namespace, name)))
                .Concat(wanted.Where(w => concerned.Contains(ObjectKey.Of(w))).Select(w => (ObjectKey.Of(w).Namespace, (string?)w["spec"]?["name"] ?? "")))
                .ToHashSet();
            var found = own.Where(c => StandaloneScope.NamesIn(c, StandardHandlers.SchemaOf).Any(name => known.Contains((c.Metadata.Namespace, name))))
                .Select(c => ObjectKey.Of(c.Metadata)).ToList();
            changed = found.Exists(key => !concerned.Contains(key));
            concerned.UnionWith(found);
        }
    }

    private async Task Apply(JsonObject resource, List<JsonObject> all, CancellationToken cancellation)
    {
        var (type, key) = (ResourceType.Of(resource), ObjectKey.Of(resource));
        var isOurs = type == ResourceType.Component;
        var target = $"{type.Kind} {key}";
        PlanLine Line(string action, string reason) => new(key, null, action, target, reason);
        if (key.Namespace is { } ns && !all.Exists(w => ResourceType.Of(w) == ResourceType.Namespace && ObjectKey.Of(w).Name == ns)
            && await cluster.Get(ResourceType.Namespace, new(null, ns), cancellation) is null)
        {
            lines.Add(Line(PlanAction.Fail, $"there is no namespace {ns}, and the files bring none: kubectl apply would be refused"));
            return;
        }

        await world.EnsureNamespace(key.Namespace, cancellation);
        if (await Live(type, key, cancellation) is not { } live)
        {
            if (await world.Memory.Get(type, key, cancellation) is null)
                await world.Memory.Create(resource, cancellation);
            if (!isOurs)
                lines.Add(Line(PlanAction.Create, "it does not exist"));
            return;
        }

        if (!PlannedWorld.CanSeed(live))
        {
            lines.Add(Line(PlanAction.Unknown, $"what is there {TooDeep}, so it is not compared"));
            return;
        }

        if (await world.Memory.Get(type, key, cancellation) is null || !IsSeeded(type))
            await world.Seed(live, cancellation);
        var present = (await world.Memory.Get(type, key, cancellation))!;
        var merged = KubectlApply.Merge(present, resource);
        var changes = JsonChanges.Of(Content(present), Content(merged), "");
        if (changes.Count > 0)
            await world.Memory.Replace(merged, cancellation);
        if (!isOurs)
            lines.Add(changes.Count > 0
                ? Line(PlanAction.Update, "it differs from the file") with { Changes = changes } : Line(PlanAction.Leave, "it is as the file says"));
    }

    // A kind that is to come has no objects yet.
    private async Task<JsonObject?> Live(ResourceType type, ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await cluster.Get(type, key, cancellation);
        }
        catch (ResourceException e) when (e.Error == ResourceError.NotServed)
        {
            return null;
        }
    }

    private static bool IsSeeded(ResourceType type) => type.Group == ApiGroup.Name;

    private static JsonObject Content(JsonObject resource)
    {
        var content = resource.DeepClone().AsObject();
        content.Remove("status");
        return content;
    }

    // A child that a restore brought with its Composition's former uid: the Composition takes it back, or recreates it, with the same secret.
    private JsonObject WithLivingOwners(Component read, JsonObject json)
    {
        if (read.Metadata.IsTerminating || StandaloneScope.IsStandalone(read) || living.Contains(read.Metadata.Controller()!.Uid))
            return json;
        var freed = json.DeepClone().AsObject();
        freed["metadata"]!["ownerReferences"]!.AsArray().RemoveAll(o => (string?)o!["uid"] == read.Metadata.Controller()!.Uid);
        return freed;
    }

    // It is there for others to see, and nothing is planned for it.
    private static JsonObject Untouched(JsonObject resource)
    {
        var untouched = resource.DeepClone().AsObject();
        var metadata = untouched["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations)
            metadata["annotations"] = annotations = [];
        annotations[ApiGroup.PausedAnnotation] = "true";
        return untouched;
    }

    private static JsonObject Wanted(ManifestResource file, string? @namespace)
    {
        var wanted = file.Content.DeepClone().AsObject();
        wanted.Remove("status");
        var metadata = wanted["metadata"]!.AsObject();
        ServerMetadata.RemoveFrom(metadata);
        metadata.Remove("ownerReferences");
        if (@namespace is null)
            metadata.Remove("namespace");
        else
            metadata["namespace"] = @namespace;
        return wanted;
    }
}
