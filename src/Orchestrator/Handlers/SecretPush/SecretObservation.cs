using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The facts of both decisions at one moment: plain data.</summary>
internal abstract record Observation
{
    /// <summary>The Component as an owner.</summary>
    public required SecretOwner Self { get; init; }
    /// <summary>Digest of the Component's uid.</summary>
    public required string Uid { get; init; }
    /// <summary>The state, with what this observation adds to it.</summary>
    public required SecretState State { get; init; }
    /// <summary>The result of DescribeSecret; null if the secret does not exist.</summary>
    public SecretDescription? Secret { get; init; }
    public Ownership Ownership { get; init; } = Ownership.Absent;
    /// <summary>The account of the credentials; null until it was requested.</summary>
    public string? CallerAccount { get; init; }
    /// <summary>AWS's clock at the last call.</summary>
    public DateTimeOffset Now { get; init; }
}

/// <summary>The input of <see cref="SecretDecision"/>.</summary>
internal sealed record SecretObservation : Observation
{
    public required SecretPushConfig Config { get; init; }
    /// <summary>Digest of the resolved fields.</summary>
    public required string Inputs { get; init; }
    public string? RequestedAt { get; init; }
    /// <summary>The event of an earlier write whose answer was lost, if this observation shows that it happened.</summary>
    public HandlerEvent? Finished { get; init; }
}

/// <summary>The input of <see cref="ReleaseDecision"/>, for one secret to release.</summary>
internal sealed record ReleaseObservation : Observation
{
    public required SecretTarget Target { get; init; }
    public required DeletionTerms Terms { get; init; }
    /// <summary>When the Component was deleted; null if it is not terminating.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
    /// <summary>Whether the Component's Composition no longer exists and has not deleted it.</summary>
    public bool HasLostComposition { get; init; }
    /// <summary>The ARN in the Component's outputs.</summary>
    public string? ReportedArn { get; init; }
    /// <summary>The ARN of the secret that the Component keeps, which another role may also reach; null if it keeps none.</summary>
    public string? KeptArn { get; init; }
    /// <summary>Another existing Component that names the secret.</summary>
    public ObjectKey? NamedBy { get; init; }
    /// <summary>The entry of a Composition that wants the secret.</summary>
    public WantingEntry? WantedBy { get; init; }
    /// <summary>Whether there are walls between namespaces.</summary>
    public bool HasWalls { get; init; }
    /// <summary>Whether the Namespace of that Composition is terminating; null until it was requested.</summary>
    public bool? IsNamespaceTerminating { get; init; }
    /// <summary>Whether DescribeSecret was called for it: with a result, without one, or with a denial.</summary>
    public bool IsDescribed { get; init; }
    public SecretsManagerException? Denial { get; init; }
    /// <summary>How long this process has been calling: calls of an earlier process are at least this old.</summary>
    public TimeSpan ProcessAge { get; init; }

    /// <summary>Whether a wall hides an object's name.</summary>
    public bool IsHidden(ObjectKey key) => HasWalls && key.Namespace != Self.Namespace;
}

/// <summary>An entry that wants a secret: of the Composition of the Component that releases it, or of another.</summary>
internal sealed record WantingEntry(ObjectKey Composition, string Entry, bool IsOwn);
