using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush.Configuration;

/// <summary>A valid config of secret-push, with references resolved.</summary>
internal sealed record SecretPushConfig
{
    /// <summary>The default refresh interval.</summary>
    public static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromHours(1);

    /// <summary>AWS's own default.</summary>
    public const int DefaultRecoveryWindowInDays = 30;

    /// <summary>Null for the program's own region.</summary>
    public string? Region { get; init; }
    /// <summary>1-512 of <c>A-Z a-z 0-9 / _ + = . @ -</c>, and also what ESO pulls it by.</summary>
    public required string SecretName { get; init; }
    /// <summary>Null leaves the key unmanaged: AWS's own at creation.</summary>
    public string? KmsKeyId { get; init; }
    /// <summary>Null leaves it unmanaged.</summary>
    public string? Description { get; init; }
    /// <summary>Tags to set beside our own; tags that are not named here are left alone.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    /// <summary>The keys of the tags that SecretPolicies demand: nothing is done without these tags.</summary>
    public IReadOnlyList<string> MandatoryTags { get; init; } = [];
    /// <summary>A role to assume, perhaps of another account.</summary>
    public string? RoleArn { get; init; }
    /// <summary>The external id that the role's trust policy requires.</summary>
    public string? ExternalId { get; init; }
    /// <summary>The fields in the order written; each is static or generated.</summary>
    public required IReadOnlyList<SecretField> Fields { get; init; }
    public UpdatePolicy UpdatePolicy { get; init; }
    public DeletionPolicy DeletionPolicy { get; init; }
    /// <summary>Days in which a deleted secret can be restored, 7-30; 0 deletes at once.</summary>
    public int RecoveryWindowInDays { get; init; } = DefaultRecoveryWindowInDays;
    public Recreate Recreate { get; init; }
    /// <summary>How often to check; with AlwaysUpdate also how often to write, then at least 15m.</summary>
    public TimeSpan RefreshInterval { get; init; } = DefaultRefreshInterval;
    /// <summary>Whether to take over a foreign secret.</summary>
    public bool Adopt { get; init; }

    /// <summary>What the config asks of SecretPolicies.</summary>
    /// <param name="resolved">The same config as JSON, which shows whether a deletion policy is set.</param>
    public SecretRequest ToRequest(JsonObject resolved) => new()
    {
        SecretName = SecretName,
        Region = Region,
        RoleArn = RoleArn,
        ExternalId = ExternalId,
        KmsKeyId = KmsKeyId,
        Adopt = Adopt,
        Tags = Tags,
        DeletionPolicy = JsonText.NotEmpty(resolved, SecretKeys.DeletionPolicy),
        Generated = [.. Fields.Where(f => f.Generator is not null).Select(f => new GeneratedField(f.Name, f.Generator!.PasswordLength))],
    };

    /// <summary>The config with the values that SecretPolicies fill in.</summary>
    public SecretPushConfig With(SecretRequest allowed) => this with
    {
        Region = allowed.Region,
        RoleArn = allowed.RoleArn,
        ExternalId = allowed.ExternalId,
        KmsKeyId = allowed.KmsKeyId,
        Tags = allowed.Tags,
        MandatoryTags = allowed.MandatoryTags,
        DeletionPolicy = allowed.DeletionPolicy is null ? DeletionPolicy : Enum.Parse<DeletionPolicy>(allowed.DeletionPolicy),
    };
}

/// <summary>One key of the secret's JSON.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">The static value; null for a generated field.</param>
/// <param name="Generator">The generator's options; null for a static field.</param>
internal sealed record SecretField(string Name, string? Value, PasswordOptions? Generator);

/// <summary>When a value is written.</summary>
internal enum UpdatePolicy
{
    /// <summary>Once; an existing secret keeps its value.</summary>
    IfNotExists,
    /// <summary>At every refresh interval, and when fields or <c>requested-at</c> change.</summary>
    AlwaysUpdate,
}

/// <summary>What happens to the value of a secret that is scheduled for deletion when its Component is recreated.</summary>
internal enum Recreate
{
    /// <summary>It is generated again: delete and recreate the Component to get new values.</summary>
    Regenerate,
    /// <summary>It is kept: the secret is restored.</summary>
    Restore,
}

/// <summary>What happens to the secret when the Component is deleted.</summary>
internal enum DeletionPolicy
{
    /// <summary>It is scheduled for deletion.</summary>
    Delete,
    /// <summary>It stays.</summary>
    Retain,
}

/// <summary>The schema of a secret-push config.</summary>
internal sealed class SecretPushSchema : ConfigSchema
{
    /// <summary>The keys that identify a config's secret.</summary>
    public static readonly string[] NamingKeys = [SecretKeys.SecretName, SecretKeys.Region, SecretKeys.RoleArn];

    public static readonly SecretPushSchema Instance = new();

    private static readonly PlacePattern[] Patterns =
    [
        .. NamingKeys.Concat(
        [
            SecretKeys.KmsKeyId, SecretKeys.Description, SecretKeys.ExternalId, SecretKeys.UpdatePolicy, SecretKeys.DeletionPolicy,
            SecretKeys.RefreshInterval, "tags.*", "fields.*.value", "fields.*.generator.excludeCharacters",
        ]).Select(p => new PlacePattern(p, PlaceType.Text)),
        .. new[] { SecretKeys.RecoveryWindowInDays, "fields.*.generator.passwordLength" }.Select(p => new PlacePattern(p, PlaceType.Number)),
        .. new[]
        {
            SecretKeys.Adopt, "fields.*.generator.requireEachIncludedType", "fields.*.generator.includeSpace", "fields.*.generator.excludeLowercase",
            "fields.*.generator.excludeUppercase", "fields.*.generator.excludeNumbers", "fields.*.generator.excludePunctuation",
        }.Select(p => new PlacePattern(p, PlaceType.Boolean)),
    ];

    public override bool MayHoldOtherTemplates => false;

    public override IReadOnlyCollection<string> OutputNames(JsonObject config) => SecretOutputs.All;

    public override PlaceType TypeAt(JsonObject config, IReadOnlyList<ReferenceStep> path) => PlacePattern.TypeAt(Patterns, path) ?? PlaceType.Any;

    public override string? KeyOfValue(IReadOnlyList<ReferenceStep> path) =>
        path is [{ Key: SecretKeys.Fields }, { Key: not null }, { Key: "valueFrom" }] ? "value" : null;

    public override JsonObject? EditsWhileTerminating(JsonObject desired, JsonObject current) => DeletionTerms.EditsWhileTerminating(desired, current);
}
