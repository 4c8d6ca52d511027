namespace DeploymentOrchestrator.Api;

/// <summary>The API group of the project's own kinds, and the names that the protocol between controllers and handlers gives meaning to.</summary>
public static class ApiGroup
{
    /// <summary>The group.</summary>
    public const string Name = "deployment-orchestrator.io";

    /// <summary>The only version so far.</summary>
    public const string Version = "v1alpha1";

    /// <summary><c>apiVersion</c> of every kind here.</summary>
    public const string ApiVersion = $"{Name}/{Version}";

    /// <summary>Label on a child: its Composition's name.</summary>
    public const string CompositionLabel = $"{Name}/composition";

    /// <summary>Label on a child: its entry's name in the Composition.</summary>
    public const string ComponentLabel = $"{Name}/component";

    /// <summary>Annotation: a new value asks for a reconcile now, as if it were due.</summary>
    public const string RequestedAtAnnotation = $"{Name}/requested-at";

    /// <summary>Annotation: <c>"true"</c> leaves the object alone until it is taken off.</summary>
    public const string PausedAnnotation = $"{Name}/paused";

    /// <summary>Finalizer on a Composition and on each child: the graph outlives the delete until dependents have gone.</summary>
    public const string CoordinationFinalizer = $"composition.{Name}/coordination";

    /// <summary>What every handler's finalizer ends in; see <see cref="LifecycleFinalizer"/>.</summary>
    public const string LifecycleFinalizerSuffix = $".{Name}/lifecycle";

    /// <summary>The claim of a handler on a Component: only the handler whose finalizer it bears works on it, and only that one deletes.</summary>
    public static string LifecycleFinalizer(string handler) => handler + LifecycleFinalizerSuffix;

    /// <summary>The handler whose claim is among the finalizers, or null where nobody claimed the object.</summary>
    public static string? Claimant(ObjectMeta metadata) => metadata.Finalizers?
        .FirstOrDefault(f => f.EndsWith(LifecycleFinalizerSuffix, StringComparison.Ordinal))?[..^LifecycleFinalizerSuffix.Length];
}
