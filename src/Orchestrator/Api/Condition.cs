namespace DeploymentOrchestrator.Api;

/// <summary>Kubernetes' metav1.Condition.</summary>
public sealed record Condition
{
    /// <summary>The aspect, in CamelCase.</summary>
    public required string Type { get; init; }

    /// <summary><see cref="True"/>, <see cref="False"/> or <see cref="Unknown"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One CamelCase word for programs.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence for people, at most 256 bytes; for Ready all problems, in at most 4,096 bytes.</summary>
    public string? Message { get; init; }

    /// <summary>When <see cref="Status"/> last changed.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>The generation that the condition was set for.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>The condition holds.</summary>
    public const string True = "True";

    /// <summary>The condition does not hold.</summary>
    public const string False = "False";

    /// <summary>Unknown yet.</summary>
    public const string Unknown = "Unknown";

    /// <summary>The condition type that every kind has.</summary>
    public const string Ready = "Ready";
}
