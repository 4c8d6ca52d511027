using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Graph;

/// <summary>
/// The desired Components of all Compositions that are not terminating, whether or not they exist: a restore from a backup creates them in any order, and a
/// new child inherits from an earlier one. An invalid or paused Composition still counts.
/// </summary>
/// <param name="compositions">The Compositions, as far as this process sees them.</param>
/// <param name="components">The Components.</param>
/// <param name="findComposition">Finds one Composition; null to search all.</param>
/// <param name="findComponent">Finds one Component; null to search all.</param>
internal sealed class WantedComponents(
    Func<IEnumerable<Composition>> compositions, Func<IEnumerable<Component>> components,
    Func<ObjectKey, Composition?>? findComposition = null, Func<ObjectKey, Component?>? findComponent = null)
{
    /// <summary>The desired Components of one handler.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="schema">The schema of its config.</param>
    /// <param name="keys">The config keys that the caller needs; the result has no other.</param>
    /// <param name="among">The Compositions to search; null for all.</param>
    /// <param name="which">Selects entries by what is written in them; null for all.</param>
    public IEnumerable<WantedComponent> Of(
        string handler, ConfigSchema schema, IReadOnlyList<string> keys, IEnumerable<Composition>? among = null,
        Func<Composition, CompositionEntry, bool>? which = null)
    {
        var find = findComponent;
        foreach (var composition in (among ?? compositions()).Where(c => !c.Metadata.IsTerminating))
        {
            var (ns, name) = (composition.Metadata.Namespace, composition.Metadata.Name);
            foreach (var entry in composition.Spec.Components.Where(e => e.Type == handler && which?.Invoke(composition, e) != false))
            {
                find ??= components().ToDictionary(c => ObjectKey.Of(c.Metadata)).GetValueOrDefault;
                Component? ChildOf(string other) => find(new(ns, ChildName.Of(name, other)));
                var child = ChildOf(entry.Name);
                yield return new(composition, entry.Name, new()
                {
                    Metadata = new() { Namespace = ns, Name = ChildName.Of(name, entry.Name) },
                    Spec = new() { Handler = handler, Config = Known(entry.Config ?? [], schema, keys, child, ChildOf) },
                    Status = child?.Status,
                });
            }
        }
    }

    /// <summary>Whether a Component's controller is a Composition that does not exist: such a child is not deleted on purpose.</summary>
    public bool HasLostComposition(Component component) => IsChild(component) && Owner(component) is null;

    /// <summary>
    /// Whether the garbage collector deletes a child by accident: its controller is a Composition that does not exist, and an existing Composition wants the
    /// child, or the child came from a backup. Its resources are kept for the next child.
    /// </summary>
    public bool IsCollectedByAccident(Component component) =>
        component.Metadata.IsTerminating && HasLostComposition(component) && (IsWanted(component) || RestoredObject.Is(component));

    /// <summary>The effective configs of a handler in a namespace: those of entries, and those of Components that no Composition decides about.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="among">The Compositions that count; null for all.</param>
    /// <param name="amongComponents">The Components that count; null for all.</param>
    public IEnumerable<WantedConfig> ConfigsIn(
        string handler, string ns, IEnumerable<Composition>? among = null, IEnumerable<Component>? amongComponents = null)
    {
        foreach (var composition in (among ?? compositions()).Where(c => c.Metadata.Namespace == ns && !c.Metadata.IsTerminating))
        {
            var name = composition.Metadata.Name;
            foreach (var entry in composition.Spec.Components.Where(e => e.Type == handler))
            {
                yield return new(new(ns, ChildName.Of(name, entry.Name)), $"the entry {entry.Name} of Composition {ns}/{name}", entry.Config ?? [],
                    other => Find(new(ns, ChildName.Of(name, other)))?.Status?.ProviderStatus ?? []);
            }
        }

        var scope = new Lazy<StandaloneScope>(() => new(components().Where(c => c.Metadata.Namespace == ns)));
        foreach (var component in (amongComponents ?? components())
            .Where(c => c.Metadata.Namespace == ns && c.ManagingHandler() == handler && DecidesItself(c)))
        {
            yield return new(ObjectKey.Of(component.Metadata), $"Component {ns}/{component.Metadata.Name}", component.Spec.Config ?? [],
                other => scope.Value.Named(other)?.Status?.ProviderStatus ?? []);
        }
    }

    /// <summary>The effective configs of a handler for the Component of this name: none if it is deleted, or terminating, and nothing recreates
    /// it.</summary>
    public IEnumerable<WantedConfig> ConfigsOf(string handler, ObjectKey key) =>
        ConfigsOf(handler, key, Find(key) is { } component ? [component] : []);

    /// <summary>The Component of this key, or null.</summary>
    public Component? Find(ObjectKey key) => findComponent is null ? components().FirstOrDefault(c => ObjectKey.Of(c.Metadata) == key) : findComponent(key);

    // A child that an orphaning deletion releases, or whose Composition does not exist, stays unchanged.
    private bool DecidesItself(Component component) => !component.Metadata.IsTerminating
        && (StandaloneScope.IsStandalone(component) || HasLostComposition(component)
            || Owner(component)?.Metadata.HasFinalizer(ObjectMeta.OrphanFinalizer) == true);

    private static bool IsChild(Component component) =>
        component.Metadata.Controller() is { Kind: Composition.KindName, ApiVersion: ApiGroup.ApiVersion };

    // The Composition that controls the Component, not a later one of its name.
    private Composition? Owner(Component component)
    {
        if (component.Metadata.Controller() is not { } owner || !IsChild(component))
            return null;
        return findComposition is null ? compositions().FirstOrDefault(c => c.Metadata.Uid == owner.Uid)
            : findComposition(new(component.Metadata.Namespace, owner.Name)) is { } found && found.Metadata.Uid == owner.Uid ? found : null;
    }

    // By an entry: the Component itself is terminating.
    private bool IsWanted(Component component) => ConfigsOf(component.Spec.Handler, ObjectKey.Of(component.Metadata), []).Any();

    private IEnumerable<WantedConfig> ConfigsOf(string handler, ObjectKey key, IEnumerable<Component> amongComponents) =>
        ConfigsIn(handler, key.Namespace ?? "", compositions().Where(c => key.Name.StartsWith(c.Metadata.Name, StringComparison.Ordinal)), amongComponents)
            .Where(c => c.Component == key);

    // The current value of a key, or the last one of its child while a reference resolves to nothing.
    private static JsonObject Known(JsonObject config, ConfigSchema schema, IReadOnlyList<string> keys, Component? child, Func<string, Component?> childOf)
    {
        var known = new JsonObject();
        foreach (var key in keys.Where(config.ContainsKey))
        {
            var problems = new List<Problem>();
            var resolved =
                ConfigReferences.Resolve(new() { [key] = config[key]?.DeepClone() }, name => childOf(name)?.Status?.ProviderStatus ?? [], problems, schema);
            known[key] = (problems.Count == 0 ? resolved[key] : child?.Spec.Config?[key] ?? config[key])?.DeepClone();
        }

        return known;
    }
}
