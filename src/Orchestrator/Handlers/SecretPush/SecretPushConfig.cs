using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>A valid config of the secret-push handler, references resolved.</summary>
internal sealed record SecretPushConfig
{
    /// <summary>The handler's name.</summary>
    public const string HandlerName = "secret-push";

    /// <summary>AWS's own default.</summary>
    public const int DefaultRecoveryWindowInDays = 30;

    /// <summary>The AWS region; null for the program's own.</summary>
    public string? Region { get; init; }

    /// <summary>The secret's name: 1-512 of <c>A-Z a-z 0-9 / _ + = . @ -</c>, and also what ESO pulls it by.</summary>
    public required string SecretName { get; init; }

    /// <summary>The KMS key; null leaves the key unmanaged (AWS's own at creation).</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The description, at most 2,048 characters; null leaves it unmanaged.</summary>
    public string? Description { get; init; }

    /// <summary>Tags to set beside our own; tags that are not named here are left alone.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A role of another account to act as.</summary>
    public string? RoleArn { get; init; }

    /// <summary>What that role's trust policy asks for.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The fields in the order written; each is static or generated.</summary>
    public required IReadOnlyList<SecretField> Fields { get; init; }

    /// <summary>When a value is written.</summary>
    public UpdatePolicy UpdatePolicy { get; init; }

    /// <summary>What becomes of the secret when the Component is deleted.</summary>
    public DeletionPolicy DeletionPolicy { get; init; }

    /// <summary>Days in which a deleted secret can be restored, 7-30; 0 deletes at once. Default 30, as AWS's.</summary>
    public int RecoveryWindowInDays { get; init; } = DefaultRecoveryWindowInDays;

    /// <summary>What becomes of the value of a secret that an earlier Component of this name had scheduled for deletion.</summary>
    public Recreate Recreate { get; init; }

    /// <summary>How often to look; with AlwaysUpdate also how often to write, then at least 15m. Default 1h.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether to take over a secret that somebody else made.</summary>
    public bool Adopt { get; init; }
}

/// <summary>One key of the secret's JSON.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">The static value; null for a generated field.</param>
/// <param name="Generator">What AWS is to generate; null for a static field.</param>
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

    /// <summary>It stays: the secret is restored as it was.</summary>
    Restore,
}

/// <summary>What becomes of the secret when the Component is deleted.</summary>
internal enum DeletionPolicy
{
    /// <summary>It is scheduled for deletion.</summary>
    Delete,

    /// <summary>It stays.</summary>
    Retain,
}
