using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Everything that <see cref="SecretDecision"/> looks at, at one moment.</summary>
internal sealed record SecretSituation
{
    /// <summary>What is wanted.</summary>
    public required SecretPushConfig Config { get; init; }

    /// <summary>Who wants it.</summary>
    public required SecretOwner Me { get; init; }

    /// <summary>Digest of the Component's uid.</summary>
    public required string Uid { get; init; }

    /// <summary>Digest of the resolved fields.</summary>
    public required string Inputs { get; init; }

    /// <summary>The requested-at annotation.</summary>
    public string? RequestedAt { get; init; }

    /// <summary>The memory in Kubernetes.</summary>
    public required AppliedSecret Applied { get; init; }

    /// <summary>Where the secret lies.</summary>
    public required SecretTarget Target { get; init; }

    /// <summary>What DescribeSecret says; null where there is none.</summary>
    public SecretDescription? Secret { get; init; }

    /// <summary>AWS's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether an owner, by its digest, is of this cluster and gone or going.</summary>
    public required Func<string, bool> IsGone { get; init; }

    /// <summary>The living Component of this cluster that an owner is, by its digest, where it names this secret or has not let go of it yet.</summary>
    public required Func<string, Component?> Holder { get; init; }

    /// <summary>The living Component that names this secret and remembers it as its own, whatever the secret itself tells; null where none does.</summary>
    public required Func<Component?> HolderByMemory { get; init; }
}
