using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The handlers of this process, by name.</summary>
internal sealed class HandlerRegistry
{
    private readonly Dictionary<string, IComponentHandler> byName = new(StringComparer.Ordinal);

    /// <summary>Registers the handlers.</summary>
    /// <exception cref="ArgumentException">Two handlers have the same name, or a name is not a DNS label.</exception>
    public HandlerRegistry(IEnumerable<IComponentHandler> handlers)
    {
        foreach (var handler in handlers)
        {
            if (!DnsName.IsLabel(handler.Name))
                throw new ArgumentException($"the handler name \"{handler.Name}\" is not a DNS label", nameof(handlers));
            if (!byName.TryAdd(handler.Name, handler))
                throw new ArgumentException($"two handlers are named \"{handler.Name}\"", nameof(handlers));
        }
    }

    /// <summary>The names, sorted.</summary>
    public IReadOnlyList<string> Names => [.. byName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The handler, or null if this process has none of this name.</summary>
    public IComponentHandler? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Whether a handler runs in this process.</summary>
    public bool Has(string name) => byName.ContainsKey(name);

    /// <summary>The schema of a handler's config: unknown for a handler of another process.</summary>
    public ConfigSchema SchemaOf(string? name) => name is null ? ConfigSchema.Unknown : Find(name)?.Schema ?? ConfigSchema.Unknown;
}
