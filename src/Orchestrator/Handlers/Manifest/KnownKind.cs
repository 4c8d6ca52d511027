using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>A row of <see cref="KnownKinds"/>: how some kinds report readiness, in the syntax of <see cref="WaitRule"/>.</summary>
/// <param name="By">The common name of the controller.</param>
/// <param name="Group">The API group of the kinds; a leading <c>*.</c> stands for any subdomain, and <c>*</c> for any group.</param>
/// <param name="Kinds">The kinds; none for all kinds of the group.</param>
/// <param name="Ready">The rules that must all hold; none to use the general rules.</param>
/// <param name="Source">The documentation of these rules.</param>
internal sealed record KnownKind(string By, string Group, string[] Kinds, string[] Ready, string Source)
{
    private readonly IReadOnlyList<WaitRule> ready = [.. Ready.Select(Rule)];
    private IReadOnlyList<WaitRule> failed = [];
    private IReadOnlyList<FieldPath> has = [];
    private WaitRule? newer;

    /// <summary>Paths that an object must have to be covered, all of them.</summary>
    public string[] Has { get; init => (field, has) = (value, [.. value.Select(Parsed)]); } = [];

    /// <summary>The rule to use if the condition of <see cref="Ready"/> is missing, as another release names it differently.</summary>
    public string? Newer { get; init => (field, newer) = (value, value is null ? null : Rule(value)); }

    /// <summary>Rules of which any means that the controller gave up.</summary>
    public string[] Failed { get; init => (field, failed) = (value, [.. value.Select(Rule)]); } = [];

    /// <summary>The types of conditions that, while True, say why an object is not ready.</summary>
    public string[] MessageConditions { get; init; } = [];

    /// <summary>The path of a text that says why an object is not ready; null if there is none.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// Whether <see cref="Ready"/> applies to each of <c>status.parents</c>, one for each of <c>spec.parentRefs</c>, as in routes of the Gateway API.
    /// </summary>
    public bool IsOfEachParent { get; init; }

    /// <summary>Whether <c>status.syncedResourceVersion</c> names the synced generation, as with External Secrets Operator.</summary>
    public bool IsSyncedByGeneration { get; init; }

    /// <summary>Whether the row covers an object.</summary>
    public bool Covers(ResourceType type, JsonObject resource) =>
        IsGroup(type.Group) && (Kinds.Length == 0 || Kinds.Contains(type.Kind)) && has.All(p => p.Find(resource, out _) is not null);

    /// <summary>The readiness of an object; null to use the general rules.</summary>
    public Readiness? Judge(JsonObject resource)
    {
        if (ready.Count == 0)
            return null;
        var view = new ResourceView(resource);
        if (view.At("status") is not JsonObject { Count: > 0 })
            return Readiness.InProgress($"{By} has not reported a status yet");
        if (FailureReason(resource) is { } why)
            return Readiness.Failed(why);
        var seen = IsOfEachParent ? OfParents(view) : [resource];
        var wanted = IsOfEachParent ? view.Items("spec", "parentRefs").Count : 1;
        if (seen.Count < wanted)
            return Readiness.InProgress($"{seen.Count} of {wanted} parents have reported");
        foreach (var one in seen)
        {
            if (NotReady(one) is { } waiting)
                return waiting;
        }

        return IsSyncedByGeneration ? EsoSync.Of(view) : Readiness.Current;
    }

    private Readiness? NotReady(JsonObject resource)
    {
        foreach (var rule in ready)
        {
            var used = newer is not null && rule.Condition(resource) is null ? newer : rule;
            if (used.Of(resource) is { State: not ReadinessState.Current } waiting)
                return Readiness.InProgress(StatusMessage(new(resource)) ?? Why(used, resource, waiting));
        }

        return null;
    }

    // The status of each parent, as if it were the object's status.
    private static List<JsonObject> OfParents(ResourceView view) =>
    [
        .. (view.At("status", "parents") as JsonArray ?? []).OfType<JsonObject>().Select(parent => new JsonObject
        {
            ["metadata"] = view.At("metadata")?.DeepClone(),
            ["status"] = parent.DeepClone(),
        }),
    ];

    /// <summary>Why the controller gave up on an object; null if it did not.</summary>
    public string? FailureReason(JsonObject resource) => failed.FirstOrDefault(f => f.Of(resource).State == ReadinessState.Current) is not { } rule ? null
        : rule.Condition(resource) is { } condition ? Readiness.Say(condition)
        : StatusMessage(new(resource)) ?? rule.Text;

    private bool IsGroup(string group) => Group switch
    {
        "*" => true,
        ['*', '.', ..] => group.EndsWith(Group[1..], StringComparison.Ordinal),
        _ => group == Group,
    };

    private string? StatusMessage(ResourceView view)
    {
        foreach (var type in MessageConditions)
        {
            if (view.Condition(type) is { } condition && condition.Text("status") == "True")
                return Readiness.Say(condition);
        }

        return Message is not null && view.Text(Message.Split('.')) is { Length: > 0 } text ? Messages.ForeignText.Clean(text) : null;
    }

    // A condition with the wrong status explains itself, unless it is of an older generation.
    private static string Why(WaitRule rule, JsonObject resource, Readiness waiting) =>
        rule is ConditionRule { Status: var wanted } && rule.Condition(resource) is { } condition
            && !string.Equals(condition.Text("status"), wanted, StringComparison.OrdinalIgnoreCase)
            ? Readiness.Say(condition)
            : waiting.Message;

    private static WaitRule Rule(string text) =>
        WaitRuleParser.Parse(text, out var problem) ?? throw new ArgumentException(problem, nameof(text));

    private static FieldPath Parsed(string path) => FieldPath.Parse(path, out var problem) ?? throw new ArgumentException(problem, nameof(path));
}
