using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Everything that <see cref="SecretDecision"/> looks at, at one moment.</summary>
internal sealed record SecretObservation
{
    public required SecretPushConfig Config { get; init; }
    public required SecretOwner Me { get; init; }

    /// <summary>Digest of the Component's uid.</summary>
    public required string Uid { get; init; }

    /// <summary>Digest of the resolved fields.</summary>
    public required string Inputs { get; init; }

    public string? RequestedAt { get; init; }
    public required SecretState State { get; init; }

    /// <summary>What DescribeSecret says; null where there is none.</summary>
    public SecretDescription? Secret { get; init; }

    public required Ownership Ownership { get; init; }

    /// <summary>AWS's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The account of the credentials; null while nobody asked.</summary>
    public string? CallerAccount { get; init; }
}

/// <summary>Everything that <see cref="ReleaseDecision"/> looks at, for one secret that is to be released.</summary>
internal sealed record ReleaseObservation
{
    public required SecretTarget Target { get; init; }
    public required DeletionTerms Terms { get; init; }
    public required SecretState State { get; init; }
    public required SecretOwner Me { get; init; }

    /// <summary>Digest of the Component's uid.</summary>
    public required string Uid { get; init; }

    /// <summary>When the Component was deleted; null while it stays.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Whether the Component's Composition is gone without having deleted it.</summary>
    public bool IsAbandoned { get; init; }

    /// <summary>The ARN in the Component's outputs.</summary>
    public string? ReportedArn { get; init; }

    /// <summary>The ARN of the secret that the Component keeps, to which another role may be another way; null where it keeps none.</summary>
    public string? KeptArn { get; init; }

    /// <summary>Another living Component that names the secret.</summary>
    public ObjectKey? NamedBy { get; init; }

    /// <summary>The entry of a Composition that wants the secret.</summary>
    public WantingEntry? WantedBy { get; init; }

    /// <summary>Whether the Namespace of that Composition is terminating; null while nobody asked.</summary>
    public bool? IsNamespaceTerminating { get; init; }

    /// <summary>Whether AWS was asked for the secret: it answered with it, with nothing, or with a denial.</summary>
    public bool IsDescribed { get; init; }

    public SecretDescription? Secret { get; init; }
    public SecretsManagerException? Denial { get; init; }
    public Ownership Ownership { get; init; } = Ownership.Absent;

    /// <summary>The account of the credentials; null while nobody asked.</summary>
    public string? CallerAccount { get; init; }

    /// <summary>AWS's clock when something was last asked.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>For how long this process has made calls: what another process called before is at least this old.</summary>
    public TimeSpan ProcessAge { get; init; }
}

/// <summary>An entry that wants a secret: of the Composition of the Component that releases it, or of another.</summary>
internal sealed record WantingEntry(ObjectKey Composition, string Entry, bool IsOwn);
