using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>Which version each staging label is attached to. A label is attached to one version at a time.</summary>
internal sealed class StagingLabels
{
    public const string Current = "AWSCURRENT";
    public const string Previous = "AWSPREVIOUS";
    public const string Pending = "AWSPENDING";

    /// <summary>AWS: "A secret can have up to 20 staging labels."</summary>
    public const int MaxLabels = 20;

    private readonly Dictionary<string, string> versionByLabel;

    public StagingLabels() => versionByLabel = [];

    private StagingLabels(StagingLabels other) => versionByLabel = new(other.versionByLabel);

    public string? VersionWith(string label) => versionByLabel.GetValueOrDefault(label);

    /// <summary>The labels of a version, in alphabetical order; AWS promises no order.</summary>
    public IReadOnlyList<string> Of(string versionId) =>
        [.. versionByLabel.Where(entry => entry.Value == versionId).Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Attaches the labels, taking each from the version that has it. AWS: "If you specify AWSCURRENT, and it is already
    /// attached to another version, then Secrets Manager also moves the staging label AWSPREVIOUS to the version that
    /// AWSCURRENT was removed from."
    /// </summary>
    public void Attach(IReadOnlyCollection<string> labels, string versionId)
    {
        RequireRoom(labels);
        foreach (var label in labels)
        {
            if (label == Current && VersionWith(Current) is { } old && old != versionId)
                versionByLabel[Previous] = old;
            versionByLabel[label] = versionId;
        }
    }

    public void Remove(string label) => versionByLabel.Remove(label);

    public StagingLabels Copy() => new(this);

    private void RequireRoom(IReadOnlyCollection<string> labels)
    {
        var movesCurrent = labels.Contains(Current) && versionByLabel.ContainsKey(Current);
        var after = versionByLabel.Keys.Union(labels).Union(movesCurrent ? [Previous] : []).Count();
        if (after > MaxLabels)
            throw ApiException.LimitExceeded($"{MaxLabels} staging labels on a secret");
    }
}
