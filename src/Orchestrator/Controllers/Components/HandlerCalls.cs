using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Calls handlers, and writes their answers.</summary>
internal sealed class HandlerCalls(ControllerContext context)
{
    // How long a handler may run before the status shows it as working.
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(2);

    private readonly PendingStatus pending = new();

    /// <summary>Calls a handler, with the state that its last answer recorded, and shows in the status if it takes long.</summary>
    public async Task<HandlerAnswer> Run(
        Func<HandlerRequest, CancellationToken, Task<HandlerAnswer>> call, ComponentSession session, ScheduledCall scheduled, CancellationToken cancellation)
    {
        Task Remember(JsonObject applied, CancellationToken stop) =>
            session.WriteStatus(c => ComponentStatusRules.Remembering(c, applied, context.Time.GetUtcNow()), stop);

        if (pending.Of(session.Current) is { } known)
            await Remember(known, cancellation);
        session.EndTurn();
        var request = new HandlerRequest
        {
            Component = session.Current,
            Config = scheduled.Config,
            Changed = scheduled.Trigger.Changed,
            Memo = scheduled.Trigger.Memo,
            Remember = Remember,
        };
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var work = call(request, cancellation);
        var sign = ShowSlowWork(work, session, done.Token, cancellation);
        HandlerAnswer answer;
        try
        {
            answer = await work;
        }
        finally
        {
            await done.CancelAsync();
            await sign;
        }

        // Before the status is written: that write may be refused, and the next call no longer knows what this one did.
        foreach (var happened in answer.Events)
            context.Events.Record(session.Current, happened);
        return answer;
    }

    /// <summary>Writes the status that follows from an answer; what the store refuses is kept for the next call.</summary>
    public async Task WriteAnswer(
        Func<Component, HandlerAnswer, DateTimeOffset, ComponentStatus> rule, ComponentSession session, HandlerAnswer answer, CancellationToken cancellation)
    {
        try
        {
            await session.WriteStatus(c => rule(c, answer, context.Time.GetUtcNow()), cancellation);
            pending.Forget(ObjectKey.Of(session.Current.Metadata));
        }
        catch (ResourceException)
        {
            pending.Keep(session.Current, answer);
            throw;
        }
    }

    /// <summary>Drops what is kept for a Component that is gone.</summary>
    public void Forget(ObjectKey key) => pending.Forget(key);

    private async Task ShowSlowWork(Task work, ComponentSession session, CancellationToken done, CancellationToken cancellation)
    {
        // The caller sees the end or the failure of the work.
        var slow = Task.Delay(SlowAfter, context.Time, done);
        await Task.WhenAny(work, slow);
        if (work.IsCompleted || !slow.IsCompletedSuccessfully)
            return;
        try
        {
            // Not cancelled when the work ends: a write that arrives anyway would make the next one a conflict.
            await session.WriteStatus(c => ComponentStatusRules.Working(c, context.Time.GetUtcNow()), cancellation);
        }
        catch (Exception e) when (e is ResourceException or OperationCanceledException)
        {
            // This status is only a sign of life: ignore a failure. The answer's own write shows whether the store works.
        }
    }
}
