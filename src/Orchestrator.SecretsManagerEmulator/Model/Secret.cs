namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>
/// A secret: its metadata, versions, tags and policy. A replica is the same object, seen from another Region, so that a write in the primary Region is
/// visible at once.
/// </summary>
internal sealed class Secret(string name, string suffix, string primaryRegion, DateTimeOffset createdDate, long serial)
{
    public string Name { get; } = name;

    /// <summary>The six characters that end the ARN; a secret recreated under an old name gets others.</summary>
    public string Suffix { get; } = suffix;

    public string PrimaryRegion { get; } = primaryRegion;

    public DateTimeOffset CreatedDate { get; } = createdDate;

    /// <summary>Orders secrets created within one millisecond.</summary>
    public long Serial { get; } = serial;

    public SecretVersions Versions { get; private init; } = new();

    public SecretTags Tags { get; } = new();

    public List<Replica> Replicas { get; } = [];

    /// <summary>Null if there is none; AWS treats an empty one the same.</summary>
    public string? Description { get; set; }

    /// <summary>Null means the account's own key, <c>aws/secretsmanager</c>.</summary>
    public string? KmsKeyId { get; set; }

    public string? Type { get; set; }

    public string? ResourcePolicy { get; set; }

    /// <summary>AWS: "The last date and time that this secret was modified in any way."</summary>
    public DateTimeOffset LastChangedDate { get; set; } = createdDate;

    /// <summary>A day, without a time of day; null before the first GetSecretValue.</summary>
    public DateTimeOffset? LastAccessedDate { get; set; }

    public Deletion? Deletion { get; set; }

    /// <summary>A standalone secret of another Region with the state of this one, as after StopReplicationToReplica.</summary>
    public Secret Promote(string region, DateTimeOffset now)
    {
        var promoted = new Secret(Name, Suffix, region, CreatedDate, Serial)
        {
            Versions = Versions.Copy(),
            Description = Description,
            KmsKeyId = KmsKeyId,
            Type = Type,
            ResourcePolicy = ResourcePolicy,
            LastAccessedDate = LastAccessedDate,
            LastChangedDate = now,
        };
        promoted.Tags.Put(Tags.All);
        return promoted;
    }
}

/// <summary>The deletion of a secret.</summary>
/// <param name="DeletedDate">"The date the secret is scheduled for deletion", which the API shows.</param>
/// <param name="GoneAt">When it can no longer be reached. AWS documents no time for that.</param>
/// <param name="Forced">Whether it is without recovery.</param>
internal sealed record Deletion(DateTimeOffset DeletedDate, DateTimeOffset GoneAt, bool Forced);

/// <summary>One Region that a secret is replicated to.</summary>
internal sealed record Replica(string Region, string? KmsKeyId, string? Failure);
