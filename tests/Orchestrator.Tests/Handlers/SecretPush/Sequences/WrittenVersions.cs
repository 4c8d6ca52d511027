using DeploymentOrchestrator.Handlers.SecretPush;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>Every version that secret-push ever wrote, by the secret's ARN.</summary>
internal sealed class WrittenVersions
{
    private readonly Dictionary<string, HashSet<VersionToken>> byArn = new(StringComparer.Ordinal);

    public int Count => byArn.Values.Sum(v => v.Count);

    /// <summary>The versions of one secret.</summary>
    public IReadOnlyCollection<VersionToken> Of(string arn) => byArn[arn];

    /// <summary>The number of versions that an owner wrote.</summary>
    public int By(string ownerDigest) => IdsBy(ownerDigest).Count();

    /// <summary>The ids of the versions that an owner wrote.</summary>
    public IEnumerable<string> IdsBy(string ownerDigest) => byArn.Values.SelectMany(v => v).Where(v => v.Owner == ownerDigest).Select(v => v.ToString());

    /// <summary>Records the current versions, and returns the new ones.</summary>
    public List<(VersionToken Version, bool IsNewSecret)> Add(IEnumerable<SeenSecret> secrets)
    {
        var added = new List<(VersionToken, bool)>();
        foreach (var secret in secrets)
        {
            var isNew = !byArn.TryGetValue(secret.Arn, out var known);
            if (known is null)
                byArn[secret.Arn] = known = [];
            added.AddRange(secret.Versions.Select(VersionToken.Parse).OfType<VersionToken>().Where(known.Add).Select(v => (v, isNew)));
        }

        return added;
    }

    /// <summary>Asserts at most one version for each due time, and one in the life of a Component that was never asked for more.</summary>
    /// <param name="manyByUid">Whether a Component, by its uid's digest, was ever asked for more than one.</param>
    public void AssertNoneTooMany(Func<string, bool> manyByUid)
    {
        foreach (var (arn, versions) in byArn)
        {
            foreach (var occasion in versions.GroupBy(v => v with { Attempt = 0 }).Where(g => g.Count() > 1))
                Assert.Fail($"{occasion.Count()} versions for one occasion in {arn}: {string.Join(", ", occasion)}");
            foreach (var life in versions.GroupBy(v => v.Uid).Where(g => g.Count() > 1 && !manyByUid(g.Key)))
                Assert.Fail($"{life.Count()} versions in one life under IfNotExists in {arn}: {string.Join(", ", life)}");
        }
    }
}
