using System.Text.Json.Nodes;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Applies the resources of the files to the store, as <c>kubectl apply --prune</c> would: resources removed from the files are deleted.</summary>
internal sealed class ResourceApply(IResourceStore store)
{
    private static readonly ApplyOptions Options = new("dorch", Force: true);

    /// <summary>The applied resources, in the files' order.</summary>
    public IReadOnlyList<(ResourceType Type, ObjectKey Key)> Applied { get; private set; } = [];

    /// <summary>
    /// Applies all resources, Namespaces and then CustomResourceDefinitions first, deletes what an earlier call applied and is no longer there, and returns
    /// what the store refused. The informers of ControllerRun see what is written here.
    /// </summary>
    public async Task<IReadOnlyList<Diagnostic>> Apply(IReadOnlyList<ManifestResource> resources, CancellationToken cancellation)
    {
        var problems = new List<Diagnostic>();
        var applied = new List<(ResourceType Type, ObjectKey Key)>();
        foreach (var resource in resources.OrderBy(Rank))
        {
            try
            {
                applied.Add((resource.Type, ObjectKey.Of(await Apply(resource, cancellation))));
            }
            catch (ResourceException e)
            {
                problems.Add(resource.Locate(new("", e.Message)));
                applied.AddRange(Applied.Where(before => IsSame(before, resource)));
            }
        }

        foreach (var (type, key) in Applied.Except(applied).Reverse())
            await Delete(type, key, cancellation);
        Applied = applied;
        return problems;
    }

    /// <summary>Whether an applied resource no longer exists: it was still terminating when it was applied again, or it was deleted.</summary>
    public async Task<bool> IsAnythingMissing(CancellationToken cancellation)
    {
        foreach (var (type, key) in Applied)
        {
            if (await store.Get(type, key, cancellation) is null)
                return true;
        }

        return false;
    }

    private static bool IsSame((ResourceType Type, ObjectKey Key) applied, ManifestResource resource) =>
        applied.Type == resource.Type && applied.Key.Name == resource.Name
        && (applied.Key.Namespace is null || applied.Key.Namespace == resource.NamespaceOrDefault);

    // Namespaces contain other resources, and CustomResourceDefinitions define which kinds are namespaced.
    private static int Rank(ManifestResource resource) =>
        resource.Type == ResourceType.Namespace ? 0 : resource.Type.Kind == ResourceScope.Definition.Kind ? 1 : 2;

    private async Task<JsonObject> Apply(ManifestResource resource, CancellationToken cancellation)
    {
        var @namespace = await store.IsNamespaced(resource.Type, cancellation) ? resource.NamespaceOrDefault : null;
        var desired = WrittenResource.Desired(resource.Content, @namespace);
        desired["metadata"]!.AsObject().Remove("finalizers");
        await store.EnsureNamespace(@namespace, cancellation);
        return await store.Apply(desired, Options, cancellation);
    }

    private async Task Delete(ResourceType type, ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            await store.Delete(type, key, new(), cancellation);
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotFound or ResourceError.Forbidden)
        {
            // It went with its owner, or it is one of the namespaces that every cluster has.
        }
    }
}
