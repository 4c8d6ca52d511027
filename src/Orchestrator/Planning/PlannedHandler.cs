using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>One call of a handler in a plan: a failure or a wait becomes a line for the target, next to the handler's own lines.</summary>
internal sealed record DryRun(HandlerAnswer Answer, string Target, IReadOnlyList<PlanLine> Lines)
{
    /// <summary>The outputs that the handler reads from objects.</summary>
    public IReadOnlyList<PlannedOutput> Outputs { get; init; } = [];
}

/// <summary>
/// A handler in a plan: the real one answers for its name, its schema and its configs, and the dry run stands in for its calls and records what they would
/// write.
/// </summary>
internal sealed class PlannedHandler(IComponentHandler handler, PlanNotes notes, Func<HandlerRequest, bool, CancellationToken, Task<DryRun>> dryRun)
    : IComponentHandler
{
    public string Name => handler.Name;

    public ConfigSchema Schema => handler.Schema;

    public IReadOnlyList<Problem> Validate(JsonObject config) => handler.Validate(config);

    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        // A Component that waits or fails blocks its dependents, as it would in the cluster.
        var answer = await Note(request, isDeletion: false, cancellation);
        // Objects may come from the cluster, whose versions are not comparable with those of the in-memory store.
        return answer with { Watches = [.. answer.Watches.Select(w => w with { SeenVersion = null })] };
    }

    public async Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        await Note(request, isDeletion: true, cancellation);
        return new HandlerAnswer.Done();
    }

    private async Task<HandlerAnswer> Note(HandlerRequest request, bool isDeletion, CancellationToken cancellation)
    {
        var run = await dryRun(request, isDeletion, cancellation);
        PlanLine Line(string action, string reason) => new(ObjectKey.Of(request.Component.Metadata), Name, action, run.Target, reason);
        if (!isDeletion)
            notes.SetOutputs(request.Component, run.Outputs);
        notes.Set(request.Component, isDeletion, run.Answer switch
        {
            HandlerAnswer.Failed failed =>
                [.. run.Lines, Line(failed.Kind == FailureKind.Conflict ? PlanAction.Conflict : PlanAction.Fail, string.Join("; ", failed.Problems))],
            HandlerAnswer.InProgress wait => [.. run.Lines, Line(PlanAction.Wait, wait.Message ?? "it is not ready at once")],
            _ => run.Lines,
        });
        return run.Answer;
    }
}
