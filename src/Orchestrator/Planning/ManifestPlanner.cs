using System.Text.Json.Nodes;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>manifest, on a store that applies as a dry run and deletes nothing.</summary>
internal sealed class ManifestPlanner(PlannedWorld world, DesiredObjects desired, GivenOutputs given)
{
    public async Task<DryRun> Run(HandlerRequest request, bool isDeletion, CancellationToken cancellation)
    {
        var store = new DryRunStore(world);
        IReadOnlyList<PlannedOutput> outputs = [];
        var heirs = new List<(InventoryEntry Entry, Heir Heir)>();
        var handler = new ManifestHandler(
            store, ReadinessRule.Planned, OperatorRights.Everything, TimeProvider.System, desired: desired, standIn: given.Of,
            collected: all => outputs = PlannedOutput.Of(all, request.Component.Metadata.Namespace ?? ""),
            inherited: (entry, heir) => heirs.Add((entry, heir)));
        var answer = await (isDeletion ? handler.Delete(request, cancellation) : handler.Apply(request, cancellation));
        PlanLine Line(string action, string target, string reason) => new(ObjectKey.Of(request.Component.Metadata), handler.Name, action, target, reason);
        return new(answer with { Watches = [] }, "manifests",
        [
            .. store.Applied.Select(a => a switch
            {
                (var entry, null, _) => Line(PlanAction.Create, $"{entry}", "it does not exist"),
                (var entry, { } before, var after) when ObjectOwner.Recorded(before) is { } other && other != ObjectOwner.Of(request.Component) =>
                    Line(PlanAction.TakeOver, $"{entry}", $"Component {other.Value} no longer lists it") with { Changes = Changes(before, after) },
                (var entry, var before, var after) when Changes(before, after) is { Count: > 0 } changes =>
                    Line(PlanAction.Update, $"{entry}", "it differs from the manifest") with { Changes = changes },
                (var entry, _, _) => Line(PlanAction.Leave, $"{entry}", "it is as the manifest says"),
            }),
            .. store.Deleted.Select(entry =>
                Line(PlanAction.Delete, $"{entry}", isDeletion ? "the Component is deleted" : "it is no longer among the manifests")),
            .. heirs.Select(h => Line(PlanAction.Leave, $"{h.Entry}", $"{h.Heir.Name} {(h.Heir.IsCertain ? "takes it over" : "may list it")}")),
            .. answer.Events.Where(e => e.Reason == "ResourceLeft" && !heirs.Exists(h => e.Message.Contains($" {h.Entry} ", StringComparison.Ordinal)))
                .Select(e => Line(PlanAction.Leave, "object", e.Message)),
        ])
        {
            Outputs = outputs,
        };
    }

    // Fields that the server sets are no change.
    private static IReadOnlyList<string> Changes(JsonObject before, JsonObject after) =>
        JsonChanges.Of(WrittenResource.WithoutServerFields(before), WrittenResource.WithoutServerFields(after), "");
}
