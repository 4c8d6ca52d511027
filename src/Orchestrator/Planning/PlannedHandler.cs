using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>What a handler would do in one call: its answer, of which a failure or a wait becomes a line about the target, and the other lines.</summary>
internal sealed record DryRun(HandlerAnswer Answer, string Target, IReadOnlyList<PlanLine> Lines)
{
    /// <summary>The outputs that the handler takes from objects.</summary>
    public IReadOnlyList<PlannedOutput> Outputs { get; init; } = [];
}

/// <summary>The handler itself, at work on AWS and a store that only look: what it would do is noted.</summary>
internal sealed class PlannedHandler(IComponentHandler handler, PlanNotes notes, Func<HandlerRequest, bool, CancellationToken, Task<DryRun>> dryRun)
    : IComponentHandler
{
    public string Name => handler.Name;

    public ConfigSchema Schema => handler.Schema;

    public IReadOnlyList<Problem> Validate(JsonObject config) => handler.Validate(config);

    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        // What has to wait or to be mended holds up those that need its outputs, as it would then.
        var answer = await Note(request, isDeletion: false, cancellation);
        // What was read may be the cluster's, whose versions are no versions of the store in memory.
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
