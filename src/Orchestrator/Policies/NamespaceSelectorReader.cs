using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Policies;

/// <summary>Reads the namespace selector of a policy.</summary>
internal static class NamespaceSelectorReader
{
    private static readonly string[] Operators = Enum.GetNames<LabelOperator>();

    /// <summary>The selector; an invalid part selects every namespace.</summary>
    public static NamespaceSelector Read(ObjectReader spec)
    {
        if (spec.Object("namespaces", required: true) is not { } reader)
            return new();
        var selector = new NamespaceSelector
        {
            MatchLabels = ReadLabels(reader),
            MatchNames = Names(reader, "matchNames", mayBeEmpty: false),
            MatchExpressions = [.. reader.Objects("matchExpressions").Select(ReadExpression).OfType<LabelRequirement>()],
        };
        reader.Close();
        return selector;
    }

    /// <summary>A list of valid namespace names; null if it is missing or invalid.</summary>
    public static IReadOnlyList<string>? Names(ObjectReader reader, string key, bool mayBeEmpty)
    {
        if (reader.Strings(key) is not { } names)
            return null;
        if (names.Count == 0 && !mayBeEmpty)
            reader.Add(key, "is empty and would select nothing: name namespaces, or leave the key out");
        var wrong = names.Select((name, at) => (name, at)).Where(n => !DnsName.IsLabel(n.name)).ToList();
        foreach (var (name, at) in wrong)
            reader.Add($"{key}[{at}]", $"\"{name}\" is not a namespace's name: lower-case letters, digits and -, at most 63 characters, no wildcards");
        return wrong.Count > 0 || (names.Count == 0 && !mayBeEmpty) ? null : names;
    }

    private static Dictionary<string, string> ReadLabels(ObjectReader reader)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (reader.Object("matchLabels") is not { } map)
            return labels;
        var keys = map.Keys();
        if (keys.Count == 0)
            reader.Add("matchLabels", "is empty: name labels, or leave the key out; namespaces: {} selects every namespace");
        foreach (var key in keys)
        {
            var value = map.String(key, required: true);
            if ((LabelSyntax.KeyProblem(key) ?? (value is null ? null : LabelSyntax.ValueProblem(value))) is { } problem)
                map.Add(key, problem);
            else if (value is not null)
                labels[key] = value;
        }

        return labels;
    }

    private static LabelRequirement? ReadExpression(ObjectReader reader)
    {
        var key = reader.String("key", required: true);
        if (key is not null && LabelSyntax.KeyProblem(key) is { } problem)
            reader.Add("key", problem);
        var word = reader.Word("operator", Operators);
        if (word is null && !reader.Has("operator"))
            reader.Add("operator", $"is missing: it must be {string.Join(" or ", Operators)}");
        var values = reader.Strings("values");
        reader.Close();
        if (key is null || word is null)
            return null;
        var operation = Enum.Parse<LabelOperator>(word);
        var takesValues = operation is LabelOperator.In or LabelOperator.NotIn;
        if (takesValues && values is not { Count: > 0 })
            reader.Add("values", $"{word} needs values");
        else if (!takesValues && values is { Count: > 0 })
            reader.Add("values", $"{word} takes no values");
        else
            return new(key, operation, values ?? []);
        return null;
    }
}
