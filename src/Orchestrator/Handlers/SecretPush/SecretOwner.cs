namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Who owns a secret: a Component of a cluster. Written into AWS twice: as the digests in each version id, and in words as the tag
/// <see cref="TagKey"/>, where the right to tag is given.
/// </summary>
/// <param name="ClusterId">The kube-system namespace's uid, or what <c>--cluster-id</c> says.</param>
/// <param name="Namespace">The Component's namespace.</param>
/// <param name="Name">The Component's name.</param>
internal sealed record SecretOwner(string ClusterId, string Namespace, string Name)
{
    /// <summary>The tag that names the owner in words: <c>cluster/namespace/name</c>.</summary>
    public const string TagKey = "deployment-orchestrator.io/owner";

    /// <summary>The tag's value; at most 256 characters, of which the name may cost the last.</summary>
    public string TagValue
    {
        get
        {
            var text = $"{ClusterId}/{Namespace}/{Name}";
            return text.Length <= 256 ? text : $"{ClusterId}/{OwnerDigest}";
        }
    }

    /// <summary>The same Component under the ids that its cluster had before it was rebuilt.</summary>
    public IReadOnlyList<SecretOwner> Former { get; init; } = [];

    /// <summary>Whether a digest is this owner's, under whichever id of its cluster.</summary>
    public bool Is(string? ownerDigest) => ownerDigest is not null && (ownerDigest == OwnerDigest || Former.Any(f => f.OwnerDigest == ownerDigest));

    /// <summary>Whether a digest is of an owner of the same cluster, under whichever of its ids.</summary>
    public bool IsOfSameCluster(string? ownerDigest) => ownerDigest is not null
        && (ownerDigest.StartsWith(ClusterDigest, StringComparison.Ordinal) || Former.Any(f => f.IsOfSameCluster(ownerDigest)));

    /// <summary>8 characters that name the cluster.</summary>
    public string ClusterDigest => ShortDigest.Of(8, "do1", "cluster", ClusterId);

    /// <summary>20 characters that name the owner, of which the first 8 are the cluster's.</summary>
    public string OwnerDigest => ClusterDigest + ShortDigest.Of(12, "do1", "owner", ClusterId, Namespace, Name);
}
