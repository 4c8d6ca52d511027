using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The other secret-push Components of the cluster, as far as this process sees them.</summary>
/// <param name="clusterId">The cluster's id.</param>
/// <param name="seesAll">Whether this process sees every namespace; otherwise no Component is known to be gone.</param>
/// <param name="components">All Components seen, of every handler.</param>
/// <param name="formerClusterIds">The cluster's ids from before it was rebuilt: their secrets belong to it.</param>
/// <param name="wanted">The desired Components of Compositions; null if there are none.</param>
/// <param name="takeOverFrom">
/// The walls between namespaces: the other namespaces from which a Component may inherit the abandoned secret that it names. Null without walls: every
/// Component may inherit from every namespace.
/// </param>
/// <param name="index">Finds Components by owner or secret name; null to search all.</param>
/// <param name="policies">Fills in the region and role that a config does not set; null for none.</param>
internal sealed class OwnerDirectory(
    string clusterId, bool seesAll, Func<IEnumerable<Component>> components, IReadOnlyList<string>? formerClusterIds = null, WantedComponents? wanted = null,
    Func<Component, IEnumerable<string>>? takeOverFrom = null, OwnerIndex? index = null, IPolicySource? policies = null)
{
    private readonly IReadOnlyList<string> former = [.. (formerClusterIds ?? []).Where(id => id != clusterId).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether there are walls between namespaces.</summary>
    public bool HasWalls => takeOverFrom is not null;

    /// <summary>The owner for a Component.</summary>
    public SecretOwner Owner(Component component) => Owner(component.Metadata.Namespace ?? "", component.Metadata.Name);

    /// <summary>
    /// The facts about the owner of a secret that its marks name. A new Component that only reuses the name of a deleted one is not its owner.
    /// </summary>
    public OwnerFacts FactsOf(OwnerMarks marks, Component me, SecretTarget target, string? defaultRegion)
    {
        var ns = me.Metadata.Namespace ?? "";
        var writer = marks.Self.IsOf(marks.Current) ? null : OwnerMark.Of(marks.Current);
        var facts = new OwnerFacts { HasWalls = HasWalls, IsWriterWalled = writer is not null && IsWalled(ns, writer) };
        if (marks.AreOurs)
            return facts;
        var (stated, likely) = (marks.Stated, marks.Likely);
        var isOfThisCluster = stated is not null && IsOfThisCluster(stated.Digest);
        var owner = likely is null ? null : Holder(target, likely.Digest, defaultRegion);
        var isWanted = owner is null && likely is not null && IsWanted(target, likely.Digest, defaultRegion);
        var holder = owner ?? (isOfThisCluster || stated is null ? HolderByState(target, me, defaultRegion, marks.Tagged) : null);
        return facts with
        {
            IsOfThisCluster = isOfThisCluster,
            IsGone = seesAll && isOfThisCluster && owner is null && !isWanted,
            IsWanted = isWanted,
            MayInherit = !isOfThisCluster || MayInherit(me, stated!),
            IsUnseen = likely is not null && !seesAll && IsOfThisCluster(likely.Digest) && IsWalled(ns, likely),
            IsWalled = stated is not null && IsWalled(ns, stated),
            Holder = holder is not { Metadata: var its } ? null : new(
                ObjectKey.Of(its), its.ResourceVersion, MayInherit(me, its.Namespace ?? ""), HasWalls && its.Namespace != ns),
        };
    }

    /// <summary>Whether an owner, by its digest, is the child of an entry that wants the secret, whether or not the child exists.</summary>
    public bool IsWanted(SecretTarget target, string ownerDigest, string? defaultRegion) =>
        Wanted(index?.WantingFor(ownerDigest), (composition, entry) => Owner(composition, entry).Is(ownerDigest))
            .Any(w => Named(w.Component, defaultRegion).Is(target, orMayBe: true));

    /// <summary>Whether an owner is, or may be, behind a wall: then its name must not be shown.</summary>
    public bool IsWalled(string ns, OwnerMark owner) => HasWalls && !IsOf(owner, ns);

    /// <summary>Whether a Component may inherit from an owner in a namespace.</summary>
    public bool MayInherit(Component successor, string from) =>
        takeOverFrom is null || successor.Metadata.Namespace == from || takeOverFrom(successor).Contains(from, StringComparer.Ordinal);

    /// <summary>The same for an owner known by its mark only. If its namespace is unknown, it is foreign.</summary>
    public bool MayInherit(Component successor, OwnerMark owner) =>
        takeOverFrom is null || IsOf(owner, successor.Metadata.Namespace ?? "") || takeOverFrom(successor).Any(from => IsOf(owner, from));

    /// <summary>The existing Component of an owner, by its digest, if it names the secret or has not released it yet; null otherwise.</summary>
    public Component? Holder(SecretTarget target, string ownerDigest, string? defaultRegion) =>
        IsOfThisCluster(ownerDigest)
            ? Remaining(index?.OwnedBy(ownerDigest)).FirstOrDefault(c => Owner(c).Is(ownerDigest)
                && Named(c, defaultRegion) is var named && (named.Is(target, orMayBe: true) || named.MayReferTo(target)))
            : null;

    /// <summary>
    /// The existing Component that names the secret and has its ARN in its state, if the secret itself names no existing owner, as when tagging is denied.
    /// Null if there is no other. A Component that may not inherit from the tagged owner has an outdated state.
    /// </summary>
    public Component? HolderByState(SecretTarget target, Component me, string? defaultRegion, OwnerMark? tagged = null) =>
        target.Arn is { } arn
            ? Remaining(index?.Naming(target.Name))
                .FirstOrDefault(c => c.Metadata.Uid != me.Metadata.Uid && Named(c, defaultRegion) is var named && named.Has(arn)
                    && named.Is(target, orMayBe: true) && (tagged is null || MayInherit(c, tagged)))
            : null;

    /// <summary>Another Component that is not terminating, names the same secret, and may inherit it; null if there is none.</summary>
    public Component? OtherNaming(SecretTarget target, Component me, string? defaultRegion)
    {
        var from = me.Metadata.Namespace ?? "";
        return Remaining(index?.Naming(target.Name, from))
            .FirstOrDefault(c => c.Metadata.Uid != me.Metadata.Uid && MayInherit(c, from) && Named(c, defaultRegion).Is(target));
    }

    /// <summary>
    /// The entry of a Composition that is not terminating, wants the secret and may inherit it. A terminating Component's own entry counts: the next child
    /// takes the secret over. Null if there is none.
    /// </summary>
    public WantedComponent? EntryNaming(SecretTarget target, Component me, string? defaultRegion)
    {
        var from = me.Metadata.Namespace ?? "";
        return Wanted(index?.Wanting(target.Name, from), (composition, entry) => OwnerIndex.MayName(entry, target.Name)
                && (me.Metadata.IsTerminating || Owner(composition, entry).OwnerDigest != Owner(me).OwnerDigest))
            .FirstOrDefault(w => MayInherit(w.Component, from) && Named(w.Component, defaultRegion).Is(target));
    }

    /// <summary>Whether a Component's Composition is gone without having deleted it, as after a restore from a backup.</summary>
    public bool HasLostComposition(Component component) => wanted?.HasLostComposition(component) == true;

    private bool IsOfThisCluster(string ownerDigest) => Owner("", "").IsOfSameCluster(ownerDigest);

    private SecretOwner Owner(Composition composition, CompositionEntry entry) =>
        Owner(composition.Metadata.Namespace ?? "", ChildName.Of(composition.Metadata.Name, entry.Name));

    private SecretOwner Owner(string ns, string name) =>
        new(clusterId, ns, name) { Former = former.Count == 0 ? [] : [.. former.Select(id => new SecretOwner(id, ns, name))] };

    // The tag has the namespace, or the version id its digest. Older ids have neither: then a Component or entry with that digest shows the namespace.
    private bool IsOf(OwnerMark owner, string ns) =>
        owner.Namespace is { } known ? known == ns
        : owner.NamespaceDigest is { } digest ? Owner(ns, "").IsIn(digest)
        : (index?.OwnedBy(owner.Digest) ?? components()).Where(c => c.Spec.Handler == HandlerNames.SecretPush)
            .Concat(Wanted(index?.WantingFor(owner.Digest), (composition, entry) => Owner(composition, entry).Is(owner.Digest)).Select(w => w.Component))
            .Any(c => (c.Metadata.Namespace ?? "") == ns && Owner(c).Is(owner.Digest));

    // Entries that are filtered out are not resolved.
    private IEnumerable<WantedComponent> Wanted(IEnumerable<Composition>? among, Func<Composition, CompositionEntry, bool> which) =>
        wanted?.Of(HandlerNames.SecretPush, SecretPushSchema.Instance, SecretPushSchema.NamingKeys, among, which) ?? [];

    private IEnumerable<Component> Remaining(IEnumerable<Component>? among) =>
        (among ?? components()).Where(c => c.Spec.Handler == HandlerNames.SecretPush && !c.Metadata.IsTerminating);

    private NamedSecret Named(Component other, string? defaultRegion) => new(other, policies, defaultRegion);
}
