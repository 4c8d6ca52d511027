using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Policies;

/// <summary>
/// The combined demands of a namespace's policies. Every demand holds, whichever policy allows the request; two contradicting demands deny everything. Pure.
/// </summary>
internal sealed class Demands(IReadOnlyList<SecretPolicy> policies, PolicyScope scope)
{
    private readonly List<PolicyDenial> denials = [];
    private readonly List<string> mandatoryTags = [];

    /// <summary>The request with the demanded values that it does not set, and a denial for each that it sets differently.</summary>
    public (SecretRequest Request, IReadOnlyList<PolicyDenial> Denials) Apply(SecretRequest request)
    {
        var region = Value(SecretKeys.Region, request.Unknown, request.Region, m => m.Region);
        var role = Value(SecretKeys.RoleArn, request.Unknown, request.RoleArn, m => m.RoleArn);
        var filled = request with
        {
            Region = region,
            RoleArn = role,
            // An external id belongs to a role.
            ExternalId = role is null ? request.ExternalId : Value(SecretKeys.ExternalId, request.Unknown, request.ExternalId, m => m.ExternalId),
            KmsKeyId = Value(SecretKeys.KmsKeyId, request.Unknown, request.KmsKeyId, m => m.KmsKeyId),
            DeletionPolicy = Value(SecretKeys.DeletionPolicy, request.Unknown, request.DeletionPolicy, Word),
            Tags = Tags(request),
            MandatoryTags = mandatoryTags,
        };
        CheckLengths(request.Generated);
        return (filled, denials);
    }

    /// <summary>
    /// The same for an existing secret: its region and role cannot change, so they must be the demanded ones. An external id only identifies the caller, so
    /// the demanded one replaces an older one.
    /// </summary>
    public (SecretRequest Target, IReadOnlyList<PolicyDenial> Denials) ApplyToTarget(SecretRequest target)
    {
        MustBe(SecretKeys.Region, target.Region, m => m.Region);
        MustBe(SecretKeys.RoleArn, target.RoleArn, m => m.RoleArn);
        var externalId = target.RoleArn is null ? null : Demanded(SecretKeys.ExternalId, m => m.ExternalId);
        return (target with { ExternalId = externalId ?? target.ExternalId }, denials);
    }

    /// <summary>The same for a role from a default: the demanded external id applies to it, too, before a default one.</summary>
    /// <param name="filled">The request with the defaults.</param>
    /// <param name="said">Its external id without them.</param>
    public (SecretRequest Request, IReadOnlyList<PolicyDenial> Denials) ApplyToRole(SecretRequest filled, string? said) => filled.RoleArn is null
        ? (filled, denials)
        : (filled with { ExternalId = Value(SecretKeys.ExternalId, filled.Unknown, said, m => m.ExternalId) ?? filled.ExternalId }, denials);

    private static PolicyText? Word(PolicyValues values) => values.DeletionPolicy is { } word ? PolicyText.Parse(word, out _) : null;

    private void MustBe(string key, string? actual, Func<PolicyValues, PolicyText?> of)
    {
        if (Demanded(key, of) is { } demanded && demanded != actual)
            Deny(key, of, $"must be {demanded}, but the secret was created {(actual is null ? "without one" : $"with {actual}")}");
    }

    private string? Value(string key, IReadOnlySet<string> unknown, string? actual, Func<PolicyValues, PolicyText?> of)
    {
        if (Demanded(key, of) is not { } demanded || unknown.Contains(key))
            return actual;
        if (actual is not null && actual != demanded)
            Deny(key, of, $"must be {demanded}, not {actual}: leave {key} out");
        return demanded;
    }

    // IAM ignores the case of tag keys: a key that differs from a demanded one only in case would replace it.
    private Dictionary<string, string> Tags(SecretRequest request)
    {
        var tags = new Dictionary<string, string>(request.Tags, StringComparer.Ordinal);
        foreach (var tag in policies.SelectMany(p => p.Mandatory.Tags.Keys).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            PolicyText? Of(PolicyValues values) => values.Tags.FirstOrDefault(t => SecretTags.IsSameKey(t.Key, tag)).Value;
            var key = Problem.Join(SecretKeys.Tags, tag);
            foreach (var other in request.Tags.Keys.Where(k => k != tag && SecretTags.IsSameKey(k, tag)))
                Deny(key, Of, $"{other} is the same key to IAM: leave {Problem.Join(SecretKeys.Tags, other)} out");
            if (Value(key, request.Unknown, tags.GetValueOrDefault(tag), Of) is not { } value)
                continue;
            tags[tag] = value;
            mandatoryTags.Add(tag);
        }

        return tags;
    }

    private void CheckLengths(IReadOnlyList<GeneratedField> fields)
    {
        if (policies.Where(p => p.Mandatory.PasswordLength is not null).MaxBy(p => p.Mandatory.PasswordLength) is not { } strictest)
            return;
        var least = strictest.Mandatory.PasswordLength!.Value;
        foreach (var field in fields.Where(f => f.Length < least))
            denials.Add(new([strictest.Name], PolicyRule.Mandatory(SecretKeys.PasswordLength), $"fields.{field.Name}.generator.passwordLength",
                $"must be at least {least}, not {field.Length}"));
    }

    // Also null if two policies demand different values: that is a denial.
    private string? Demanded(string key, Func<PolicyValues, PolicyText?> of)
    {
        var demands = policies.Select(p => (p.Name, Value: of(p.Mandatory)?.For(scope))).Where(d => d.Value is not null).ToList();
        if (demands.Find(d => d.Value != demands[0].Value) is not { Value: not null } other)
            return demands.Count == 0 ? null : demands[0].Value;
        var isDenied = denials.Any(d => d.Key == key);
        if (!isDenied)
            denials.Add(new([demands[0].Name, other.Name], PolicyRule.Mandatory(key), key,
                $"they demand {demands[0].Value} and {other.Value}: ask an administrator to change one"));
        return null;
    }

    private void Deny(string key, Func<PolicyValues, PolicyText?> of, string text) =>
        denials.Add(new([policies.First(p => of(p.Mandatory) is not null).Name], PolicyRule.Mandatory(key), key, text));
}
