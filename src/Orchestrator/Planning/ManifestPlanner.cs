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
        var actions = new List<ObjectAction>();
        var handler = new ManifestHandler(
            store, ReadinessRule.Planned, OperatorRights.Everything, TimeProvider.System, desired: desired, standIn: given.Of,
            collected: all => outputs = PlannedOutput.Of(all, request.Component.Metadata.Namespace ?? ""), taken: actions.Add);
        var answer = await (isDeletion ? handler.Delete(request, cancellation) : handler.Apply(request, cancellation));
        PlanLine Line(string action, ObjectAction from) => new(ObjectKey.Of(request.Component.Metadata), handler.Name, action, $"{from.Entry}", from.Reason);
        IReadOnlyList<string> Changes(ObjectAction of) => store.ChangesOf(of.Entry);
        return new(answer with { Watches = [] }, "manifests",
        [
            .. actions.SelectMany(a => a switch
            {
                ObjectAction.Create => (PlanLine[])[Line(PlanAction.Create, a)],
                ObjectAction.TakeOver => [Line(PlanAction.TakeOver, a) with { Changes = Changes(a) }],
                ObjectAction.Update when Changes(a) is { Count: > 0 } changes => [Line(PlanAction.Update, a) with { Changes = changes }],
                ObjectAction.Update => [Line(PlanAction.Leave, a) with { Reason = "it is as the manifest says" }],
                ObjectAction.Delete => [Line(PlanAction.Delete, a)],
                // A wait for others is the answer's own line.
                ObjectAction.AwaitDeletion => [],
                _ => [Line(PlanAction.Leave, a)],
            }),
        ])
        {
            Outputs = outputs,
        };
    }
}
