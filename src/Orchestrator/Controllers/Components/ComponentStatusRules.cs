using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Derives a Component's status from a handler's answer. Pure.</summary>
internal static class ComponentStatusRules
{
    /// <summary>The most bytes of the Ready condition's message, which lists every problem.</summary>
    public const int MaxProblemsBytes = 4096;

    private const string AtWork = "Working";
    private const string InProgress = "InProgress";
    private const string TimedOut = "TimedOut";

    /// <summary>The status while the Component waits for others. A Ready one stays Ready: its resources exist, and its dependents need not wait.</summary>
    public static ComponentStatus Waiting(Component component, string waiting, DateTimeOffset now) => component.IsReady()
        ? With(component, Phase.Ready, "Ready", waiting, Condition.True, null, now)
        : With(component, Phase.Pending, "Waiting", waiting, Condition.Unknown, null, now);

    /// <summary>The status while a handler runs for longer than users wait without a sign of progress.</summary>
    public static ComponentStatus Working(Component component, DateTimeOffset now) =>
        component.IsReady()
            ? component.Status!
            : With(component, component.Metadata.IsTerminating ? Phase.Terminating : Phase.Deploying, AtWork, "at work", Condition.False, null, now);

    /// <summary>The status with the intent of a write: the conditions stay until the handler answers.</summary>
    public static ComponentStatus Remembering(Component component, JsonObject applied, DateTimeOffset now) =>
        (component.Status?.ObservedGeneration == component.Metadata.Generation ? component.Status! : Working(component, now)) with { Applied = applied };

    /// <summary>The status after <see cref="IComponentHandler.Apply"/>.</summary>
    public static ComponentStatus AfterApply(Component component, HandlerAnswer answer, DateTimeOffset now)
    {
        var conditions = answer is not HandlerAnswer.Done && answer.Conditions.Count == 0 ? null : answer.Conditions;
        var status = answer switch
        {
            HandlerAnswer.Done => With(component, Phase.Ready, "Ready", answer.Message ?? "", Condition.True, conditions, now),
            HandlerAnswer.InProgress => Deploying(component, InProgress, answer.Message ?? "", conditions, now),
            HandlerAnswer.Failed { Kind: FailureKind.Transient } failed when component.IsReady() =>
                With(component, Phase.Ready, "Ready", First(failed.Problems), Condition.True, conditions, now),
            HandlerAnswer.Failed { Kind: FailureKind.Transient } failed =>
                Deploying(component, nameof(FailureKind.Transient), First(failed.Problems), conditions, now),
            HandlerAnswer.Failed failed => Failure(component, Phase.Failed, failed, conditions, now),
            _ => throw new ArgumentException("an answer is Done, InProgress or Failed", nameof(answer)),
        };
        return Keep(status, component, answer);
    }

    /// <summary>The status after an unfinished <see cref="IComponentHandler.Delete"/>.</summary>
    public static ComponentStatus AfterDelete(Component component, HandlerAnswer answer, DateTimeOffset now)
    {
        var status = answer switch
        {
            HandlerAnswer.Failed { Kind: not FailureKind.Transient } failed => Failure(component, Phase.TerminationFailed, failed, null, now),
            _ when component.Metadata.DeletionTimestamp is { } since && Deadline.Of(since, component.Spec.TerminationTimeout) is var deadline
                && deadline.IsPast(now) =>
                With(component, Phase.TerminationFailed, TimedOut, $"still there after {deadline.TimeoutText}: {Text(answer)}", Condition.False, null, now),
            _ => With(component, Phase.Terminating, "Terminating", Text(answer), Condition.False, null, now),
        };
        return Keep(status, component, answer);
    }

    /// <summary>The first problem, and the number of further ones.</summary>
    public static string First(IReadOnlyList<Problem> problems) =>
        problems.Count == 1 ? problems[0].ToString() : $"{problems[0]} (and {problems.Count - 1} more)";

    private static ComponentStatus Deploying(Component component, string reason, string message, IReadOnlyList<Condition>? conditions, DateTimeOffset now)
    {
        var deadline = Deadline.Of(DeployingSince(component, now), component.Spec.DeploymentTimeout);
        return deadline.IsPast(now)
            ? With(component, Phase.Failed, TimedOut, $"not ready after {deadline.TimeoutText}: {message}", Condition.False, conditions, now)
            : With(component, Phase.Deploying, reason, message, Condition.False, conditions, now);
    }

    private static ComponentStatus Failure(
        Component component, string phase, HandlerAnswer.Failed failed, IReadOnlyList<Condition>? conditions, DateTimeOffset now)
    {
        var status = With(component, phase, failed.Kind.ToString(), First(failed.Problems), Condition.False, conditions, now);
        var all = MessageText.Limit(string.Join("; ", failed.Problems), MaxProblemsBytes);
        return status with { Conditions = [.. status.Conditions!.Select(c => c.Type == Condition.Ready ? c with { Message = all } : c)] };
    }

    private static ComponentStatus Keep(ComponentStatus status, Component component, HandlerAnswer answer) => status with
    {
        ProviderStatus = answer.ProviderStatus ?? component.Status?.ProviderStatus,
        Applied = answer.Applied ?? component.Status?.Applied,
    };

    private static ComponentStatus With(
        Component component, string phase, string reason, string message, string ready, IReadOnlyList<Condition>? conditions, DateTimeOffset now)
    {
        message = MessageText.Limit(message);
        // A condition that this answer does not have keeps its state and its observed generation.
        var others = conditions?.Select(c => Stamp(c, component, now)) ?? component.Status?.Conditions ?? [];
        var stated = Stamp(new() { Type = Condition.Ready, Status = ready, Reason = reason, Message = message }, component, now);
        return (component.Status ?? new()) with
        {
            Phase = phase,
            Message = message,
            ObservedGeneration = component.Metadata.Generation,
            Conditions = [.. others.Where(c => c.Type != Condition.Ready), stated],
        };
    }

    private static Condition Stamp(Condition condition, Component component, DateTimeOffset now)
    {
        var last = component.Status?.Condition(condition.Type);
        return condition with
        {
            Message = condition.Message is { } message ? MessageText.Limit(message) : null,
            LastTransitionTime = condition.Type == Condition.Ready && IsDeploying(condition) && !component.Metadata.IsTerminating
                ? DeployingSince(component, now)
                : last?.Status == condition.Status ? last.LastTransitionTime ?? now
                : now,
            ObservedGeneration = condition.ObservedGeneration ?? component.Metadata.Generation,
        };
    }

    // The deployment timeout restarts with each spec, and after a failure that a user had to fix: it counts from the Ready condition's time.
    private static DateTimeOffset DeployingSince(Component component, DateTimeOffset now) =>
        component.Status?.Condition(Condition.Ready) is { LastTransitionTime: { } since } last && IsDeploying(last)
        && last.ObservedGeneration == component.Metadata.Generation ? since : now;

    /// <summary>Whether the handler works or waits, so that the deployment timeout counts from the condition's time.</summary>
    public static bool IsDeploying(Condition ready) =>
        ready is { Status: Condition.False, Reason: AtWork or InProgress or nameof(FailureKind.Transient) or TimedOut };

    private static string Text(HandlerAnswer answer) => answer is HandlerAnswer.Failed failed ? First(failed.Problems) : answer.Message ?? "";
}
