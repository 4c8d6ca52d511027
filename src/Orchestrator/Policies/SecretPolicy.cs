using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Policies;

/// <summary>What administrators allow the secret-push Components of some namespaces, as the kind <c>SecretPolicy</c> says it.</summary>
internal sealed record SecretPolicy
{
    /// <summary>The object's name.</summary>
    public required string Name { get; init; }

    /// <summary>The namespaces that it is for.</summary>
    public NamespaceSelector Namespaces { get; init; } = new();

    /// <summary>What it allows.</summary>
    public PolicyAllowance Allow { get; init; } = new();

    /// <summary>What it demands: filled in where a config says nothing, and denied where it says something else.</summary>
    public PolicyValues Mandatory { get; init; } = new();

    /// <summary>What it fills in where a config says nothing.</summary>
    public PolicyValues Defaults { get; init; } = new();

    /// <summary>The most generated fields of one secret; null where it does not say.</summary>
    public int? GeneratedFields { get; init; }

    /// <summary>What is wrong with it; null where nothing is. Then it allows nothing.</summary>
    public Problem? Unreadable { get; init; }

    /// <summary>Whether, besides, nobody can tell what it demands, or of whom: then nothing is allowed in the namespaces that it may be for.</summary>
    public bool IsDemandUnknown { get; init; }
}
