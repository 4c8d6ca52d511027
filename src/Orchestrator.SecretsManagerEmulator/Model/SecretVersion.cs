namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>One version of a secret: its id is the ClientRequestToken of the call that created it.</summary>
internal sealed class SecretVersion(string id, SecretValue value, DateTimeOffset createdDate, long serial)
{
    public string Id { get; } = id;

    public SecretValue Value { get; } = value;

    /// <summary>Null means the account's own key, <c>aws/secretsmanager</c>.</summary>
    public string? KmsKeyId { get; set; }

    public DateTimeOffset CreatedDate { get; } = createdDate;

    /// <summary>Orders versions created within one millisecond.</summary>
    public long Serial { get; } = serial;

    /// <summary>A day, without a time of day; null before the first GetSecretValue.</summary>
    public DateTimeOffset? LastAccessedDate { get; set; }

    public SecretVersion Copy() => new(Id, Value, CreatedDate, Serial) { KmsKeyId = KmsKeyId, LastAccessedDate = LastAccessedDate };
}
