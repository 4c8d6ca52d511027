using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>Puts the resources of the files into the planned world, over those of the cluster, as <c>kubectl apply</c> would change them.</summary>
internal sealed class FilesOverCluster(IResourceStore cluster, PlannedWorld world)
{
    private readonly List<PlanLine> lines = [];

    /// <summary>The changes of the files' own resources, except Components, which have their own lines.</summary>
    public IReadOnlyList<PlanLine> Lines => lines;

    /// <summary>The desired state of the files. The cluster knows which kinds are namespaced, or the CustomResourceDefinitions of the files do.</summary>
    public async Task<List<JsonObject>> Read(IReadOnlyList<JsonObject> files, string defaultNamespace, CancellationToken cancellation)
    {
        var definitions = files.Where(f => ResourceType.Of(f) is var type
            && (type.Group, type.Kind) == (ResourceScope.Definition.Group, ResourceScope.Definition.Kind)).ToList();
        var wanted = new List<JsonObject>();
        foreach (var file in files.OrderBy(f => ResourceType.Of(f) != ResourceType.Namespace))
        {
            var type = ResourceType.Of(file);
            JsonObject Desired(bool isNamespaced) =>
                WrittenResource.Desired(file, isNamespaced ? JsonText.NotEmpty(file["metadata"], "namespace") ?? defaultNamespace : null);
            try
            {
                wanted.Add(Desired(await cluster.IsNamespaced(type, cancellation)));
            }
            catch (ResourceException e) when (e.Error == ResourceError.NotServed)
            {
                var name = ObjectKey.Of(file).Name;
                if (ResourceScope.IsNamespaced(type, definitions) is { } isNamespaced)
                    wanted.Add(Desired(isNamespaced));
                else
                    lines.Add(new(new(null, name), null, PlanAction.Fail, $"{type.Kind} {name}",
                        $"{e.Message}, and no file brings its CustomResourceDefinition: kubectl apply would be refused"));
            }
        }

        return wanted;
    }

    /// <summary>Applies them, Namespaces first.</summary>
    public async Task Apply(List<JsonObject> wanted, CancellationToken cancellation)
    {
        foreach (var resource in wanted)
            await Apply(resource, wanted, cancellation);
    }

    private async Task Apply(JsonObject resource, List<JsonObject> all, CancellationToken cancellation)
    {
        var (type, key) = (ResourceType.Of(resource), ObjectKey.Of(resource));
        void Say(string action, string reason, IReadOnlyList<string>? changes = null) =>
            lines.Add(new(key, null, action, $"{type.Kind} {key}", reason) { Changes = changes ?? [] });

        if (key.Namespace is { } ns && !all.Exists(w => ResourceType.Of(w) == ResourceType.Namespace && ObjectKey.Of(w).Name == ns)
            && await cluster.Get(ResourceType.Namespace, new(null, ns), cancellation) is null)
        {
            Say(PlanAction.Fail, $"there is no namespace {ns}, and no file creates it: kubectl apply would be refused");
            return;
        }

        await world.Store.EnsureNamespace(key.Namespace, cancellation);
        if (await Live(type, key, cancellation) is not { } live)
        {
            if (await world.Store.Get(type, key, cancellation) is null)
                await world.Store.Create(resource, cancellation);
            if (type != ResourceType.Component)
                Say(PlanAction.Create, "it does not exist");
            return;
        }

        if (!PlannedWorld.CanSeed(live))
        {
            Say(PlanAction.Unknown, $"the existing object {PlannedWorld.TooDeep}, so it is not compared");
            return;
        }

        if (await world.Store.Get(type, key, cancellation) is null || type.Group != ApiGroup.Name)
            await world.Seed(live, cancellation);
        var present = (await world.Store.Get(type, key, cancellation))!;
        var merged = KubectlApply.Merge(present, resource);
        var changes = JsonChanges.Of(present, merged, "");
        if (changes.Count > 0)
            await world.Store.Replace(merged, cancellation);
        if (type != ResourceType.Component)
            Say(changes.Count > 0 ? PlanAction.Update : PlanAction.Leave, changes.Count > 0 ? "it differs from the file" : "it is as the file says", changes);
    }

    // A kind that the files define has no objects yet.
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
}
