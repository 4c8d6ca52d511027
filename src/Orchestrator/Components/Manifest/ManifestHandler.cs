using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Components.Manifest;

/// <summary>
/// The handler <c>manifest</c>: applies objects of Kubernetes in the Component's namespace, in the order of its list, keeps them as written, prunes
/// what leaves the list and deletes them in reverse. It never takes or deletes an object that another Component or a controller has.
/// </summary>
/// <param name="store">Where the objects go.</param>
/// <param name="readiness">When an applied object counts as ready.</param>
/// <remarks>Server-side apply: https://kubernetes.io/docs/reference/using-api/server-side-apply/.</remarks>
public sealed class ManifestHandler(IResourceStore store, ReadinessRule readiness) : IComponentHandler
{
    /// <inheritdoc/>
    public string Name => "manifest";

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Validate(JsonObject config)
    {
        var problems = new List<Problem>();
        ManifestConfig.Read(config, ownNamespace: null, problems);
        return problems;
    }

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var problems = new List<Problem>();
        var manifests = ManifestConfig.Read(request.Config, request.Component.Metadata.Namespace, problems);
        if (problems.Count > 0)
            return new HandlerAnswer.Failed(FailureKind.InvalidConfig, problems);
        try
        {
            return await new ManifestApply(store, request, manifests).Run(readiness, cancellation);
        }
        catch (ResourceException e)
        {
            return StoreFailure.Answer(e, "note what is about to be applied");
        }
    }

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var applied = Inventory.Read(request.ProviderStatus, Inventory.OutputKey);
        var inventory = applied.Then(Inventory.Read(request.Applied, Inventory.IntentKey));
        var removal = new ManifestRemoval(store, ObjectOwner.Of(request.Component));
        var (left, answer) = await removal.Remove(inventory, cancellation);
        return (answer ?? new HandlerAnswer.Done()) with
        {
            ProviderStatus = applied.Within(left).ToStatus(Inventory.OutputKey),
            Applied = left.ToStatus(Inventory.IntentKey),
            Events = removal.Events,
            Watches = [.. left.Entries.Select(e => new WatchedResource(e.Type, e.Key))],
        };
    }
}
