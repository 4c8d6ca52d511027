using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>A condition to wait for, in the syntax of <c>kubectl wait --for</c>. <see cref="WaitRuleParser"/> reads it. Pure.</summary>
/// <remarks>Source: k8s.io/kubectl, pkg/cmd/wait, of 1.32, with three differences: a status of an older generation does not count for <c>jsonpath</c> either;
/// an empty text, list or object counts as missing; a value may contain <c>=</c>.</remarks>
/// <param name="Text">The rule as written.</param>
internal abstract record WaitRule(string Text)
{
    private const int MostShown = 60;

    /// <summary>The path that it checks; empty for the object itself.</summary>
    public virtual string Subject => "";

    /// <summary>The expected value; null for any.</summary>
    public virtual string? Wanted => null;

    /// <summary>Whether it holds; if not, the message has the current value.</summary>
    public abstract Readiness Of(JsonObject resource);

    /// <summary>Whether both can never hold at once, as they expect different values of one field.</summary>
    public bool Contradicts(WaitRule other) =>
        Wanted is not null && other.Wanted is not null && Wanted != other.Wanted
        && string.Equals(Subject, other.Subject, this is ConditionRule ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>The condition that it checks, if it exists.</summary>
    public virtual ResourceView? Condition(JsonObject resource) => null;

    /// <summary>The readiness if a status is of an older generation than the spec; null if it is current.</summary>
    /// <param name="view">The object.</param>
    /// <param name="observed">The generation of the status, or of one condition.</param>
    protected static Readiness? Outdated(ResourceView view, long? observed) =>
        view.Number("metadata", "generation") is { } generation && observed < generation
            ? Readiness.InProgress($"generation {generation} is not observed yet, {observed} is")
            : null;

    /// <summary>Foreign text as a message shows it.</summary>
    protected static string Shown(string foreign)
    {
        var text = ForeignText.Clean(foreign);
        return text.Length <= MostShown ? text : string.Concat(text[..MostShown].EnumerateRunes()) + "…";
    }
}

/// <summary><c>create</c>: the object exists, as every applied one does.</summary>
internal sealed record CreatedRule(string Text) : WaitRule(Text)
{
    /// <inheritdoc/>
    public override Readiness Of(JsonObject resource) => Readiness.Current;
}
