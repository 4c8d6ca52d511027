using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary><c>condition=Type=Status</c>.</summary>
/// <param name="Text">The rule as written.</param>
/// <param name="Type">The type of the condition, in any case.</param>
/// <param name="Status">The expected status, in any case.</param>
internal sealed record ConditionRule(string Text, string Type, string Status) : WaitRule(Text)
{
    /// <inheritdoc/>
    public override string Subject => $"condition {Type}";

    /// <inheritdoc/>
    public override string Wanted => Status;

    /// <inheritdoc/>
    public override ResourceView? Condition(JsonObject resource)
    {
        foreach (var condition in new ResourceView(resource).Items("status", "conditions"))
        {
            if (string.Equals(condition.Text("type"), Type, StringComparison.OrdinalIgnoreCase) && condition.Text("status") is not null)
                return condition;
        }

        return null;
    }

    /// <inheritdoc/>
    public override Readiness Of(JsonObject resource)
    {
        var view = new ResourceView(resource);
        if (Condition(resource) is not { } condition)
        {
            var others = view.Items("status", "conditions").Select(c => Shown(c.Text("type") ?? ""));
            return Readiness.InProgress($"has no {Subject} yet, waiting for {Status}{NearestName.Hint(Type, others)}");
        }

        if (Outdated(view, condition.Generation("observedGeneration") ?? view.Generation("status", "observedGeneration")) is { } outdated)
            return outdated;
        var status = condition.Text("status")!;
        if (string.Equals(status, Status, StringComparison.OrdinalIgnoreCase))
            return Readiness.Current;
        var said = condition.Text("message") is { Length: > 0 } message ? $": {ForeignText.Clean(message)}" : "";
        return Readiness.InProgress($"{Subject} is {Shown(status)}, waiting for {Status}{said}");
    }
}
