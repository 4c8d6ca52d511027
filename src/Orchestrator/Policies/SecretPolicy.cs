using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Policies;

/// <summary>What administrators allow the secret-push Components of some namespaces: the kind <c>SecretPolicy</c>.</summary>
internal sealed record SecretPolicy
{
    /// <summary>The object's name.</summary>
    public required string Name { get; init; }

    /// <summary>Selects its namespaces.</summary>
    public NamespaceSelector Namespaces { get; init; } = new();

    /// <summary>What it allows.</summary>
    public PolicyAllowance Allow { get; init; } = new();

    /// <summary>What it demands: filled in if a config does not set it, and denied if a config sets another value.</summary>
    public PolicyValues Mandatory { get; init; } = new();

    /// <summary>What it fills in if a config does not set it.</summary>
    public PolicyValues Defaults { get; init; } = new();

    /// <summary>The most generated fields of one secret; null for no limit.</summary>
    public int? GeneratedFields { get; init; }

    /// <summary>What is wrong with it; null if it is valid. An invalid policy allows nothing.</summary>
    public Problem? Unreadable { get; init; }

    /// <summary>Whether its demands, or their namespaces, cannot be read, either: then nothing is allowed in the namespaces that it may select.</summary>
    public bool IsDemandUnknown { get; init; }
}
