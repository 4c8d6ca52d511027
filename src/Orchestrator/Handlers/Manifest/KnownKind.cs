using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>A row of <see cref="KnownKinds"/>: how objects of some kinds say that they are ready, in the words of <see cref="WaitRule"/>.</summary>
/// <param name="By">Who reports it, as people call the controller.</param>
/// <param name="Group">The group of the kinds; <c>*.</c> at its beginning stands for any one below, and <c>*</c> for any.</param>
/// <param name="Kinds">The kinds; none for every one of the group.</param>
/// <param name="Ready">What has to hold, all of it; none where the general rules judge alone.</param>
/// <param name="Source">Where that is written.</param>
internal sealed record KnownKind(string By, string Group, string[] Kinds, string[] Ready, string Source)
{
    private readonly IReadOnlyList<WaitRule> ready = [.. Ready.Select(Rule)];
    private IReadOnlyList<WaitRule> failed = [];
    private IReadOnlyList<FieldPath> has = [];
    private WaitRule? newer;

    /// <summary>What an object has to have to belong here: paths, all of which are there.</summary>
    public string[] Has { get; init => (field, has) = (value, [.. value.Select(Parsed)]); } = [];

    /// <summary>What counts instead where <see cref="Ready"/> looks at a condition that is not there, as releases name it differently.</summary>
    public string? Newer { get; init => (field, newer) = (value, value is null ? null : Rule(value)); }

    /// <summary>What means that the controller gave up, any of it.</summary>
    public string[] Failed { get; init => (field, failed) = (value, [.. value.Select(Rule)]); } = [];

    /// <summary>The types of conditions whose message says why an object is not ready yet, where they are True.</summary>
    public string[] MessageConditions { get; init; } = [];

    /// <summary>Where a text stands that says why an object is not ready yet; null for nowhere.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// Whether <see cref="Ready"/> is about each of <c>status.parents</c>, and there is one for each of <c>spec.parentRefs</c>, as routes of the Gateway API
    /// have it.
    /// </summary>
    public bool IsOfEachParent { get; init; }

    /// <summary>Whether <c>status.syncedResourceVersion</c> names the generation that was synced, as External Secrets Operator has it.</summary>
    public bool IsSyncedByGeneration { get; init; }

    /// <summary>Whether the row is about an object.</summary>
    public bool Covers(ResourceType type, JsonObject resource) =>
        IsGroup(type.Group) && (Kinds.Length == 0 || Kinds.Contains(type.Kind)) && has.All(p => p.Find(resource, out _) is not null);

    /// <summary>How an object stands; null where the general rules judge.</summary>
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

    // Each parent's part of the status as if it were the whole.
    private static List<JsonObject> OfParents(ResourceView view) =>
    [
        .. (view.At("status", "parents") as JsonArray ?? []).OfType<JsonObject>().Select(parent => new JsonObject
        {
            ["metadata"] = view.At("metadata")?.DeepClone(),
            ["status"] = parent.DeepClone(),
        }),
    ];

    /// <summary>Why the controller gave up an object; null where it did not.</summary>
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

    // A condition that is as it should not be says why itself, unless it is of an older generation.
    private static string Why(WaitRule rule, JsonObject resource, Readiness waiting) =>
        rule is ConditionRule { Status: var wanted } && rule.Condition(resource) is { } condition
            && !string.Equals(condition.Text("status"), wanted, StringComparison.OrdinalIgnoreCase)
            ? Readiness.Say(condition)
            : waiting.Message;

    private static WaitRule Rule(string text) =>
        WaitRuleParser.Parse(text, out var problem) ?? throw new ArgumentException(problem, nameof(text));

    private static FieldPath Parsed(string path) => FieldPath.Parse(path, out var problem) ?? throw new ArgumentException(problem, nameof(path));
}
