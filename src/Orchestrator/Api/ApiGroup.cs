namespace DeploymentOrchestrator.Api;

/// <summary>The API group of our kinds, and the names that are part of the protocol between controllers and handlers.</summary>
public static class ApiGroup
{
    /// <summary>The group.</summary>
    public const string Name = "deployment-orchestrator.io";

    /// <summary>The only version so far.</summary>
    public const string Version = "v1alpha1";

    /// <summary><c>apiVersion</c> of every kind.</summary>
    public const string ApiVersion = $"{Name}/{Version}";

    /// <summary>Label on a child: its Composition's name.</summary>
    public const string CompositionLabel = $"{Name}/composition";

    /// <summary>Label on a child: its entry's name in the Composition.</summary>
    public const string ComponentLabel = $"{Name}/component";

    /// <summary>Annotation on an applied object and tag on a secret: the Component that owns it.</summary>
    internal const string OwnerKey = $"{Name}/owner";

    /// <summary>Annotation: a new value requests a reconcile now, as if it were due.</summary>
    public const string RequestedAtAnnotation = $"{Name}/requested-at";

    /// <summary>Annotation: <c>"true"</c> pauses the object until it is removed.</summary>
    public const string PausedAnnotation = $"{Name}/paused";

    /// <summary>Finalizer on a Composition and on each child: keeps the graph until all dependents are deleted.</summary>
    public const string CoordinationFinalizer = $"composition.{Name}/coordination";

    /// <summary>The suffix of every handler's finalizer; see <see cref="LifecycleFinalizer"/>.</summary>
    public const string LifecycleFinalizerSuffix = $".{Name}/lifecycle";

    /// <summary>A handler's claim on a Component: only the handler of this finalizer manages and deletes it.</summary>
    public static string LifecycleFinalizer(string handler) => handler + LifecycleFinalizerSuffix;

    /// <summary>The handler that claimed the object with its finalizer, or null if it is unclaimed.</summary>
    public static string? Claimant(ObjectMeta metadata) => metadata.Finalizers?
        .FirstOrDefault(f => f.EndsWith(LifecycleFinalizerSuffix, StringComparison.Ordinal))?[..^LifecycleFinalizerSuffix.Length];
}
