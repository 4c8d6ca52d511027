using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>
/// A rule, and a config that breaks it. In its texts PREFIX stands for the prefix of all secret names, TENANT and NEIGHBOUR for the two namespaces.
/// </summary>
/// <param name="Name">The rule as messages name it, or its subject.</param>
internal sealed record EscapeRule(string Name)
{
    /// <summary>The account of the operator's own credentials.</summary>
    public const string OwnAccount = "000000000000";

    /// <summary>An account in which the tenant has nothing.</summary>
    public const string OtherAccount = "333333333333";

    private const string Walls = """
        {"namespaces":{"matchNames":["TENANT"]},"allow":{"secretNames":["PREFIX/mine/*"],"regions":["us-east-1"],
         "roleArns":["arn:aws:iam::222222222222:role/PREFIX-*"],"kmsKeyIds":["alias/PREFIX-*"]}}
        """;

    private const string Conforming = """
        {"region":"us-east-1","secretName":"PREFIX/mine/app",
         "fields":{"user":{"value":"a"},"password":{"generator":{"passwordLength":24}}}}
        """;

    /// <summary>The policy of the tenant's namespace, in addition to the usual limits; null for no policy.</summary>
    public string? Policy { get; init; } = "{}";

    /// <summary>The spec of another policy of the tenant's namespace; null for none.</summary>
    public string? SecondPolicy { get; init; }

    /// <summary>A config that keeps the rule; null if there is none.</summary>
    public string? Good { get; init; } = "{}";

    /// <summary>A config that breaks it.</summary>
    public required string Bad { get; init; }

    /// <summary>The key of <see cref="Bad"/> whose value a reference may hold.</summary>
    public string Key { get; init; } = "secretName";

    /// <summary>The reason of the condition Ready.</summary>
    public string Reason { get; init; } = "Denied";

    /// <summary>A text that the message contains.</summary>
    public string Says { get; init; } = "";

    /// <summary>The secret that the config tries to reach.</summary>
    public Victim Victim { get; init; } = new("PREFIX/theirs/db");

    /// <summary>Whether the tenant's own secret must stay even when its Component is deleted.</summary>
    public bool KeepsOwn { get; init; }

    /// <summary>Whether the operator runs with <c>--require-policy</c>.</summary>
    public bool RequiresPolicy { get; init; }

    /// <summary>Whether the message may contain the cluster's id, which the rule demands.</summary>
    public bool ShowsClusterId { get; init; }

    /// <summary>Whether the policy allows the secret once its Component is deleted, so that a takeover breaks no rule.</summary>
    public bool AllowsAbandoned { get; init; }

    /// <summary>Whether it is another spelling of a rule that runs with every attack; then a few attacks suffice.</summary>
    public bool IsSpelling { get; init; }

    /// <summary>The id of the cluster; null for any.</summary>
    public string? ClusterId { get; init; }

    /// <summary>The action that AWS denies to everybody; null for none.</summary>
    public string? DeniedAction { get; init; }

    /// <summary>The cluster that it requires.</summary>
    public EscapeCluster Cluster => new(RequiresPolicy, ClusterId, DeniedAction);

    /// <summary>Whether the config itself is invalid, so that no Composition creates a Component from it.</summary>
    public bool IsInvalid => Reason == "InvalidConfig";

    /// <summary>The spec of the policy.</summary>
    public JsonObject? PolicyIn(IEscapeWorld world) => Policy is null ? null : Merged(world, Walls, Policy);

    /// <summary>The spec of the second policy.</summary>
    public JsonObject? SecondPolicyIn(IEscapeWorld world) => SecondPolicy is null ? null : Merged(world, SecondPolicy);

    /// <summary>A config that keeps the rule.</summary>
    public JsonObject GoodIn(IEscapeWorld world) => Merged(world, Conforming, Good ?? "{}");

    /// <summary>A config that breaks it.</summary>
    public JsonObject BadIn(IEscapeWorld world) => Merged(world, Conforming, Good ?? "{}", Bad);

    /// <summary>The texts with their placeholders replaced.</summary>
    public static string In(IEscapeWorld world, string text) =>
        text.Replace("PREFIX", world.Prefix, StringComparison.Ordinal).Replace("TENANT", world.Namespace, StringComparison.Ordinal)
            .Replace("NEIGHBOUR", world.Neighbour, StringComparison.Ordinal);

    // Objects are merged key by key, and everything else is replaced.
    private static JsonObject Merged(IEscapeWorld world, params IEnumerable<string> texts) =>
        texts.Select(text => JsonNode.Parse(In(world, text))!.AsObject()).Aggregate(Merge);

    private static JsonObject Merge(JsonObject into, JsonObject more)
    {
        foreach (var (key, value) in more)
            into[key] = into[key] is JsonObject old && value is JsonObject added ? Merge((JsonObject)old.DeepClone(), added) : value?.DeepClone();
        return into;
    }

    public override string ToString() => Name;
}
