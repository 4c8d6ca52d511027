using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Gathers what the decisions look at, as plain data: from AWS, from the state and from the other Components. It changes nothing.</summary>
internal sealed class SecretObserver(SecretGate gate, OwnerDirectory owners, NamespaceDeletion namespaces, Component component)
{
    private readonly SecretOwner self = owners.Owner(component);
    private readonly string uid = VersionToken.UidDigest(component.Metadata.Uid!);

    /// <summary>Looks at the secret that the Component wants.</summary>
    /// <exception cref="SecretsManagerException">AWS refused.</exception>
    public async Task<SecretObservation> Look(ISecretsManager client, SecretPushConfig config, SecretState state, CancellationToken cancellation)
    {
        var seen = new SecretObservation
        {
            Self = self,
            Uid = uid,
            State = state,
            Secret = await client.DescribeSecret(config.SecretName, cancellation),
            Now = client.Clock.Now,
            Config = config,
            Inputs = FieldsDigest.Of(config.Fields),
            RequestedAt = component.Metadata.Annotation(ApiGroup.RequestedAtAnnotation),
        };
        // A write whose answer was lost makes a secret ours, too.
        var (shown, _) = state.Shown(seen);
        return seen with { Ownership = OwnershipOf(seen.Secret, shown, shown.Target, seen.Now) };
    }

    /// <summary>What is known of a secret that is to be released, without a call. It may be the one that the Component keeps, reached by another
    /// role.</summary>
    public ReleaseObservation BeforeRelease(SecretTarget target, SecretState state, DeletionTerms terms, string? keptArn)
    {
        var seen = new ReleaseObservation
        {
            Self = self,
            Uid = uid,
            State = state,
            Target = target,
            Terms = terms,
            DeletedAt = component.Metadata.DeletionTimestamp,
            IsAbandoned = owners.IsAbandoned(component),
            ReportedArn = JsonText.Of(component.Status?.ProviderStatus, SecretOutputs.Arn),
            KeptArn = keptArn,
            HasWalls = owners.HasWalls,
            ProcessAge = gate.Age,
        };
        return WithClaims(target, seen);
    }

    /// <summary>The same with one fact more.</summary>
    /// <exception cref="SecretsManagerException">AWS refused.</exception>
    /// <exception cref="ResourceException">The store does not say whether the Namespace is terminating.</exception>
    public async Task<ReleaseObservation> Ask(ReleaseObservation seen, MissingFact fact, CancellationToken cancellation)
    {
        var client = Client(seen.Target);
        seen = fact switch
        {
            MissingFact.Namespace => seen with { IsNamespaceTerminating = await namespaces.IsUnderway(seen.WantedBy!.Composition.Namespace!, cancellation) },
            MissingFact.Account => seen with { CallerAccount = await client.GetCallerAccount(cancellation) },
            _ => await Describe(client, seen, cancellation),
        };
        return seen with { Now = client.Clock.Now };
    }

    /// <summary>The client for a secret.</summary>
    /// <exception cref="SecretDeniedException">No policy allows to go near it.</exception>
    public ISecretsManager Client(SecretTarget target) => gate.Open(target);

    private async Task<ReleaseObservation> Describe(ISecretsManager client, ReleaseObservation seen, CancellationToken cancellation)
    {
        try
        {
            var secret = await client.DescribeSecret(seen.Target.Arn ?? seen.Target.Name, cancellation);
            // The ARN that we know may be of a secret that is gone, and the answer to the write that recreated it may be lost.
            if (secret is null && seen.Target.Arn is not null)
                secret = await client.DescribeSecret(seen.Target.Name, cancellation);
            // The ARN tells of more Components that they name the very same secret.
            if (secret is not null && secret.Arn != seen.Target.Arn)
                seen = WithClaims(seen.Target with { Arn = secret.Arn }, seen);
            return seen with { IsDescribed = true, Secret = secret, Ownership = OwnershipOf(secret, seen.State, seen.Target, client.Clock.Now) };
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "DescribeSecret" })
        {
            // So AWS answers of another account's ARN too, where no right would help.
            return seen with { IsDescribed = true, Denial = e };
        }
    }

    private ReleaseObservation WithClaims(SecretTarget target, ReleaseObservation seen)
    {
        var other = owners.OtherNaming(target, component, gate.DefaultRegion);
        // It counts only where nothing before it decides.
        var entry = other is not null || seen.Terms.Policy == DeletionPolicy.Retain ? null : owners.EntryNaming(target, component, gate.DefaultRegion);
        var wanting = entry is null ? null : new WantingEntry(
            ObjectKey.Of(entry.Composition.Metadata), entry.Entry, component.Metadata.Controller()?.Uid == entry.Composition.Metadata.Uid);
        return seen with
        {
            NamedBy = other is null ? null : ObjectKey.Of(other.Metadata),
            WantedBy = wanting,
            IsNamespaceTerminating = wanting == seen.WantedBy ? seen.IsNamespaceTerminating : null,
        };
    }

    private Ownership OwnershipOf(SecretDescription? secret, SecretState state, SecretTarget target, DateTimeOffset now) =>
        secret is null ? Ownership.Absent : Ownership.Of(secret, component, state, target, now, owners, gate.DefaultRegion);
}

/// <summary>What both decisions look at, at one moment: plain data.</summary>
internal abstract record Observation
{
    /// <summary>The Component as an owner.</summary>
    public required SecretOwner Self { get; init; }
    /// <summary>Digest of the Component's uid.</summary>
    public required string Uid { get; init; }
    /// <summary>What the status keeps; before a decision, what <see cref="SecretState.Learn"/> makes of it.</summary>
    public required SecretState State { get; init; }
    /// <summary>What DescribeSecret says; null where there is none.</summary>
    public SecretDescription? Secret { get; init; }
    public Ownership Ownership { get; init; } = Ownership.Absent;
    /// <summary>The account of the credentials; null while nobody asked.</summary>
    public string? CallerAccount { get; init; }
    /// <summary>AWS's clock when something was last asked.</summary>
    public DateTimeOffset Now { get; init; }
}

/// <summary>Everything that <see cref="SecretDecision"/> looks at.</summary>
internal sealed record SecretObservation : Observation
{
    public required SecretPushConfig Config { get; init; }
    /// <summary>Digest of the resolved fields.</summary>
    public required string Inputs { get; init; }
    public string? RequestedAt { get; init; }
}

/// <summary>Everything that <see cref="ReleaseDecision"/> looks at, for one secret that is to be released.</summary>
internal sealed record ReleaseObservation : Observation
{
    public required SecretTarget Target { get; init; }
    public required DeletionTerms Terms { get; init; }
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
    /// <summary>Whether there are walls between namespaces.</summary>
    public bool HasWalls { get; init; }
    /// <summary>Whether the Namespace of that Composition is terminating; null while nobody asked.</summary>
    public bool? IsNamespaceTerminating { get; init; }
    /// <summary>Whether AWS was asked for the secret: it answered with it, with nothing, or with a denial.</summary>
    public bool IsDescribed { get; init; }
    public SecretsManagerException? Denial { get; init; }
    /// <summary>For how long this process has made calls: what another process called before is at least this old.</summary>
    public TimeSpan ProcessAge { get; init; }

    /// <summary>Whether a wall hides an object's name.</summary>
    public bool IsHidden(ObjectKey key) => HasWalls && key.Namespace != Self.Namespace;
}

/// <summary>An entry that wants a secret: of the Composition of the Component that releases it, or of another.</summary>
internal sealed record WantingEntry(ObjectKey Composition, string Entry, bool IsOwn);
