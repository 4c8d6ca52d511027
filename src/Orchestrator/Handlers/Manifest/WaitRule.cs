using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>What an object is waited for, in the words of <c>kubectl wait --for</c>. <see cref="WaitRuleParser"/> reads it. Pure.</summary>
/// <remarks>
/// Source: k8s.io/kubectl, pkg/cmd/wait, of 1.32. Three differ, each to say Ready later: what stands in a status of an older generation does not count for
/// <c>jsonpath</c> either; an empty text, list or object is not there yet; a value may hold <c>=</c>.
/// </remarks>
/// <param name="Text">The rule as written.</param>
internal abstract record WaitRule(string Text)
{
    private const int MostShown = 60;

    /// <summary>What it looks at; empty for the object alone.</summary>
    public virtual string Subject => "";

    /// <summary>What has to stand there; null where anything may.</summary>
    public virtual string? Wanted => null;

    /// <summary>Whether it holds; where not, what is there now.</summary>
    public abstract Readiness Of(JsonObject resource);

    /// <summary>Whether both can never hold at once, as they want two values of one place.</summary>
    public bool Contradicts(WaitRule other) =>
        Wanted is not null && other.Wanted is not null && Wanted != other.Wanted
        && string.Equals(Subject, other.Subject, this is ConditionRule ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>The condition that it looks at, if it looks at one that is there.</summary>
    public virtual ResourceView? Condition(JsonObject resource) => null;

    /// <summary>That a status is of an older generation than the spec; null where it counts.</summary>
    /// <param name="view">The object.</param>
    /// <param name="observed">The generation of the status, or of one condition.</param>
    protected static Readiness? Outdated(ResourceView view, long? observed) =>
        view.Number("metadata", "generation") is { } generation && observed < generation
            ? Readiness.InProgress($"generation {generation} is not observed yet, {observed} is")
            : null;

    /// <summary>What somebody else wrote, as a message shows it.</summary>
    protected static string Shown(string foreign)
    {
        var text = ForeignText.Clean(foreign);
        return text.Length <= MostShown ? text : string.Concat(text[..MostShown].EnumerateRunes()) + "…";
    }
}

/// <summary><c>create</c>: that the object is there, as whatever was applied is.</summary>
internal sealed record CreatedRule(string Text) : WaitRule(Text)
{
    /// <inheritdoc/>
    public override Readiness Of(JsonObject resource) => Readiness.Current;
}

/// <summary><c>condition=Type=Status</c>.</summary>
/// <param name="Text">The rule as written.</param>
/// <param name="Type">The type of the condition; case does not count.</param>
/// <param name="Status">The status that it has to have; case does not count.</param>
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

/// <summary><c>jsonpath={.path}=value</c>, or without a value.</summary>
/// <param name="Text">The rule as written.</param>
/// <param name="Path">Where it looks.</param>
/// <param name="Value">The text that has to stand there; null where any value may.</param>
internal sealed record FieldRule(string Text, FieldPath Path, string? Value) : WaitRule(Text)
{
    /// <inheritdoc/>
    public override string Subject => string.Concat(Path.Steps).TrimStart('.');

    /// <inheritdoc/>
    public override string? Wanted => Value;

    /// <inheritdoc/>
    public override ResourceView? Condition(JsonObject resource)
    {
        var chosen = Path.Steps.TakeWhile(s => s.Field != "type").Count() + 1;
        return chosen <= Path.Steps.Count && At(resource, chosen) is { } item ? new ResourceView(item) : null;
    }

    /// <inheritdoc/>
    public override Readiness Of(JsonObject resource)
    {
        if (Path.Steps[0].Key == "status" && Outdated(new(resource), Observed(resource)) is { } outdated)
            return outdated;
        if (UnreadableKinds.Of(resource, Path) is { } refusal)
            return Readiness.Failed($"\"{Text}\" can never hold: {refusal}");
        var found = Path.Find(resource, out var problem);
        if (problem is not null)
            return Readiness.Failed($"\"{Text}\" can never hold: {InJsonPath(ForeignText.Clean(problem))}");
        var waiting = $"waiting for {Value ?? "a value"}";
        switch (found)
        {
            case null:
                return Readiness.InProgress($"{Subject} is not there yet, {waiting}");
            case JsonArray or JsonObject when Value is not null:
                var (what, step) = found is JsonArray ? ("a list", "[0] or [?(@.type==\"Ready\")]") : ("an object", "a key");
                return Readiness.Failed($"\"{Text}\" can never hold: {Subject} is {what}: write {step} after it, or leave the value out");
            case JsonArray { Count: 0 } or JsonObject { Count: 0 }:
                return Readiness.InProgress($"{Subject} is empty, {waiting}");
            case JsonValue value:
                var text = ConfigReferences.AsText(value).Trim();
                if (text.Length == 0)
                    return Readiness.InProgress($"{Subject} is empty, {waiting}");
                return Value is null || text == Value || (IsBoolean(value) && text.Equals(Value, StringComparison.OrdinalIgnoreCase))
                    ? Readiness.Current
                    : Readiness.InProgress($"{Subject} is {Shown(text)}, {waiting}");
            default:
                return Readiness.Current;
        }
    }

    /// <summary>What is said of a path, in its other syntax.</summary>
    public static string InJsonPath(string problem) => problem.Replace("[type=Ready]", "[?(@.type==\"Ready\")]", StringComparison.Ordinal);

    // The nearest one counts: that of a condition on the path before that of the status.
    private long? Observed(JsonObject resource)
    {
        for (var length = Path.Steps.Count - 1; length > 0; length--)
        {
            if (At(resource, length) is { } part && new ResourceView(part).Generation("observedGeneration") is { } observed)
                return observed;
        }

        return null;
    }

    private JsonObject? At(JsonObject resource, int length) =>
        (Path with { Steps = [.. Path.Steps.Take(length)] }).Find(resource, out _) as JsonObject;

    private static bool IsBoolean(JsonValue value) => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False;
}
