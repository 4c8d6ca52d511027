namespace DeploymentOrchestrator.Components.SecretPush;

/// <summary>
/// Who owns a secret: a Component of a cluster. Written into AWS twice: as the digests in each version id, and in words as the tag
/// <see cref="TagKey"/>, where the right to tag is given.
/// </summary>
/// <param name="ClusterId">The kube-system namespace's uid, or what <c>--cluster-id</c> says.</param>
/// <param name="Namespace">The Component's namespace.</param>
/// <param name="Name">The Component's name.</param>
public sealed record SecretOwner(string ClusterId, string Namespace, string Name)
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

    /// <summary>8 characters that name the cluster.</summary>
    public string ClusterDigest => ShortDigest.Of(8, "do1", "cluster", ClusterId);

    /// <summary>20 characters that name the owner, of which the first 8 are the cluster's.</summary>
    public string OwnerDigest => ClusterDigest + ShortDigest.Of(12, "do1", "owner", ClusterId, Namespace, Name);
}
