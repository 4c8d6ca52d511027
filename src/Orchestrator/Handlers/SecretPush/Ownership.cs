using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The kinds of ownership of a secret.</summary>
internal enum OwnershipKind
{
    /// <summary>The secret does not exist.</summary>
    Absent,

    /// <summary>Owned by this Component.</summary>
    Ours,

    /// <summary>Owned by a Component of this cluster that is gone or terminating: it may be taken over.</summary>
    Abandoned,

    /// <summary>Owned by another.</summary>
    Foreign,
}

/// <summary>The ownership of a secret, from its versions, its owner tag, our state, and the other Components.</summary>
/// <remarks>
/// The owner tag counts first, since a takeover sets it; then the current version; then any staged version, or an ARN in our state.
/// </remarks>
/// <param name="Kind">The kind of ownership.</param>
/// <param name="Owner">The owner in words if it is not this Component: the owner tag, or what is known.</param>
/// <param name="CurrentVersionId">The version with AWSCURRENT; null if the secret has no value.</param>
/// <param name="Current">The token in that version's id; null if secret-push did not write it.</param>
/// <param name="IsPreviousIncarnation">Whether it is ours only by a version of an earlier Component of the same name.</param>
/// <param name="IsDrifted">Whether it is ours, and another client wrote the current version.</param>
/// <param name="Holder">The existing Component of this cluster that owns it, if it is not ours; null if there is none.</param>
internal sealed record Ownership(
    OwnershipKind Kind, string? Owner, string? CurrentVersionId, VersionToken? Current, bool IsPreviousIncarnation, bool IsDrifted, Holder? Holder)
{
    /// <summary>Whether it belongs to a Component of this cluster behind a wall: in another namespace, or in an unknown one.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whether no Component owns it and stays, and no entry of a Composition wants it for its owner.</summary>
    public bool MayBeAdopted { get; init; }

    /// <summary>Whether the holder's name must not be shown.</summary>
    public bool IsHolderWalled { get; init; }

    /// <summary>Whether the writer's name must not be shown.</summary>
    public bool IsWriterWalled { get; init; }

    /// <summary>A secret that does not exist.</summary>
    public static readonly Ownership Absent = new(OwnershipKind.Absent, null, null, null, false, false, null);

    /// <summary>The ownership of a secret that AWS describes.</summary>
    public static Ownership Of(SecretDescription secret, Component component, SecretState state, SecretTarget target, DateTimeOffset now,
        OwnerDirectory owners, string? defaultRegion)
    {
        var self = owners.Owner(component);
        var at = target with { Arn = secret.Arn };
        var currentId = secret.VersionIdOf(SecretDescription.Current);
        var current = VersionToken.Parse(currentId, now);
        var tokens = VersionToken.Staged(secret, now).ToList();
        var staged = tokens.Where(self.IsOf).ToList();
        var tag = secret.Tags.GetValueOrDefault(SecretOwner.TagKey);
        var tagged = OwnerMark.Read(tag, self, tokens);
        var isHeld = state.Targets.Any(t => t.Arn == secret.Arn);
        var isKnown = staged.Count > 0 || isHeld;
        var other = tagged ?? OwnerMark.Of(current);
        // If the secret itself says that it is ours, no other Component matters.
        var isMine = self.Is(other);
        var isOfThisCluster = !isMine && other is not null && owners.IsOfThisCluster(other.Digest);
        var isGone = isOfThisCluster && owners.IsGone(other!.Digest, at, defaultRegion);
        var mayInherit = !isOfThisCluster || owners.MayInherit(component, other!);

        var kind = isMine ? OwnershipKind.Ours
            : other is null ? (staged.Count > 0 || (isHeld && !IsForged(secret, component, owners)) ? OwnershipKind.Ours : OwnershipKind.Foreign)
            : !isGone ? OwnershipKind.Foreign
            // A state can be forged, or restored from a backup; a version of ours cannot. Yet the tag may name a Component that has taken the secret over
            // since.
            : (isHeld && staged.Count > 0 && tagged is null) || (isKnown && mayInherit) ? OwnershipKind.Ours
            : mayInherit ? OwnershipKind.Abandoned
            : OwnershipKind.Foreign;

        var isOurs = kind == OwnershipKind.Ours;
        var hasWritten = staged.Count > 0 || (state.VersionId is not null && !state.IsReplaced(target, secret.Arn));
        var isDrifted = isOurs && currentId is not null && !self.IsOf(current) && hasWritten;
        // Under a value that somebody else wrote, an earlier version may still tell the owner.
        var owner = other ?? OwnerMark.Of(tokens.MaxBy(t => t.Occasion));
        var ownerDigest = owner?.Digest;
        var isUnseen = !isOurs && owner is not null && owners.IsUnseen(self.Namespace, owner);
        var holder = isOurs ? null
            : (ownerDigest is null ? null : owners.Holder(at, ownerDigest, defaultRegion))
                ?? (isOfThisCluster || other is null ? owners.HolderByState(at, component, defaultRegion, tagged) : null);
        return new(
            kind,
            isOurs ? null : InWords(tag, other, self, owners),
            currentId,
            current,
            IsPreviousIncarnation: isOurs && !isHeld && (self.IsOf(current) ? current : staged.FirstOrDefault()) is { } life
                && life.Uid != VersionToken.UidDigest(component.Metadata.Uid!),
            isDrifted,
            holder is null ? null : new(ObjectKey.Of(holder.Metadata), holder.Metadata.ResourceVersion))
        {
            IsForeign = holder is not null ? !owners.MayInherit(component, holder.Metadata.Namespace ?? "")
                : isUnseen || (!isOurs && isOfThisCluster && !mayInherit),
            MayBeAdopted = !isOurs && !isUnseen && holder is null
                && (isGone || ownerDigest is null || (mayInherit && !owners.IsWanted(at, ownerDigest, defaultRegion))),
            IsHolderWalled = owners.IsWalled(self.Namespace, holder?.Metadata.Namespace),
            IsWriterWalled = isDrifted && OwnerMark.Of(current) is { } writer && owners.IsWalled(self.Namespace, writer),
        };
    }

    // With walls, a state that claims an older secret without any owner mark proves nothing: anyone who may write statuses can claim any secret.
    private static bool IsForged(SecretDescription secret, Component component, OwnerDirectory owners) =>
        owners.HasWalls && secret.CreatedDate < component.Metadata.CreationTimestamp;

    private static string InWords(string? tag, OwnerMark? owner, SecretOwner self, OwnerDirectory owners)
    {
        if (owner is null)
            return tag is null ? "an unknown owner (no owner tag)" : owners.HasWalls ? "another owner" : tag;
        var isOfThisCluster = owners.IsOfThisCluster(owner.Digest);
        if (owners.IsWalled(self.Namespace, owner) || (!isOfThisCluster && owners.HasWalls))
            return isOfThisCluster ? "a Component of another namespace" : "a Component of another cluster";
        return tag ?? (isOfThisCluster ? $"another Component of this cluster (owner digest {owner.Digest})"
            : $"a Component of another cluster (owner digest {owner.Digest})");
    }
}

/// <summary>What a secret says about its owner.</summary>
/// <param name="Digest">See <see cref="SecretOwner.OwnerDigest"/>.</param>
/// <param name="Namespace">The owner's namespace, if the tag has it.</param>
/// <param name="NamespaceDigest">A digest of the namespace, if a version has one.</param>
internal sealed record OwnerMark(string Digest, string? Namespace, string? NamespaceDigest)
{
    /// <summary>The owner by a version; null for none.</summary>
    public static OwnerMark? Of(VersionToken? version) => version is null ? null : new(version.Owner, null, version.Namespace);

    /// <summary>
    /// The owner in the tag: <c>cluster/namespace/name</c>, or <c>cluster/digest</c> if that is too long; a cluster id may contain slashes. Null if
    /// secret-push did not write it.
    /// </summary>
    public static OwnerMark? Read(string? tag, SecretOwner self, IReadOnlyCollection<VersionToken> versions)
    {
        if (tag is null)
            return null;
        if (tag == self.TagValue)
            return new(self.OwnerDigest, self.Namespace, null);
        // Only this cluster's ids are known: try these as prefixes first.
        var ours = self.Former.Select(f => f.ClusterId).Append(self.ClusterId).Where(id => tag.StartsWith($"{id}/", StringComparison.Ordinal))
            .OrderByDescending(id => id.Length).Select(id => After(id, tag[(id.Length + 1)..].Split('/'))).FirstOrDefault(mark => mark is not null);
        return ours ?? tag.Split('/') switch
        {
            [.. var cluster, var ns, var name] when cluster.Length > 0 => InWords(string.Join('/', cluster), ns, name),
            [_, var digest] => ByDigest(digest),
            _ => null,
        };

        OwnerMark? After(string id, string[] rest) => rest switch
        {
            [var ns, var name] => InWords(id, ns, name),
            [var digest] when digest.StartsWith(new SecretOwner(id, "", "").ClusterDigest, StringComparison.Ordinal) => ByDigest(digest),
            _ => null,
        };

        OwnerMark InWords(string id, string ns, string name) => new(new SecretOwner(id, ns, name).OwnerDigest, ns, null);

        OwnerMark ByDigest(string digest) =>
            new(digest, null, versions.FirstOrDefault(v => v.Owner == digest && v.Namespace is not null)?.Namespace);
    }
}

/// <summary>An existing Component that owns a secret.</summary>
internal sealed record Holder(ObjectKey Key, string? ResourceVersion);

/// <summary>
/// The owner of a secret: a Component of a cluster. AWS has it twice: as digests in each version id, and in words as the tag <see cref="TagKey"/>, if tagging
/// is allowed.
/// </summary>
/// <param name="ClusterId">The uid of the namespace kube-system, or <c>--cluster-id</c>.</param>
/// <param name="Namespace">The Component's namespace.</param>
/// <param name="Name">The Component's name.</param>
internal sealed record SecretOwner(string ClusterId, string Namespace, string Name)
{
    /// <summary>The tag that names the owner in words: <c>cluster/namespace/name</c>.</summary>
    public const string TagKey = SecretTags.OwnerKey;

    /// <summary>How many characters name a namespace: all that a version id has room for.</summary>
    public const int NamespaceLength = 11;

    /// <summary>The tag's value: in words, unless the name makes it too long for a tag.</summary>
    public string TagValue => $"{ClusterId}/{Namespace}/{Name}" is { Length: <= SecretTags.LongestValue } text ? text : $"{ClusterId}/{OwnerDigest}";

    /// <summary>The same Component under the former ids of its cluster.</summary>
    public IReadOnlyList<SecretOwner> Former { get; init; } = [];

    /// <summary>Whether a digest is this owner's, under any id of its cluster.</summary>
    public bool Is(string? ownerDigest) => ownerDigest is not null && (ownerDigest == OwnerDigest || Former.Any(f => f.OwnerDigest == ownerDigest));

    /// <summary>
    /// Whether a secret's mark is this owner's. A name could be found whose digest collides; the namespace, which an attacker does not choose, is compared as
    /// well if the mark has it.
    /// </summary>
    public bool Is(OwnerMark? mark) => mark is not null && Is(mark.Digest) && (mark.Namespace is null || mark.Namespace == Namespace)
        && (mark.NamespaceDigest is null || Former.Prepend(this).Any(one => one.IsIn(mark.NamespaceDigest)));

    /// <summary>The same for the owner in a version.</summary>
    public bool IsOf(VersionToken? version) => Is(OwnerMark.Of(version));

    /// <summary>Whether a digest is of an owner in the same cluster, under any of its ids.</summary>
    public bool IsOfSameCluster(string? ownerDigest) => ownerDigest is not null
        && (ownerDigest.StartsWith(ClusterDigest, StringComparison.Ordinal) || Former.Any(f => f.IsOfSameCluster(ownerDigest)));

    /// <summary>11 characters that name the namespace, for versions of secrets without a tag.</summary>
    public string NamespaceDigest => ShortDigest.Of(NamespaceLength, "do1", "namespace", ClusterId, Namespace);

    /// <summary>Whether a version's digest of a namespace is of this one; an older version has the first 4 characters of it.</summary>
    public bool IsIn(string namespaceDigest) => NamespaceDigest.StartsWith(namespaceDigest, StringComparison.Ordinal);

    /// <summary>8 characters that identify the cluster.</summary>
    public string ClusterDigest => ShortDigest.Of(8, "do1", "cluster", ClusterId);

    /// <summary>20 characters that identify the owner, of which the first 8 are the cluster's.</summary>
    public string OwnerDigest => ClusterDigest + ShortDigest.Of(12, "do1", "owner", ClusterId, Namespace, Name);
}
