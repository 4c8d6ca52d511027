using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

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
        && (mark.NamespaceDigest is null || IsIn(mark.NamespaceDigest));

    /// <summary>The same for the owner in a version.</summary>
    public bool IsOf(VersionToken? version) => Is(OwnerMark.Of(version));

    /// <summary>Whether a digest belongs to an owner in the same cluster, under any of its ids.</summary>
    public bool IsOfSameCluster(string? ownerDigest) => ownerDigest is not null
        && (ownerDigest.StartsWith(ClusterDigest, StringComparison.Ordinal) || Former.Any(f => f.IsOfSameCluster(ownerDigest)));

    /// <summary>11 characters that name the namespace, for versions of secrets without a tag.</summary>
    public string NamespaceDigest => ShortDigest.Of(NamespaceLength, "do1", "namespace", ClusterId, Namespace);

    /// <summary>Whether a version's digest of a namespace is of this one, under any id of its cluster; an older version has its first 4 characters.</summary>
    public bool IsIn(string namespaceDigest) =>
        NamespaceDigest.StartsWith(namespaceDigest, StringComparison.Ordinal) || Former.Any(f => f.IsIn(namespaceDigest));

    /// <summary>8 characters that identify the cluster.</summary>
    public string ClusterDigest => ShortDigest.Of(8, "do1", "cluster", ClusterId);

    /// <summary>20 characters that identify the owner, of which the first 8 are the cluster's.</summary>
    public string OwnerDigest => ClusterDigest + ShortDigest.Of(12, "do1", "owner", ClusterId, Namespace, Name);
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

/// <summary>All that a secret and our state say about its owner.</summary>
/// <param name="Self">The Component as an owner.</param>
/// <param name="Tag">The owner tag; null if there is none.</param>
/// <param name="Tagged">The owner in it, if secret-push wrote it.</param>
/// <param name="Current">The token of the current version; null if secret-push did not write it.</param>
/// <param name="Versions">The tokens of all staged versions.</param>
/// <param name="IsHeld">Whether our state has the secret's ARN.</param>
/// <param name="IsForged">Whether the ARN in our state alone does not prove that the secret is ours, as no mark names an owner.</param>
internal sealed record OwnerMarks(
    SecretOwner Self, string? Tag, OwnerMark? Tagged, VersionToken? Current, IReadOnlyList<VersionToken> Versions, bool IsHeld, bool IsForged)
{
    /// <summary>The owner: the tag counts first, since a takeover sets it; then the current version.</summary>
    public OwnerMark? Stated => Tagged ?? OwnerMark.Of(Current);

    /// <summary>The likely owner: under a value of another client, an earlier version may still name it.</summary>
    public OwnerMark? Likely => Stated ?? OwnerMark.Of(Versions.MaxBy(t => t.Occasion));

    /// <summary>The staged versions that this Component wrote, or an earlier one of its name.</summary>
    public IEnumerable<VersionToken> Ours => Versions.Where(Self.IsOf);

    /// <summary>Whether they prove that the secret is ours, so that no other Component matters.</summary>
    public bool AreOurs => Stated is { } stated ? Self.Is(stated) : Ours.Any() || (IsHeld && !IsForged);

    /// <summary>The marks on a secret.</summary>
    public static OwnerMarks Of(SecretDescription secret, SecretOwner self, Component component, SecretState state, bool hasWalls, DateTimeOffset now)
    {
        var versions = VersionToken.Staged(secret, now).ToList();
        var tag = secret.Tags.GetValueOrDefault(SecretOwner.TagKey);
        return new(self, tag, OwnerMark.Read(tag, self, versions), VersionToken.Parse(secret.VersionIdOf(SecretDescription.Current), now), versions,
            state.Targets.Any(t => t.Arn == secret.Arn),
            // With walls, a state that claims an older secret proves nothing: anyone who may write statuses can claim any secret.
            hasWalls && secret.CreatedDate < component.Metadata.CreationTimestamp);
    }
}
