using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>The handler manifest itself, on a store that applies for a trial and deletes nothing.</summary>
internal sealed class ManifestPlanner(PlannedWorld world, PlanNotes notes, Func<string, ObjectKey, bool> isGone) : IComponentHandler
{
    private readonly ManifestHandler validator = new(world.Memory, ReadinessRule.WhenApplied, OperatorRights.Everything, TimeProvider.System);

    /// <inheritdoc/>
    public string Name => validator.Name;

    /// <inheritdoc/>
    public ConfigSchema Schema => validator.Schema;

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Validate(JsonObject config) => validator.Validate(config);

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        var store = new TrialStore(world);
        var answer = await new ManifestHandler(store, ReadinessRule.WhenApplied, OperatorRights.Everything, TimeProvider.System, isGone: isGone).Apply(request, cancellation);
        notes.Set(request.Component, isDeletion: false, Lines(request.Component, store, answer, "it is no longer among the manifests"));
        return answer with { Watches = [] };
    }

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        var store = new TrialStore(world);
        var answer = await new ManifestHandler(store, ReadinessRule.WhenApplied, OperatorRights.Everything, TimeProvider.System).Delete(request, cancellation);
        notes.Set(request.Component, isDeletion: true, Lines(request.Component, store, answer, "the Component is deleted"));
        return new HandlerAnswer.Done();
    }

    private IReadOnlyList<PlanLine> Lines(Component component, TrialStore store, HandlerAnswer answer, string whyDeleted)
    {
        var key = ObjectKey.Of(component.Metadata);
        return
        [
            .. store.Applied.Select(a => a switch
            {
                (var entry, null, _) => new PlanLine(key, Name, PlanAction.Create, $"{entry}", "it does not exist"),
                (var entry, var before, var after) when JsonChanges.Of(Told(before), Told(after), "") is { Count: > 0 } changes =>
                    new(key, Name, PlanAction.Update, $"{entry}", "it differs from the manifest") { Changes = changes },
                (var entry, _, _) => new(key, Name, PlanAction.Leave, $"{entry}", "it is as the manifest says"),
            }),
            .. store.Deleted.Select(entry => new PlanLine(key, Name, PlanAction.Delete, $"{entry}", whyDeleted)),
            .. answer.Events.Where(e => e.Reason == "ResourceLeft").Select(e => new PlanLine(key, Name, PlanAction.Leave, "object", e.Message)),
            .. PlanNotes.OfAnswer(component, "manifests", answer),
        ];
    }

    // What the server keeps by itself is no change that anybody asked for.
    private static JsonObject Told(JsonObject resource)
    {
        var told = resource.DeepClone().AsObject();
        told.Remove("status");
        foreach (var field in (string[])["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"])
            told["metadata"]!.AsObject().Remove(field);
        return told;
    }
}
