namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>A secret that somebody else made or took, as he left it: unless a Component is told to adopt it, it stays just so.</summary>
internal sealed class ForeignSecret(SeenSecret secret, DateTimeOffset madeAt)
{
    private readonly HashSet<string> versions = [.. secret.Versions];
    private string? current = secret.Current;

    public string Arn => secret.Arn;

    public string Name => secret.Name;

    public DateTimeOffset MadeAt => madeAt;

    public Dictionary<string, string> Tags { get; } = new(secret.Tags, StringComparer.Ordinal);

    public bool IsScheduled { get; set; } = secret.IsScheduled;

    /// <summary>Its owner deleted it for good.</summary>
    public bool IsGone { get; set; }

    /// <summary>A Component was told to take it over.</summary>
    public bool IsAdopted { get; set; }

    /// <summary>Its owner wrote a value.</summary>
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
