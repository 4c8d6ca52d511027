using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Whether an applied resource has reached its desired state, as its status reports.</summary>
/// <remarks>Source: the kstatus rules of sigs.k8s.io/cli-utils (pkg/kstatus/status), with five differences that make Ready come later: a Job is current once
/// it is complete, not while it runs; a Pod that ended in failure has failed; an unschedulable Pod is in progress, as nodes may be added; a Ready condition
/// of an older generation does not count; <see cref="KnownKinds"/> follow their controllers' own rules.</remarks>
/// <param name="State">The state.</param>
/// <param name="Message">What is missing; empty for <see cref="ReadinessState.Current"/>.</param>
internal sealed record Readiness(ReadinessState State, string Message)
{
    /// <summary>The resource has reached its desired state.</summary>
    public static readonly Readiness Current = new(ReadinessState.Current, "");

    /// <summary>The resource has not reached its desired state yet.</summary>
    public static Readiness InProgress(string message) => new(ReadinessState.InProgress, message);

    /// <summary>The resource's controller gave up.</summary>
    public static Readiness Failed(string message) => new(ReadinessState.Failed, message);

    /// <summary>Reads the readiness of a resource.</summary>
    public static Readiness Of(JsonObject resource)
    {
        if (Deletion(resource) is { } deletion)
            return deletion;

        var view = new ResourceView(resource);
        if (view.Number("metadata", "generation") is { } generation
            && view.Generation("status", "observedGeneration") is { } observed && observed != generation)
            return InProgress($"generation {generation} is not observed yet, {observed} is");

        foreach (var condition in view.Items("status", "conditions").Where(c => c.Text("status") == "True"))
        {
            if (condition.Text("type") == "Reconciling")
                return InProgress(Say(condition));
            if (condition.Text("type") == "Stalled")
                return Failed(Say(condition));
        }

        var type = ResourceType.Of(resource);
        return KnownKinds.Of(type, resource)?.Judge(resource) ?? WorkloadReadiness.Of(type.Group, type.Kind, view) ?? OfReadyCondition(view);
    }

    /// <summary>The readiness of a terminating object, which is never ready; null if it is not terminating.</summary>
    public static Readiness? Deletion(JsonObject resource) =>
        new ResourceView(resource).Text("metadata", "deletionTimestamp") is not null ? InProgress("is being deleted") : null;

    /// <summary>The text of a condition: its message, or its reason if it has none.</summary>
    internal static string Say(ResourceView condition) => condition.Text("message") switch
    {
        { Length: > 0 } message => ForeignText.Clean(message),
        _ => ForeignText.Clean(condition.Text("reason") is { Length: > 0 } reason ? reason : $"{condition.Text("type")} is {condition.Text("status")}"),
    };

    // A kind without a Ready condition is ready at once.
    private static Readiness OfReadyCondition(ResourceView view)
    {
        if (view.Condition("Ready") is not { } ready)
            return Current;
        if (ready.Text("status") != "True")
            return InProgress(Say(ready));
        return ready.Number("observedGeneration") is { } observed && view.Number("metadata", "generation") is { } generation && observed < generation
            ? InProgress($"generation {generation} is not observed yet, {observed} is")
            : Current;
    }
}
