using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Finds Components and Compositions by secret name or by owner. The informers' changes maintain it, so a deletion costs the same however many others
/// there are. Safe for concurrent use.
/// </summary>
/// <param name="clusterIds">The cluster's current and former ids.</param>
/// <param name="component">The Component of this key, or null.</param>
/// <param name="composition">The Composition of this key, or null.</param>
/// <param name="successors">The other namespaces that may inherit from one; null without walls.</param>
internal sealed class OwnerIndex(
    IReadOnlyCollection<string> clusterIds, Func<ObjectKey, Component?> component, Func<ObjectKey, Composition?> composition,
    Func<string, IEnumerable<string>>? successors = null)
{
    // The key for a name that is a reference: it is resolved at lookup.
    private const string AnyName = "";

    private readonly NamespacedIndex named = new();
    private readonly KeyIndex<string> owned = new();
    private readonly NamespacedIndex wanted = new();
    private readonly KeyIndex<string> wantedOwners = new();

    /// <summary>How many Components and Compositions are indexed.</summary>
    public int Count => owned.Count + wanted.Count;

    /// <summary>Applies a Component's change; null if it was deleted.</summary>
    public void Note(ObjectKey key, Component? now)
    {
        var isOurs = now?.Spec.Handler == HandlerNames.SecretPush;
        var name = isOurs ? NameOf(now!.Spec.Config) ?? JsonText.NotEmpty(now.Status?.ProviderStatus, SecretOutputs.Name) : null;
        named.Set(key, name is null ? [] : [name]);
        owned.Set(key, isOurs ? [.. OwnersOf(key)] : []);
    }

    /// <summary>Applies a Composition's change; null if it was deleted.</summary>
    public void Note(ObjectKey key, Composition? now)
    {
        var entries = now?.Spec.Components.Where(e => e.Type == HandlerNames.SecretPush).ToList() ?? [];
        wanted.Set(key, [.. entries.Select(e => NameOf(e.Config) ?? AnyName).Distinct(StringComparer.Ordinal)]);
        wantedOwners.Set(key, [.. entries.SelectMany(e => OwnersOf(new(key.Namespace, ChildName.Of(key.Name, e.Name))))]);
    }

    /// <summary>
    /// The secret-push Components that name a secret of this name, in any account and region; with a namespace, those that may inherit from it.
    /// </summary>
    public IEnumerable<Component> Naming(string secretName, string? from = null) =>
        named.Of(secretName, from is null ? null : SuccessorsOf(from)).Select(component).OfType<Component>();

    /// <summary>The secret-push Components that match an owner.</summary>
    public IEnumerable<Component> OwnedBy(string ownerDigest) => owned.Of(ownerDigest).Select(component).OfType<Component>();

    /// <summary>The Compositions with an entry that names, or may name, such a secret, and that walls allow to inherit from a namespace.</summary>
    public IEnumerable<Composition> Wanting(string secretName, string from) =>
        [.. wanted.Of(secretName, SuccessorsOf(from)).Union(wanted.Of(AnyName, SuccessorsOf(from))).Select(composition).OfType<Composition>()];

    /// <summary>The Compositions with an entry whose child matches an owner.</summary>
    public IEnumerable<Composition> WantingFor(string ownerDigest) => wantedOwners.Of(ownerDigest).Select(composition).OfType<Composition>();

    /// <summary>Whether an entry of a Composition names, or may name, such a secret.</summary>
    public static bool MayName(CompositionEntry entry, string secretName) => (NameOf(entry.Config) ?? secretName) == secretName;

    private IEnumerable<string>? SuccessorsOf(string from) => successors?.Invoke(from).Prepend(from).Distinct(StringComparer.Ordinal);

    private IEnumerable<string> OwnersOf(ObjectKey key) =>
        clusterIds.Distinct(StringComparer.Ordinal).Select(id => new SecretOwner(id, key.Namespace ?? "", key.Name).OwnerDigest);

    private static string? NameOf(JsonObject? config) =>
        ConfigReferences.IsReference(config?[SecretKeys.SecretName]) ? null : JsonText.NotEmpty(config, SecretKeys.SecretName);
}
