using System.Text.Json;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>Reads the statements of a policy document, and reports all of its problems.</summary>
internal sealed class IamPolicyReader
{
    private const string ViaService = "kms:ViaService";
    private readonly List<string> problems = [];

    private IamPolicyReader()
    {
    }

    /// <exception cref="IamPolicyException">The document has problems.</exception>
    public static IReadOnlyList<IamStatement> Read(string json)
    {
        var reader = new IamPolicyReader();
        List<IamStatement> statements = [];
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            statements = reader.Policy(document.RootElement);
        }
        catch (JsonException e)
        {
            reader.problems.Add($"$: invalid JSON: {e.Message}");
        }
        return reader.problems.Count == 0 ? statements : throw new IamPolicyException(reader.problems);
    }

    private List<IamStatement> Policy(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object)
        {
            problems.Add("$: must be an object with Statement");
            return [];
        }
        Only(policy, "", "Version", "Id", "Statement");
        if (policy.TryGetProperty("Version", out var version) && !Is(version, "2012-10-17") && !Is(version, "2008-10-17"))
            problems.Add("Version: must be \"2012-10-17\"");
        if (!policy.TryGetProperty("Statement", out var statement))
        {
            problems.Add("Statement: is missing");
            return [];
        }
        return statement.ValueKind == JsonValueKind.Array
            ? [.. statement.EnumerateArray().Select((one, index) => Statement(one, $"Statement[{index}]"))]
            : [Statement(statement, "Statement")];
    }

    private IamStatement Statement(JsonElement statement, string path)
    {
        if (statement.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{path}: must be an object");
            return new IamStatement(IsDeny: true, Nothing, Nothing, []);
        }
        Only(statement, $"{path}.", "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition");
        if (!statement.TryGetProperty("Effect", out var effect) || !(Is(effect, "Allow") || Is(effect, "Deny")))
            problems.Add($"{path}.Effect: must be \"Allow\" or \"Deny\"");
        return new IamStatement(
            Is(effect, "Deny"),
            OneOf(statement, path, "Action", "NotAction", ignoreCase: true, Action),
            OneOf(statement, path, "Resource", "NotResource", ignoreCase: false, Resource),
            statement.TryGetProperty("Condition", out var condition) ? Conditions(condition, $"{path}.Condition") : []);
    }

    private IamPatterns OneOf(JsonElement statement, string path, string name, string notName, bool ignoreCase, Func<string, string?> problem)
    {
        var (has, hasNot) = (statement.TryGetProperty(name, out var element), statement.TryGetProperty(notName, out var notElement));
        if (has == hasNot)
        {
            problems.Add($"{path}: must have exactly one of {name} and {notName}");
            return Nothing;
        }
        var patterns = Strings(has ? element : notElement, $"{path}.{(has ? name : notName)}", problem);
        return new IamPatterns(patterns, hasNot, ignoreCase);
    }

    private List<IamCondition> Conditions(JsonElement block, string path)
    {
        List<IamCondition> conditions = [];
        foreach (var (name, keys, operatorPath) in Members(block, path))
        {
            if (name is not ("StringEquals" or "StringLike"))
            {
                problems.Add($"{operatorPath}: cannot be evaluated here: only StringEquals and StringLike on {ViaService} can");
                continue;
            }
            foreach (var (key, values, keyPath) in Members(keys, operatorPath))
            {
                if (!key.Equals(ViaService, StringComparison.OrdinalIgnoreCase))
                    problems.Add($"{keyPath}: cannot be evaluated here: only {ViaService} can");
                else
                    conditions.Add(new IamCondition(name == "StringLike", Strings(values, keyPath, Variable)));
            }
        }
        return conditions;
    }

    private IEnumerable<(string Name, JsonElement Value, string Path)> Members(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return element.EnumerateObject().Select(member => (member.Name, member.Value, $"{path}.{member.Name}"));
        problems.Add($"{path}: must be an object");
        return [];
    }

    /// <summary>One string, or a list of one or more.</summary>
    private List<string> Strings(JsonElement element, string path, Func<string, string?> problem)
    {
        if (element.ValueKind != JsonValueKind.Array)
            return [String(element, path, problem)];
        if (element.GetArrayLength() == 0)
            problems.Add($"{path}: must not be empty");
        return [.. element.EnumerateArray().Select((one, index) => String(one, $"{path}[{index}]", problem))];
    }

    private string String(JsonElement element, string path, Func<string, string?> problem)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        if (element.ValueKind != JsonValueKind.String)
            problems.Add($"{path}: must be a string");
        else if (problem(text) is { } found)
            problems.Add($"{path}: {found}");
        return text;
    }

    private static string? Action(string text) =>
        text == "*" || text.Split(':') is [{ Length: > 0 }, { Length: > 0 }] ? null : $"\"{text}\" must be * or service:action";

    private static string? Resource(string text) =>
        text == "*" || text.StartsWith("arn:", StringComparison.Ordinal) ? Variable(PrincipalTag.Without(text)) : $"\"{text}\" must be * or an ARN";

    private static string? Variable(string text) =>
        text.Contains("${", StringComparison.Ordinal) ? $"\"{text}\" has a policy variable, which cannot be evaluated here" : null;

    private void Only(JsonElement element, string path, params string[] known)
    {
        foreach (var member in element.EnumerateObject().Where(member => !known.Contains(member.Name)))
            problems.Add($"{path}{member.Name}: cannot be evaluated here: only {string.Join(", ", known)} can");
    }

    private static bool Is(JsonElement element, string text) => element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    private static IamPatterns Nothing { get; } = new([], IsNot: false, IgnoreCase: false);
}
