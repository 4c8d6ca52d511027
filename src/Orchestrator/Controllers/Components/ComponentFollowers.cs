using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Which Components want to be called when another Component changes. The controller's own cache notices those changes.</summary>
internal sealed class ComponentFollowers
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, IReadOnlyCollection<ObjectKey>> followed = [];

    /// <summary>What one follower follows from now on; an empty list ends it.</summary>
    public void Set(ObjectKey follower, IReadOnlyCollection<ObjectKey> components)
    {
        lock (gate)
        {
            if (components.Count == 0)
                followed.Remove(follower);
            else
                followed[follower] = components;
        }
    }

    /// <summary>Those that follow the Component.</summary>
    public IReadOnlyCollection<ObjectKey> Of(ObjectKey component)
    {
        // Few follow anything: only those whose secret another Component has.
        lock (gate)
            return [.. followed.Where(f => f.Value.Contains(component)).Select(f => f.Key)];
    }
}
