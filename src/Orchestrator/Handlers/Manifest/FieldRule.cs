using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary><c>jsonpath={.path}=value</c>, or without a value.</summary>
/// <param name="Text">The rule as written.</param>
/// <param name="Path">The path to check.</param>
/// <param name="Value">The expected text; null for any value.</param>
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

    /// <summary>A problem of a path, rewritten in the JSONPath syntax.</summary>
    public static string InJsonPath(string problem) => problem.Replace("[type=Ready]", "[?(@.type==\"Ready\")]", StringComparison.Ordinal);

    // The nearest observedGeneration counts: that of a condition on the path before that of the status.
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
