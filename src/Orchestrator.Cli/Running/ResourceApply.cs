using System.Text.Json.Nodes;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Puts the resources of the files into the store, as <c>kubectl apply --prune</c> would: what has left the files is deleted.</summary>
internal sealed class ResourceApply(IResourceStore store)
{
    private static readonly ApplyOptions Options = new("dorch", Force: true);

    /// <summary>What is in the store because of the files, in the files' order.</summary>
    public IReadOnlyList<(ResourceType Type, ObjectKey Key)> Applied { get; private set; } = [];

    /// <summary>Applies all resources, Namespaces and then CustomResourceDefinitions first, and deletes what an earlier call applied and is no longer
    /// there.</summary>
    /// <returns>What the store refused.</returns>
    public async Task<IReadOnlyList<Diagnostic>> Apply(IReadOnlyList<ManifestResource> resources, CancellationToken cancellation)
    {
        var problems = new List<Diagnostic>();
        var applied = new List<(ResourceType Type, ObjectKey Key)>();
        foreach (var resource in resources.OrderBy(Rank))
        {
            try
            {
                var written = await Apply(resource, cancellation);
                applied.Add((resource.Type, ObjectKey.Of(written)));
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

    /// <summary>Whether something applied no longer exists: it was still terminating when it was applied again, or somebody deleted it.</summary>
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
        && (applied.Key.Namespace is null || applied.Key.Namespace == (resource.Namespace ?? "default"));

    // Namespaces contain other resources, and CustomResourceDefinitions say which are namespaced.
    private static int Rank(ManifestResource resource) =>
        resource.Type == ResourceType.Namespace ? 0 : resource.Type.Kind == "CustomResourceDefinition" ? 1 : 2;

    private async Task<JsonObject> Apply(ManifestResource resource, CancellationToken cancellation)
    {
        var wanted = resource.Content.DeepClone().AsObject();
        var metadata = wanted["metadata"]!.AsObject();
        // What a cluster adds to a resource; a file made with `kubectl get -o yaml` has it.
        ServerMetadata.RemoveFrom(metadata);
        metadata.Remove("ownerReferences");
        metadata.Remove("finalizers");
        wanted.Remove("status");
        if (await store.IsNamespaced(resource.Type, cancellation))
        {
            var @namespace = resource.Namespace ?? "default";
            metadata["namespace"] = @namespace;
            await EnsureNamespace(@namespace, cancellation);
        }
        else
        {
            // As an API server does with what is cluster-scoped.
            metadata.Remove("namespace");
        }

        return await store.Apply(wanted, Options, cancellation);
    }

    // In a cluster it may exist already; here nobody else could have created it.
    private async Task EnsureNamespace(string name, CancellationToken cancellation)
    {
        if (await store.Get(ResourceType.Namespace, new(null, name), cancellation) is not null)
            return;
        var @namespace = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
        await store.Apply(@namespace, Options, cancellation);
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
