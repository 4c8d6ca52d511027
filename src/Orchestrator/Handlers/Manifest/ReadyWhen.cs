using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The part <c>readyWhen</c> of a config: rules for the readiness of objects, in place of the rules of their kinds. Pure.</summary>
/// <param name="Rules">The rules; all rules of an object must hold.</param>
internal sealed record ReadyWhen(IReadOnlyList<ReadyRule> Rules)
{
    /// <summary>Its key in the config.</summary>
    public const string Key = "readyWhen";

    private const string ForKey = "for";

    /// <summary>Reads it and reports every problem.</summary>
    /// <param name="root">The config.</param>
    /// <param name="manifests">The objects of the list.</param>
    /// <param name="isComplete">Whether these are all: false while a name is an unresolved reference.</param>
    /// <param name="isResolved">Whether every reference is resolved.</param>
    /// <param name="own">The Component's namespace; null if unknown.</param>
    public static ReadyWhen Read(ObjectReader root, IReadOnlyList<ManifestObject> manifests, bool isComplete, bool isResolved, string? own)
    {
        if (root.Any(Key) is JsonArray { Count: 0 })
            root.Add(Key, "is empty: write a rule, or leave it out");
        var rules = new List<ReadyRule>();
        foreach (var reader in root.Objects(Key))
        {
            var choice = ObjectChoice.Read(reader);
            var rule = ReadFor(reader);
            reader.Close();
            if (choice?.Find(manifests, isComplete, own, reader) is not { } manifest)
                continue;
            if (manifest.Type.Group.Length == 0 && manifest.Type.Kind == "Secret")
                reader.Add("kind", "a Secret is ready when it is applied, and no rule looks into one: leave it out");
            else if (rule is not null && new ReadyRule(reader.Path, manifest, rule) is var read)
            {
                Check(read, rules, isResolved, reader);
                rules.Add(read);
            }
        }

        return new(rules);
    }

    /// <summary>Whether an object is ready; null if it has no rule.</summary>
    /// <param name="manifest">The object of the list.</param>
    /// <param name="live">The live object.</param>
    public Readiness? Of(ManifestObject manifest, JsonObject live)
    {
        var rules = Rules.Where(r => r.Object.Path == manifest.Path).Select(r => r.For.Of(live)).ToList();
        if (rules.Count == 0)
            return null;
        if ((Readiness.Deletion(live) ?? rules.Find(r => r.State == ReadinessState.Failed)) is { } settled)
            return settled;
        if (rules.Find(r => r.State == ReadinessState.InProgress) is not { } waiting)
            return Readiness.Current;

        // The rules decide, but report it if the controller gave up.
        return KnownKinds.Of(manifest.Type, live)?.FailureReason(live) is { } why ? waiting with { Message = $"{waiting.Message} ({why})" } : waiting;
    }

    /// <summary>The rules for fields that an administrator forbids reading, since a message would show their values.</summary>
    public IReadOnlyList<Problem> Refused(UnreadableKinds unreadable) =>
        [.. Rules.Where(r => r.Refusal(unreadable) is not null).Select(r => new Problem($"{r.Place}.{ForKey}", r.Refusal(unreadable)!))];

    private static WaitRule? ReadFor(ObjectReader reader)
    {
        if (reader.String(ForKey, required: true) is not { } text)
            return null;
        var rule = WaitRuleParser.Parse(text, out var problem);
        if (rule is null)
            reader.Add(ForKey, problem);
        return rule;
    }

    private static void Check(ReadyRule rule, List<ReadyRule> before, bool isResolved, ObjectReader reader)
    {
        if (rule.Refusal(UnreadableKinds.Known) is { } refusal)
            reader.Add(ForKey, refusal);

        else if (rule.For is FieldRule field && (ObjectPaths.Impossible(field.Path) ?? rule.Object.WhyNever(field.Path, isResolved)) is { } never)
            reader.Add(ForKey, $"can never hold: {FieldRule.InJsonPath(never)}");

        // Two rules that expect different values of one field can never both hold.
        else if (before.Find(b => b.Object.Path == rule.Object.Path && b.For.Contradicts(rule.For)) is { } other)
            reader.Add(ForKey, $"can never hold together with {other.Place}, which waits for {other.For.Subject} to be {other.For.Wanted}: take one out");
    }
}
