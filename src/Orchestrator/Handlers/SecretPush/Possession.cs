using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Whose a secret is.</summary>
internal enum PossessionKind
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>This Component's.</summary>
    Mine,

    /// <summary>Of a Component of this cluster that is gone or going: it may be taken over.</summary>
    Heirless,

    /// <summary>Somebody else's.</summary>
    Others,
}

/// <summary>Whose a secret is, read from its versions, its owner tag and our memory: pure.</summary>
/// <remarks>
/// The owner tag counts first, since taking over is done by it; then the current version; then any staged version, or an ARN that we remember.
/// </remarks>
/// <param name="Kind">Whose it is.</param>
/// <param name="Who">The owner in words where it is not this Component: the owner tag, or what can be told.</param>
/// <param name="OwnerDigest">The owner's digest where it is not this Component and can be told: by the versions before the current one, if by nothing else.</param>
/// <param name="CurrentVersionId">The version that bears AWSCURRENT; null where the secret has no value.</param>
/// <param name="Current">What that version's id tells; null where no secret-push wrote it.</param>
/// <param name="IsFormerLife">It is ours by a version of an earlier Component of the same name alone: this one never had it.</param>
/// <param name="IsDrifted">It is ours, and somebody else wrote the current version.</param>
internal sealed record Possession(
    PossessionKind Kind, string? Who, string? OwnerDigest, string? CurrentVersionId, VersionToken? Current, bool IsFormerLife, bool IsDrifted)
{
    /// <summary>Reads the possession.</summary>
    /// <param name="secret">What DescribeSecret said; null where there is no secret.</param>
    /// <param name="me">The Component.</param>
    /// <param name="uid">Its uid's digest.</param>
    /// <param name="applied">Its memory.</param>
    /// <param name="now">AWS's clock.</param>
    /// <param name="isGone">Whether an owner, by its digest, is of this cluster and gone or going.</param>
    public static Possession Of(
        SecretDescription? secret, SecretOwner me, string uid, AppliedSecret applied, DateTimeOffset now, Func<string, bool> isGone)
    {
        if (secret is null)
            return new(PossessionKind.Absent, null, null, null, null, false, false);

        var currentId = CurrentVersionIdOf(secret);
        var current = VersionToken.Parse(currentId, now);
        var tokens = secret.VersionIdsToStages.Keys.Select(id => VersionToken.Parse(id, now)).OfType<VersionToken>().ToList();
        var staged = tokens.Where(t => me.Is(t.Owner)).ToList();
        var tag = secret.Tags.GetValueOrDefault(SecretOwner.TagKey);
        var tagged = tag is null ? null : tag == me.TagValue ? me.OwnerDigest : DigestOf(tag);
        var writer = current?.Owner;
        var held = applied.Targets.Any(t => t.Arn == secret.Arn);
        var remembered = staged.Count > 0 || held;
        var other = tagged ?? writer;

        var kind = me.Is(tagged) || (tagged is null && me.Is(writer)) ? PossessionKind.Mine
            : other is null ? (remembered ? PossessionKind.Mine : PossessionKind.Others)
            : !isGone(other) ? PossessionKind.Others
            : remembered ? PossessionKind.Mine
            : PossessionKind.Heirless;

        var mineBefore = staged.Count > 0 || applied.VersionId is not null;
        return new(
            kind,
            kind == PossessionKind.Mine ? null : tag ?? (writer is null ? "somebody who left no owner tag" : Describe(writer, me)),
            kind == PossessionKind.Mine ? null : other ?? tokens.MaxBy(t => t.Occasion)?.Owner,
            currentId,
            current,
            IsFormerLife: kind == PossessionKind.Mine && !held && (me.Is(current?.Owner) ? current : staged.FirstOrDefault()) is { } life && life.Uid != uid,
            IsDrifted: kind == PossessionKind.Mine && currentId is not null && !me.Is(writer) && mineBefore);
    }

    /// <summary>The version that bears AWSCURRENT; null where the secret has no value.</summary>
    public static string? CurrentVersionIdOf(SecretDescription secret) =>
        secret.VersionIdsToStages.Where(v => v.Value.Contains("AWSCURRENT", StringComparer.Ordinal)).Select(v => v.Key).FirstOrDefault();

    // "cluster/namespace/name", or "cluster/digest" where that was too long; a cluster id may hold slashes itself.
    private static string? DigestOf(string tag) => tag.Split('/') switch
    {
        [.. var cluster, var ns, var name] when cluster.Length > 0 => new SecretOwner(string.Join('/', cluster), ns, name).OwnerDigest,
        [_, var digest] => digest,
        _ => null,
    };

    private static string Describe(string writer, SecretOwner me) => me.IsOfSameCluster(writer)
        ? $"another Component of this cluster (owner digest {writer})"
        : $"a Component of another cluster (owner digest {writer})";
}
