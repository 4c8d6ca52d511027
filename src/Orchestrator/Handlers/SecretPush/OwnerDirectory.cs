using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The other secret-push Components of the cluster, as far as this process sees them.</summary>
/// <param name="clusterId">The cluster's id.</param>
/// <param name="seesAll">Whether this process sees every namespace; otherwise nobody is known to be gone.</param>
/// <param name="components">All Components seen, of every handler.</param>
/// <param name="formerClusterIds">The ids that the cluster had before it was rebuilt: what was theirs is its own.</param>
/// <param name="wanted">What the entries of Compositions want; null where there are none.</param>
/// <param name="takeOverFrom">
/// The walls between namespaces: from which others a Component may inherit the abandoned secret that it names. Null where there are none, and all may from
/// all.
/// </param>
/// <param name="index">Where few of them are found at once; null where all are looked through.</param>
/// <param name="policies">What fills in the region and role that a config does not say; null where nothing does.</param>
internal sealed class OwnerDirectory(
    string clusterId, bool seesAll, Func<IEnumerable<Component>> components, IReadOnlyList<string>? formerClusterIds = null, WantedComponents? wanted = null,
    Func<Component, IEnumerable<string>>? takeOverFrom = null, OwnerIndex? index = null, IPolicySource? policies = null)
{
    private readonly IReadOnlyList<string> former = [.. (formerClusterIds ?? []).Where(id => id != clusterId).Distinct(StringComparer.Ordinal)];
    private readonly IReadOnlyList<string> clusterDigests =
        [.. (formerClusterIds ?? []).Prepend(clusterId).Select(id => new SecretOwner(id, "", "").ClusterDigest)];

    /// <summary>Whether there are walls between namespaces.</summary>
    public bool HasWalls => takeOverFrom is not null;

    /// <summary>The owner that a Component is.</summary>
    public SecretOwner Owner(Component component) => Owner(component.Metadata.Namespace ?? "", component.Metadata.Name);

    /// <summary>
    /// Whether an owner, by its digest, is of this cluster, and no remaining Component owns the secret. A new Component that only reuses a
    /// deleted one's name is not its owner.
    /// </summary>
    public bool IsGone(string ownerDigest, SecretTarget target, string? defaultRegion) =>
        seesAll && IsOfThisCluster(ownerDigest) && Holder(target, ownerDigest, defaultRegion) is null && !IsWanted(target, ownerDigest, defaultRegion);

    /// <summary>Whether an owner, by its digest, is the child of an entry that wants the secret, be the child there or not.</summary>
    public bool IsWanted(SecretTarget target, string ownerDigest, string? defaultRegion) =>
        Wanted(index?.WantingFor(ownerDigest), (composition, entry) => Owner(composition, entry).Is(ownerDigest))
            .Any(w => Names(w.Component, target, defaultRegion, orMay: true));

    /// <summary>Whether an owner, by its digest, is of this cluster.</summary>
    public bool IsOfThisCluster(string ownerDigest) => clusterDigests.Any(digest => ownerDigest.StartsWith(digest, StringComparison.Ordinal));

    /// <summary>Whether a wall stands between two namespaces: neither tells the other whose something is.</summary>
    public bool IsWalled(string ns, string? other) => HasWalls && ns != other;

    /// <summary>Whether an owner is behind a wall, for certain or for all that is known of it.</summary>
    public bool IsWalled(string ns, OwnerMark owner) => HasWalls && !IsOf(owner, ns);

    /// <summary>Whether an owner is of this cluster and behind a wall, where this process does not see whether it lives.</summary>
    public bool IsUnseen(string ns, OwnerMark owner) => !seesAll && IsOfThisCluster(owner.Digest) && IsWalled(ns, owner);

    /// <summary>Whether a Component may inherit what one of a namespace leaves behind.</summary>
    public bool MayInherit(Component heir, string from) =>
        takeOverFrom is null || heir.Metadata.Namespace == from || takeOverFrom(heir).Contains(from, StringComparer.Ordinal);

    /// <summary>The same of an owner that is known by its mark alone. One whose namespace nothing tells is a stranger.</summary>
    public bool MayInherit(Component heir, OwnerMark owner) =>
        takeOverFrom is null || IsOf(owner, heir.Metadata.Namespace ?? "") || takeOverFrom(heir).Any(from => IsOf(owner, from));

    /// <summary>The living Component that an owner is, by its digest, where it names the secret or has not released it yet; null otherwise.</summary>
    public Component? Holder(SecretTarget target, string ownerDigest, string? defaultRegion) =>
        IsOfThisCluster(ownerDigest)
            ? Staying(index?.OwnedBy(ownerDigest)).FirstOrDefault(c => Owner(c).Is(ownerDigest)
                && (Names(c, target, defaultRegion, orMay: true) || MayMean(c, target)))
            : null;

    /// <summary>
    /// The living Component that names the secret and remembers its ARN as its own, where the secret itself names no living owner: tagging is denied, say.
    /// Null where there is none other than this. One that may not inherit from whom the tag names remembers what is no longer its own.
    /// </summary>
    public Component? HolderByState(SecretTarget target, Component me, string? defaultRegion, OwnerMark? tagged = null) =>
        target.Arn is { } arn
            ? Staying(index?.Naming(target.Name))
                .FirstOrDefault(c => c.Metadata.Uid != me.Metadata.Uid && TargetsOf(c).Any(t => t.Arn == arn) && Names(c, target, defaultRegion, orMay: true)
                    && (tagged is null || MayInherit(c, tagged)))
            : null;

    /// <summary>A Component other than this that stays, names the same secret, and may inherit it; null where none does.</summary>
    public Component? OtherNaming(SecretTarget target, Component me, string? defaultRegion)
    {
        var from = me.Metadata.Namespace ?? "";
        return Staying(index?.Naming(target.Name, from))
            .FirstOrDefault(c => c.Metadata.Uid != me.Metadata.Uid && MayInherit(c, from) && Names(c, target, defaultRegion));
    }

    /// <summary>
    /// The entry of a Composition that stays, wants the secret and may inherit it, the Component's own entry included once the Component is terminating: the
    /// next child takes the secret over. A Component that stays knows itself what it wants. Null where no entry does.
    /// </summary>
    public WantedComponent? EntryNaming(SecretTarget target, Component me, string? defaultRegion)
    {
        var from = me.Metadata.Namespace ?? "";
        return Wanted(index?.Wanting(target.Name, from), (composition, entry) => OwnerIndex.MayName(entry, target.Name)
                && (me.Metadata.IsTerminating || Owner(composition, entry).OwnerDigest != Owner(me).OwnerDigest))
            .FirstOrDefault(w => MayInherit(w.Component, from) && Names(w.Component, target, defaultRegion));
    }

    /// <summary>Whether a Component's Composition is gone without having deleted it: what a restore from a backup brings may be so.</summary>
    public bool IsAbandoned(Component component) => wanted?.IsAbandoned(component) == true;

    private SecretOwner Owner(Composition composition, CompositionEntry entry) =>
        Owner(composition.Metadata.Namespace ?? "", ChildName.Of(composition.Metadata.Name, entry.Name));

    private SecretOwner Owner(string ns, string name) =>
        new(clusterId, ns, name) { Former = former.Count == 0 ? [] : [.. former.Select(id => new SecretOwner(id, ns, name))] };

    // The tag says the namespace, or the version id its digest; older ids say neither, and then the names that are seen there may.
    private bool IsOf(OwnerMark owner, string ns) =>
        owner.Namespace is { } known ? known == ns
        : owner.NamespaceDigest is { } digest ? former.Prepend(clusterId).Any(id => new SecretOwner(id, ns, "").IsIn(digest))
        : (index?.OwnedBy(owner.Digest) ?? components()).Where(c => c.Spec.Handler == SecretPushConfig.HandlerName)
            .Concat(Wanted(index?.WantingFor(owner.Digest), (composition, entry) => Owner(composition, entry).Is(owner.Digest)).Select(w => w.Component))
            .Any(c => (c.Metadata.Namespace ?? "") == ns && Owner(c).Is(owner.Digest));

    // Of the others nothing is resolved.
    private IEnumerable<WantedComponent> Wanted(IEnumerable<Composition>? among, Func<Composition, CompositionEntry, bool> which) =>
        wanted?.Of(SecretPushConfig.HandlerName, SecretPushSchema.Instance, SecretPushSchema.NamingKeys, among, which) ?? [];

    private IEnumerable<Component> Staying(IEnumerable<Component>? among) =>
        (among ?? components()).Where(c => c.Spec.Handler == SecretPushConfig.HandlerName && !c.Metadata.IsTerminating);

    // It made or had it, or nobody can tell yet which one it names.
    private static bool MayMean(Component other, SecretTarget target) =>
        TargetsOf(other).Any(t => t.IsSameSecret(target))
        || (ConfigReferences.IsReference(other.Spec.Config?[SecretKeys.SecretName]) && Reported(other, SecretOutputs.Name) is null);

    private static IReadOnlyList<SecretTarget> TargetsOf(Component other) => SecretState.Read(other.Status?.Applied ?? []).Targets;

    // Or may name it, for all that is known: a reference to the region or role was not reported yet, or the policies that fill them in do not tell.
    private bool Names(Component other, SecretTarget target, string? defaultRegion, bool orMay = false)
    {
        if (Named(SecretKeys.SecretName, SecretOutputs.Name) != target.Name)
            return false;
        var filled = policies is null ? null : WrittenRequest.Filled(other, policies);
        var region = Named(SecretKeys.Region, SecretOutputs.Region) ?? filled?.Region;
        var role = Named(SecretKeys.RoleArn, null) ?? filled?.RoleArn;
        return ((region ?? FallbackRegion()) == target.Region || (orMay && region is null && IsOpen(SecretKeys.Region)))
            && (MayBeOneAccount(role) || (orMay && role is null && IsOpen(SecretKeys.RoleArn) && Reported(other, SecretOutputs.Arn) is null
                && TargetsOf(other).Count == 0));

        bool IsOpen(string key) => ConfigReferences.IsReference(other.Spec.Config?[key]) || (policies is not null && filled is null);

        // By another role of the same account it is the same secret. Once AWS told the ARN, only an account that is known to be another makes another secret
        // of it: whoever has no role, or one that a reference will bring, and was not told an ARN yet may well mean this one.
        bool MayBeOneAccount(string? role)
        {
            if (role == target.RoleArn)
                return true;
            var targets = TargetsOf(other);
            if (target.Arn is { } arn && (Reported(other, SecretOutputs.Arn) == arn || targets.Any(t => t.Arn == arn)))
                return true;
            if ((target.Account ?? AwsForms.AccountOf(target.RoleArn)) is not { } account)
                return false;
            var its = AwsForms.AccountOf(role) ?? (targets.Count > 0
                ? targets.LastOrDefault(t => t.Name == target.Name && t.Region == target.Region && t.RoleArn == role)?.Account
                : Reported(other, SecretOutputs.Name) == target.Name ? AwsForms.AccountOf(Reported(other, SecretOutputs.Arn)) : null);
            return its is null ? target.Arn is not null : its == account;
        }

        // Another Component's config may hold references; its outputs say what they became.
        string? Named(string key, string? output) => !ConfigReferences.IsReference(other.Spec.Config?[key])
            ? JsonText.NotEmpty(other.Spec.Config, key) : output is null ? null : Reported(other, output);

        string? FallbackRegion() => ConfigReferences.IsReference(other.Spec.Config?[SecretKeys.Region]) ? null : defaultRegion;
    }

    private static string? Reported(Component other, string output) => JsonText.NotEmpty(other.Status?.ProviderStatus, output);
}
