using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

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
