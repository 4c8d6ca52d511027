using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>The versions of one secret and their staging labels.</summary>
internal sealed class SecretVersions
{
    /// <summary>AWS: "a secret can have about 100 versions"; the emulator's exact limit.</summary>
    public const int MaxVersions = 100;

    private static readonly TimeSpan KeptAtLeast = TimeSpan.FromHours(24);
    private readonly List<SecretVersion> versions;

    public SecretVersions() => (versions, Labels) = ([], new StagingLabels());

    private SecretVersions(SecretVersions other) =>
        (versions, Labels) = ([.. other.versions.Select(version => version.Copy())], other.Labels.Copy());

    public StagingLabels Labels { get; }

    /// <summary>Oldest first, including deprecated ones (without a label).</summary>
    public IReadOnlyList<SecretVersion> All => versions;

    public IEnumerable<SecretVersion> Staged => versions.Where(version => Labels.Of(version.Id).Count > 0);

    public SecretVersion? Find(string versionId) => versions.Find(version => version.Id == versionId);

    public SecretVersion? WithStage(string label) => Labels.VersionWith(label) is { } id ? Find(id) : null;

    /// <summary>Adds a version under <paramref name="stages"/>. AWS: the first version always gets AWSCURRENT, whatever was requested.</summary>
    public void Add(SecretVersion version, IReadOnlyCollection<string> stages)
    {
        Prune(version.CreatedDate);
        if (versions.Count >= MaxVersions)
            throw ApiException.LimitExceeded($"{MaxVersions} versions of a secret");
        Labels.Attach(versions.Count == 0 ? [.. stages.Union([StagingLabels.Current])] : stages, version.Id);
        versions.Add(version);
    }

    /// <summary>AWS: changing the key re-encrypts "the versions with the staging labels AWSCURRENT, AWSPENDING, and AWSPREVIOUS".</summary>
    public void Reencrypt(string? kmsKeyId, Func<SecretVersion, bool> mayBe)
    {
        foreach (var label in (string[])[StagingLabels.Current, StagingLabels.Pending, StagingLabels.Previous])
        {
            if (WithStage(label) is { } version && mayBe(version))
                version.KmsKeyId = kmsKeyId;
        }
    }

    public SecretVersions Copy() => new(this);

    /// <summary>AWS: "Secrets Manager removes deprecated versions when there are more than 100", and none created within the last 24 hours.</summary>
    private void Prune(DateTimeOffset now)
    {
        foreach (var version in versions.Except(Staged).Where(old => now - old.CreatedDate > KeptAtLeast).ToList())
        {
            if (versions.Count < MaxVersions)
                return;
            versions.Remove(version);
        }
    }
}
