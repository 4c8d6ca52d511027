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
    public bool IsAbandoned(Component component) =>
        component.Metadata.Controller() is { Kind: Composition.KindName, ApiVersion: ApiGroup.ApiVersion } owner
        && (findComposition is null
            ? !compositions().Any(c => c.Metadata.Uid == owner.Uid)
            : findComposition(new(component.Metadata.Namespace, owner.Name))?.Metadata.Uid != owner.Uid);

    /// <summary>
    /// Whether the garbage collector deletes a child by accident: its controller is a Composition that does not exist, and an existing Composition wants the
    /// child, or the child came from a backup. Its resources are kept for the next child.
    /// </summary>
    public bool IsCollectedByAccident(Component component) =>
        component.Metadata.IsTerminating && IsAbandoned(component) && (IsWanted(component) || RestoredObject.Is(component));

    /// <summary>
    /// Whether no Component of a handler has this namespace and name, and no Composition that is not terminating has an entry for it. The caller must see the
    /// namespace.
    /// </summary>
    public bool IsGone(string handler, ObjectKey key) =>
        !(findComponent is null ? components() : new[] { findComponent(key) }.OfType<Component>())
            .Any(c => ObjectKey.Of(c.Metadata) == key && (ApiGroup.Claimant(c.Metadata) ?? c.Spec.Handler) == handler)
        && !IsWanted(handler, key);

    private bool IsWanted(Component component) => IsWanted(component.Spec.Handler, ObjectKey.Of(component.Metadata));

    private bool IsWanted(string handler, ObjectKey key) => compositions().Any(c =>
        !c.Metadata.IsTerminating && c.Metadata.Namespace == key.Namespace && key.Name.StartsWith(c.Metadata.Name, StringComparison.Ordinal)
        && c.Spec.Components.Any(e => e.Type == handler && ChildName.Of(c.Metadata.Name, e.Name) == key.Name));

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
