using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.SecretPush.Configuration;

/// <summary>Reads the handler's config and reports every problem before AWS is called.</summary>
internal static partial class SecretPushConfigReader
{
    /// <summary>The greatest size of a secret's value, in bytes.</summary>
    /// <remarks>Source: AWS Secrets Manager quotas.</remarks>
    public const int MaxSecretBytes = 65_536;

    /// <summary>The shortest <c>refreshInterval</c> with AlwaysUpdate: AWS keeps every version for a day, about 100 in all.</summary>
    public static readonly TimeSpan ShortestUpdateInterval = TimeSpan.FromMinutes(15);

    private static readonly string[] EmptyIsAbsent = [SecretKeys.Region, SecretKeys.RoleArn, SecretKeys.ExternalId, SecretKeys.Description];

    /// <summary>The problems of a config as written, with unresolved references.</summary>
    public static IReadOnlyList<Problem> Validate(JsonObject config)
    {
        var problems = new List<Problem>();
        Read(WithoutEmpty(config, config), isResolved: false, problems);
        return problems;
    }

    /// <summary>The config with its references resolved; null with <paramref name="problems"/> if it is invalid.</summary>
    /// <param name="config">The config.</param>
    /// <param name="problems">Receives the problems.</param>
    /// <param name="written">The config as written, if known: a text that a reference left empty differs from an unset key.</param>
    public static SecretPushConfig? ReadResolved(JsonObject config, ICollection<Problem> problems, JsonObject? written = null) =>
        Read(WithoutEmpty(config, written ?? config), isResolved: true, problems);

    /// <summary>
    /// The problem of a key that became empty, as when a ConfigMap's key or a chart's value is gone: its default would name another secret, and the current
    /// one would be released. Null if the secret stays.
    /// </summary>
    /// <param name="config">The config, its references resolved.</param>
    /// <param name="region">The region of the current secret.</param>
    /// <param name="roleArn">The role that reaches it; null for none.</param>
    /// <param name="defaultRegion">The program's own region.</param>
    public static Problem? EmptiedTarget(JsonObject config, string region, string? roleArn, string? defaultRegion)
    {
        bool IsEmptied(string key) => config.TryGetPropertyValue(key, out var node) && (node is null || IsEmpty(node));
        if (IsEmptied(SecretKeys.Region) && region != defaultRegion)
            return new(SecretKeys.Region,
                $"is empty, and the secret is in {region}: name the region, or leave the key out to move the secret to the program's own");
        return IsEmptied(SecretKeys.RoleArn) && roleArn is not null
            ? new(SecretKeys.RoleArn, $"is empty, and the secret was pushed by {roleArn}: name the role, or leave the key out to push without one")
            : null;
    }

    // Helm renders unset values as empty strings, and kubectl treats them as unset.
    private static JsonObject WithoutEmpty(JsonObject config, JsonObject written)
    {
        var empty = EmptyIsAbsent.Where(key => IsEmpty(config[key]) && IsEmpty(written[key])).ToList();
        return empty.Count == 0 ? config : new(config.Where(f => !empty.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
    }

    private static bool IsEmpty(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0;

    /// <summary>Whether AWS accepts these days as a recovery window; 0 is ours for none.</summary>
    internal static bool IsWindow(int days) => days is 0 or (>= 7 and <= 30);

    private static SecretPushConfig? Read(JsonObject config, bool isResolved, ICollection<Problem> problems)
    {
        var found = new List<Problem>();
        var reader = new ObjectReader(config, "", found, mayHoldReferences: !isResolved);
        var name = ReadName(reader, found);
        var policy = ReadWord<UpdatePolicy>(reader, SecretKeys.UpdatePolicy);
        var interval = reader.Duration(SecretKeys.RefreshInterval);
        if (policy == UpdatePolicy.AlwaysUpdate && interval < ShortestUpdateInterval)
            reader.Add(SecretKeys.RefreshInterval, "must be at least 15m with updatePolicy AlwaysUpdate: AWS keeps every version for a day, about 100 in all");
        var (region, role, externalId) = ReadPlace(reader);
        RefuseNull<DeletionPolicy>(config, SecretKeys.DeletionPolicy, reader);
        RefuseNull<Recreate>(config, SecretKeys.Recreate, reader);
        var description = reader.String(SecretKeys.Description);
        if (description?.Length > 2048)
            reader.Add(SecretKeys.Description, $"has {description.Length} characters; AWS takes at most 2048");
        var result = new SecretPushConfig
        {
            Region = region,
            SecretName = name ?? "",
            KmsKeyId = ReadText(reader, SecretKeys.KmsKeyId, AwsForms.Key.Value, key => $"\"{key}\" is not a KMS key: write a key id, a key's ARN, "
                + $"{(KmsAliasName().IsMatch(key) ? $"alias/{key}" : "alias/NAME")} or an alias's ARN"),
            Description = description,
            Tags = ReadTags(reader),
            RoleArn = role,
            ExternalId = externalId,
            Fields = ReadFields(reader, isResolved),
            UpdatePolicy = policy,
            DeletionPolicy = ReadWord<DeletionPolicy>(reader, SecretKeys.DeletionPolicy),
            Recreate = ReadWord<Recreate>(reader, SecretKeys.Recreate),
            RecoveryWindowInDays = ReadWindow(reader) ?? SecretPushConfig.DefaultRecoveryWindowInDays,
            RefreshInterval = interval ?? SecretPushConfig.DefaultRefreshInterval,
            Adopt = reader.Boolean(SecretKeys.Adopt) ?? false,
        };
        reader.Close();
        if (LargestSize(result.Fields) is > MaxSecretBytes and var size)
            reader.Add(SecretKeys.Fields, $"the secret would have up to {size} bytes; AWS takes at most {MaxSecretBytes}");
        foreach (var problem in found)
            problems.Add(problem);
        return found.All(p => p.IsWarning) && !reader.HasDeferred ? result : null;
    }

    // AWS accepts a name that ends as an ARN does. Only a partial ARN is ambiguous then, and we look secrets up by their name or their full ARN.
    private static string? ReadName(ObjectReader reader, List<Problem> found)
    {
        const string Key = SecretKeys.SecretName;
        var name = ReadText(reader, Key, AwsForms.SecretName.Value,
            name => $"\"{name}\" is not a secret name: {AwsForms.SecretName.ValueText}{LineBreak(name)}", required: true);
        if (name is not null && AwsForms.SecretName.Value.IsMatch(name) && ArnSuffix().IsMatch(name))
            found.Add(new(reader.PathOf(Key), $"\"{name}\" ends in a hyphen and six characters, as an ARN does: "
                + "refer to it by its name or its full ARN, never by a partial one", IsWarning: true));
        return name;
    }

    private static (string? Region, string? RoleArn, string? ExternalId) ReadPlace(ObjectReader reader)
    {
        var region = ReadText(reader, SecretKeys.Region, AwsForms.Region.Value,
            region => $"must be {AwsForms.Region.ValueText}, not \"{region}\"{LineBreak(region)}");
        var role = ReadText(reader, SecretKeys.RoleArn, AwsForms.Role.Value,
            role => $"must be {AwsForms.Role.ValueText}, not \"{role}\"{LineBreak(role)}");
        var externalId = reader.String(SecretKeys.ExternalId);
        if (reader.Has(SecretKeys.ExternalId) && !reader.Has(SecretKeys.RoleArn))
            reader.Add(SecretKeys.ExternalId, "needs roleArn: set it, or remove externalId");
        else if (externalId is not null && !AwsForms.ExternalId.Value.IsMatch(externalId))
            reader.Add(SecretKeys.ExternalId, $"must have {AwsForms.ExternalId.ValueText}");
        return (region, role, externalId);
    }

    private static string? ReadText(ObjectReader reader, string key, Regex format, Func<string, string> problem, bool required = false)
    {
        var text = reader.String(key, required);
        if (text is not null && !format.IsMatch(text))
            reader.Add(key, problem(text));
        return text;
    }

    // Null is not the same as absent here: a template that lost the word Retain would otherwise have the secret deleted.
    private static void RefuseNull<T>(JsonObject config, string key, ObjectReader reader)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>();
        if (config.TryGetPropertyValue(key, out var node) && node is null)
            reader.Add(key, $"has no value: write {string.Join(" or ", words)}, or leave the key out for {words[0]}");
    }

    // The first of the words is the default.
    private static T ReadWord<T>(ObjectReader reader, string key)
        where T : struct, Enum => reader.Word(key, Enum.GetNames<T>()) is { } word ? Enum.Parse<T>(word) : default;

    // A reference to a block scalar in a ConfigMap brings its last line break along.
    private static string LineBreak(string text) =>
        text.EndsWith('\n') ? "; it ends in a line break: in a YAML block, use |- instead of |" : "";

    private static int? ReadWindow(ObjectReader reader)
    {
        var window = reader.Integer(SecretKeys.RecoveryWindowInDays, _ => true, "a whole number of days, 7-30, or 0 to delete at once");
        if (window is { } days && !IsWindow(days))
            reader.Add(SecretKeys.RecoveryWindowInDays, $"must be 7-30 days, or 0 to delete at once, not {window}");
        return window;
    }

    private static Dictionary<string, string> ReadTags(ObjectReader config)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (config.Object(SecretKeys.Tags) is not { } reader)
            return tags;
        foreach (var key in reader.Keys())
        {
            if (SecretTags.KeyProblem(key) is { } wrong)
                reader.Add(key, wrong);
            if (reader.String(key) is not { } value)
                continue;
            if (SecretTags.ValueProblem(value) is { } tooLong)
                reader.Add(key, tooLong);
            tags[key] = value;
        }

        if (tags.Count > 49)
            config.Add(SecretKeys.Tags, $"AWS takes 50 tags, one of which is ours: {tags.Count} are too many");
        return tags;
    }

    private static List<SecretField> ReadFields(ObjectReader config, bool isResolved)
    {
        var fields = new List<SecretField>();
        if (config.Object(SecretKeys.Fields, required: true) is not { } reader)
            return fields;
        var names = reader.Keys();
        if (names.Count == 0)
            config.Add(SecretKeys.Fields, "is empty: a secret needs at least one field");
        // A tenant may write thousands: they are not validated one by one.
        if (SmallestSize(names) is > MaxSecretBytes and var size)
        {
            config.Add(SecretKeys.Fields, $"{names.Count} fields have at least {size} bytes; AWS takes at most {MaxSecretBytes}: split the secret");
            return fields;
        }

        foreach (var name in names)
        {
            if (name.Length == 0)
                config.Add(SecretKeys.Fields, "a field needs a name");
            if (reader.Object(name, required: true) is { } field)
                fields.Add(ReadField(name, field, reader, isResolved));
        }

        return fields;
    }

    private static SecretField ReadField(string name, ObjectReader field, ObjectReader fields, bool isResolved)
    {
        var (hasValue, hasGenerator, hasReference) = (field.Has("value"), field.Has(SecretKeys.Generator), field.Has("valueFrom"));
        if (hasReference && (hasValue || hasGenerator))
            fields.Add(name,
                $"must have exactly one of value, generator or valueFrom: it has "
                + $"{(hasValue && hasGenerator ? "all three" : hasValue ? "value and valueFrom" : "generator and valueFrom")}");
        else if (hasReference && isResolved)
            field.Add("valueFrom", "has no value yet");
        else if (!hasReference && hasValue == hasGenerator)
            fields.Add(name, $"must have exactly one of value or generator: it has {(hasValue ? "both" : "neither")}");
        // Only a reference may resolve to a number or an object: a field holds its text.
        var value = isResolved && field.Any("value") is { } resolved ? ConfigReferences.AsText(resolved) : field.String("value");
        var generator = GeneratorReader.Read(field);
        field.Close();
        return new(name, value, generator);
    }

    // The size of the JSON document if every generated character that may need an escape does. Invalid and unknown values count as empty.
    private static int LargestSize(IReadOnlyList<SecretField> fields)
    {
        // Counted on the text that is sent.
        using var texts = new SecretBuffer();
        var rest = 1;
        foreach (var field in fields)
        {
            texts.AppendJsonString(field.Name);
            if (field.Generator is { } generator)
                rest += 2 + (generator.PasswordLength * (MayNeedEscape(generator) ? 2 : 1));
            else
                texts.AppendJsonString(field.Value ?? "");
            rest += 2;
        }

        return rest + texts.Length;
    }

    // The size if every value is empty and nothing needs an escape.
    private static int SmallestSize(IReadOnlyList<string> names) => 1 + names.Sum(name => Encoding.UTF8.GetByteCount(name) + 6);

    private static bool MayNeedEscape(PasswordOptions generator) => generator.ExcludePunctuation != true
        && !(generator.ExcludeCharacters?.Contains('"') == true && generator.ExcludeCharacters.Contains('\\'));

    [GeneratedRegex(@"-[A-Za-z0-9]{6}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ArnSuffix();

    [GeneratedRegex(@"\A(?!(?i:alias)/)[A-Za-z0-9/_-]{1,250}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KmsAliasName();
}
