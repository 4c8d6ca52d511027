using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>manifest, on a store that applies as a dry run and deletes nothing.</summary>
internal sealed class ManifestPlanner(PlannedWorld world, Func<string, ObjectKey, bool> isGone)
{
    /// <summary>Runs one call.</summary>
    public async Task<DryRun> Run(HandlerRequest request, bool isDeletion, CancellationToken cancellation)
    {
        var store = new DryRunStore(world);
        var handler = new ManifestHandler(store, ReadinessRule.WhenApplied, OperatorRights.Everything, TimeProvider.System, isGone: isGone);
        var answer = await (isDeletion ? handler.Delete(request, cancellation) : handler.Apply(request, cancellation));
        PlanLine Line(string action, string target, string reason) => new(ObjectKey.Of(request.Component.Metadata), handler.Name, action, target, reason);
        return new(answer with { Watches = [] }, "manifests",
        [
            .. store.Applied.Select(a => a switch
            {
                (var entry, null, _) => Line(PlanAction.Create, $"{entry}", "it does not exist"),
                (var entry, var before, var after) when JsonChanges.Of(Comparable(before), Comparable(after), "") is { Count: > 0 } changes =>
                    Line(PlanAction.Update, $"{entry}", "it differs from the manifest") with { Changes = changes },
                (var entry, _, _) => Line(PlanAction.Leave, $"{entry}", "it is as the manifest says"),
            }),
            .. store.Deleted.Select(entry =>
                Line(PlanAction.Delete, $"{entry}", isDeletion ? "the Component is deleted" : "it is no longer among the manifests")),
            .. answer.Events.Where(e => e.Reason == "ResourceLeft").Select(e => Line(PlanAction.Leave, "object", e.Message)),
        ]);
    }

    // What the server sets by itself is not a change.
    private static JsonObject Comparable(JsonObject resource)
    {
        var comparable = resource.DeepClone().AsObject();
        comparable.Remove("status");
        ServerMetadata.RemoveFrom(comparable["metadata"]!.AsObject());
        return comparable;
    }
}
