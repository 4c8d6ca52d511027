using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Gathers the facts of the decisions, as plain data: from AWS, from the state and from the other Components. It changes nothing.</summary>
internal sealed class SecretObserver(SecretGate gate, OwnerDirectory owners, NamespaceDeletion namespaces, Component component)
{
    private readonly SecretOwner self = owners.Owner(component);
    private readonly string uid = VersionToken.UidDigest(component.Metadata.Uid!);

    /// <summary>Observes the secret that the Component wants.</summary>
    /// <exception cref="SecretsManagerException">AWS refused.</exception>
    public async Task<SecretObservation> Observe(ISecretsManager client, SecretPushConfig config, SecretState state, CancellationToken cancellation)
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
        // A secret is also ours if we wrote it and the response was lost.
        (state, var finished) = state.AfterLostAnswer(seen);
        seen = seen with { Finished = finished, Ownership = OwnershipOf(seen.Secret, state, state.Wanted, seen.Now) };
        return seen with { State = state.Learn(seen) };
    }

    /// <summary>The facts about a secret to release that need no call. It may be the secret that the Component keeps, reached by another role.</summary>
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
            HasLostComposition = owners.HasLostComposition(component),
            ReportedArn = JsonText.Of(component.Status?.ProviderStatus, SecretOutputs.Arn),
            KeptArn = keptArn,
            HasWalls = owners.HasWalls,
            ProcessAge = gate.Age,
        };
        return WithClaims(target, seen);
    }

    /// <summary>Adds one fact.</summary>
    /// <exception cref="SecretsManagerException">AWS refused.</exception>
    /// <exception cref="ResourceException">The store does not return the Namespace.</exception>
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
    /// <exception cref="SecretDeniedException">No policy allows access to it.</exception>
    public ISecretsManager Client(SecretTarget target) => gate.Open(target);

    private async Task<ReleaseObservation> Describe(ISecretsManager client, ReleaseObservation seen, CancellationToken cancellation)
    {
        try
        {
            var secret = await client.DescribeSecret(seen.Target.Arn ?? seen.Target.Name, cancellation);
            // The known ARN may be of a deleted secret, and the answer to the write that recreated it may be lost.
            if (secret is null && seen.Target.Arn is not null)
                secret = await client.DescribeSecret(seen.Target.Name, cancellation);
            // With the ARN, more Components are known to name the same secret.
            if (secret is not null && secret.Arn != seen.Target.Arn)
                seen = WithClaims(seen.Target with { Arn = secret.Arn }, seen);
            return seen with { IsDescribed = true, Secret = secret, Ownership = OwnershipOf(secret, seen.State, seen.Target, client.Clock.Now) };
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "DescribeSecret" })
        {
            // AWS answers like this for another account's ARN, too, where no permission would help.
            return seen with { IsDescribed = true, Denial = e };
        }
    }

    private ReleaseObservation WithClaims(SecretTarget target, ReleaseObservation seen)
    {
        var other = owners.OtherNaming(target, component, gate.DefaultRegion);
        // It is looked for only if no earlier fact decides.
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

    private Ownership OwnershipOf(SecretDescription? secret, SecretState state, SecretTarget target, DateTimeOffset now)
    {
        if (secret is null)
            return Ownership.Absent;
        var marks = OwnerMarks.Of(secret, self, component, state, owners.HasWalls, now);
        var facts = owners.FactsOf(marks, component, target with { Arn = secret.Arn }, gate.DefaultRegion);
        return Ownership.Of(secret, marks, facts, state, target, uid);
    }
}
