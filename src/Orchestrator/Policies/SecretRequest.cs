namespace DeploymentOrchestrator.Policies;

/// <summary>The parts of a Component's config that policies decide on; null where the config does not set a value.</summary>
internal sealed record SecretRequest
{
    /// <summary>The secret's name.</summary>
    public required string SecretName { get; init; }

    /// <summary>The region.</summary>
    public string? Region { get; init; }

    /// <summary>The role to assume.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The external id that the role requires.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The KMS key.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Whether to adopt a foreign secret.</summary>
    public bool Adopt { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The keys of the tags that policies demand.</summary>
    public IReadOnlyList<string> MandatoryTags { get; init; } = [];

    /// <summary><c>Delete</c> or <c>Retain</c>.</summary>
    public string? DeletionPolicy { get; init; }

    /// <summary>The generated fields.</summary>
    public IReadOnlyList<GeneratedField> Generated { get; init; } = [];

    /// <summary>Config keys whose references are not resolved yet: they are neither allowed nor denied.</summary>
    public IReadOnlySet<string> Unknown { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether policies filled in the same values in both of two requests that were equal before.</summary>
    public bool IsFilledAs(SecretRequest other) =>
        (Region, RoleArn, ExternalId, KmsKeyId, DeletionPolicy) == (other.Region, other.RoleArn, other.ExternalId, other.KmsKeyId, other.DeletionPolicy)
        && Tags.Count == other.Tags.Count && Tags.All(tag => other.Tags.GetValueOrDefault(tag.Key) == tag.Value)
        && MandatoryTags.SequenceEqual(other.MandatoryTags);
}

/// <summary>A field with a generated value.</summary>
/// <param name="Name">The field.</param>
/// <param name="Length">Its length in characters.</param>
internal sealed record GeneratedField(string Name, int Length);
