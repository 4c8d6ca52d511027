using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Policies;

/// <summary>Reads a SecretPolicy and reports every problem.</summary>
internal static class SecretPolicyReader
{
    private static readonly string[] Permissions = ["spec.allow", "spec.defaults", "spec.limits"];

    /// <summary>
    /// The policy, as far as it can be read: an invalid part allows nothing, and an invalid part of the selector narrows nothing.
    /// </summary>
    /// <param name="name">The object's name.</param>
    /// <param name="resource">The object.</param>
    /// <param name="problems">Receives the problems, with paths from the object's root.</param>
    public static SecretPolicy Read(string name, JsonObject resource, ICollection<Problem> problems)
    {
        var found = new List<Problem>();
        var policy = new SecretPolicy { Name = name };
        if (new ObjectReader(resource, "", found, mayHoldReferences: false).Object("spec", required: true) is { } spec)
        {
            policy = policy with
            {
                Namespaces = NamespaceSelectorReader.Read(spec),
                Allow = ReadAllowance(spec),
                Mandatory = ReadValues(spec, "mandatory", hasLength: true),
                Defaults = ReadValues(spec, "defaults", hasLength: false),
                GeneratedFields = ReadLimit(spec),
            };
            spec.Close();
        }

        foreach (var problem in found)
            problems.Add(problem);
        return found.Count == 0 ? policy : policy with
        {
            Allow = new(),
            Defaults = new(),
            GeneratedFields = null,
            Unreadable = found[0],
            IsDemandUnknown = found.Any(p => !Permissions.Any(section => IsUnder(p.Path, section))),
        };
    }

    private static bool IsUnder(string path, string section) =>
        path.StartsWith(section, StringComparison.Ordinal) && (path.Length == section.Length || path[section.Length] is '.' or '[');

    private static PolicyAllowance ReadAllowance(ObjectReader spec)
    {
        if (spec.Object("allow") is not { } reader)
            return new();
        var allow = new PolicyAllowance
        {
            SecretNames = Patterns(reader, "secretNames", AwsForms.SecretName),
            Regions = Patterns(reader, "regions", AwsForms.Region),
            RoleArns = Patterns(reader, "roleArns", AwsForms.Role),
            KmsKeyIds = Patterns(reader, "kmsKeyIds", AwsForms.Key),
            Adopt = reader.Boolean(SecretKeys.Adopt) ?? false,
            TakeOverFrom = NamespaceSelectorReader.Names(reader, "takeOverFrom", mayBeEmpty: true) ?? [],
        };
        reader.Close();
        return allow;
    }

    private static List<NamePattern> Patterns(ObjectReader reader, string key, AwsForm form)
    {
        var patterns = new List<NamePattern>();
        foreach (var (text, at) in (reader.Strings(key) ?? []).Select((text, at) => (text, at)))
        {
            if (NamePattern.Parse(text, out var problem) is not { } pattern)
                reader.Add($"{key}[{at}]", problem!);
            else if (!form.Pattern.IsMatch(PolicyText.Sample(text)))
                reader.Add($"{key}[{at}]", $"must be {form.PatternText}, not \"{text}\"; * is the only wildcard");
            else
                patterns.Add(pattern);
        }

        return patterns;
    }

    private static PolicyValues ReadValues(ObjectReader spec, string section, bool hasLength)
    {
        if (spec.Object(section) is not { } reader)
            return new();
        // Every generator sets its own length: a default would never apply.
        if (!hasLength && reader.Has(SecretKeys.PasswordLength))
            reader.Add(SecretKeys.PasswordLength, "every generator names its own length: put the least into mandatory.passwordLength");
        var values = new PolicyValues
        {
            Region = Value(reader, SecretKeys.Region, AwsForms.Region),
            RoleArn = Value(reader, SecretKeys.RoleArn, AwsForms.Role),
            ExternalId = Value(reader, SecretKeys.ExternalId, AwsForms.ExternalId),
            KmsKeyId = Value(reader, SecretKeys.KmsKeyId, AwsForms.Key),
            Tags = reader.Object(SecretKeys.Tags) is { } tags ? ReadTags(tags) : new Dictionary<string, PolicyText>(),
            DeletionPolicy = reader.Word(SecretKeys.DeletionPolicy, ["Delete", "Retain"]),
            PasswordLength = hasLength ? reader.Integer(SecretKeys.PasswordLength, 1, AwsForms.LongestPassword) : null,
        };
        reader.Close();
        return values;
    }

    private static PolicyText? Value(ObjectReader reader, string key, AwsForm form)
    {
        if (reader.String(key) is not { } text)
            return null;
        if (PolicyText.Parse(text, out var problem) is not { } value)
            reader.Add(key, problem!);
        else if (form.Value.IsMatch(PolicyText.Sample(text)))
            return value;
        else
            reader.Add(key, $"must be {form.ValueText}, not \"{text}\"{(text.Contains('*', StringComparison.Ordinal) ? ": a value has no wildcards" : "")}");
        return null;
    }

    private static Dictionary<string, PolicyText> ReadTags(ObjectReader reader)
    {
        var tags = new Dictionary<string, PolicyText>(StringComparer.Ordinal);
        foreach (var key in reader.Keys())
        {
            if (SecretTags.KeyProblem(key) is { } wrong)
                reader.Add(key, wrong);
            else if (tags.Keys.FirstOrDefault(k => SecretTags.IsSameKey(k, key)) is { } same)
                reader.Add(key, $"is the same key to IAM as {same}: leave one out");
            if (reader.String(key, required: true) is not { } text)
                continue;
            if (PolicyText.Parse(text, out var problem) is not { } value)
                reader.Add(key, problem!);
            else if (SecretTags.ValueProblem(text) is { } tooLong)
                reader.Add(key, tooLong);
            else
                tags[key] = value;
        }

        return tags;
    }

    private static int? ReadLimit(ObjectReader spec)
    {
        if (spec.Object("limits") is not { } reader)
            return null;
        var fields = reader.Integer("generatedFields", number => number >= 0, "a whole number, 0 or more");
        reader.Close();
        return fields;
    }
}
