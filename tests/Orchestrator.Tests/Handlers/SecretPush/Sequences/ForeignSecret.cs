namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>A secret that another owner created or took, in its last state: unless a Component adopts it, it stays unchanged.</summary>
internal sealed class ForeignSecret(SeenSecret secret, DateTimeOffset madeAt)
{
    private readonly HashSet<string> versions = [.. secret.Versions];
    private string? current = secret.Current;

    public string Arn => secret.Arn;

    public string Name => secret.Name;

    public DateTimeOffset MadeAt => madeAt;

    public Dictionary<string, string> Tags { get; } = new(secret.Tags, StringComparer.Ordinal);

    public bool IsScheduled { get; set; } = secret.IsScheduled;

    /// <summary>Whether its owner deleted it for good.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether a Component was configured to adopt it.</summary>
    public bool IsAdopted { get; set; }

    /// <summary>Records that its owner wrote a value.</summary>
    public void Wrote(string version)
    {
        versions.Add(version);
        current = version;
    }

    public void AssertUntouched(SeenSecret? now)
    {
        if (IsAdopted || IsGone)
            return;
        Assert.True(now is not null, $"somebody else's secret {Name} was deleted");
        Assert.True(now.IsScheduled == IsScheduled, $"somebody else's secret {Name} was {(IsScheduled ? "restored" : "scheduled for deletion")}");
        Assert.True(now.Current == current && versions.IsSupersetOf(now.Versions), $"somebody else's secret {Name} got another value");
        Assert.True(Tags.OrderBy(t => t.Key).SequenceEqual(now.Tags.OrderBy(t => t.Key)), $"somebody else's secret {Name} got other tags");
    }
}
