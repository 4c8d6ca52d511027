using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Which Components of their own name which others, so that a change of one wakes those that wait for it.</summary>
/// <param name="schemaOf">What is known of a handler's config.</param>
internal sealed class DependentsIndex(Func<string?, ConfigSchema> schemaOf)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string? Namespace, string Name), HashSet<ObjectKey>> waiting = [];
    private readonly Dictionary<ObjectKey, IReadOnlyCollection<string>> named = [];

    /// <summary>Notes what a Component names; null where it is gone.</summary>
    public void Set(ObjectKey key, Component? component)
    {
        var names = component is not null && StandaloneScope.IsStandalone(component) ? StandaloneScope.NamesIn(component, schemaOf) : [];
        lock (gate)
        {
            foreach (var name in named.GetValueOrDefault(key, []))
            {
                if (waiting.TryGetValue((key.Namespace, name), out var others) && others.Remove(key) && others.Count == 0)
                    waiting.Remove((key.Namespace, name));
            }

            named.Remove(key);
            if (names.Count == 0)
                return;
            named[key] = names;
            foreach (var name in names)
            {
                if (!waiting.TryGetValue((key.Namespace, name), out var keys))
                    waiting[(key.Namespace, name)] = keys = [];
                keys.Add(key);
            }
        }
    }

    /// <summary>The Components that name this one by either of its names.</summary>
    public IReadOnlyCollection<ObjectKey> Of(string? @namespace, string referenceName, string objectName)
    {
        lock (gate)
        {
            return [.. waiting.GetValueOrDefault((@namespace, referenceName), []).Concat(waiting.GetValueOrDefault((@namespace, objectName), [])).Distinct()];
        }
    }
}
