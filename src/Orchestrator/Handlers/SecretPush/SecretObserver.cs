using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Gathers what the decisions look at: from AWS, from the other Components, from the state. It changes nothing.</summary>
internal sealed class SecretObserver(ISecretsManagers clients, OwnerDirectory owners, NamespaceDeletion namespaces, Component component)
{
    /// <summary>The Component as an owner of secrets.</summary>
    public SecretOwner Me { get; } = owners.Owner(component);

    /// <summary>Looks at the secret that the Component wants.</summary>
    /// <returns>What is there, with the state as AWS makes it known; and what an earlier run did whose answer from AWS was lost.</returns>
    /// <exception cref="SecretsManagerException">AWS refused.</exception>
    public async Task<(SecretObservation Seen, HandlerEvent? Finished)> Look(
        ISecretsManager client, SecretPushConfig config, SecretState state, CancellationToken cancellation)
    {
        var secret = await client.DescribeSecret(config.SecretName, cancellation);
        var now = client.Clock.Now;
        state = state.Facing(secret?.Arn).NotAheadOf(now);
        HandlerEvent? finished = null;
        if (secret is not null)
        {
            var isNew = state.Target.Arn is null;
            state = state.Acknowledge(secret, Me, config, now, out var isFinished);
            if (isFinished)
                finished = isNew ? new("SecretCreated", $"created {config.SecretName}") : new("SecretUpdated", $"wrote a new value to {config.SecretName}");
        }

        var ownership = secret is null ? Ownership.Absent : Ownership.Of(secret, component, state, state.Target, now, owners, clients.DefaultRegion);
        if (secret is not null && ownership.Kind == OwnershipKind.Ours)
            state = state.ReplacedBy(secret.Arn);
        return (new()
        {
            Config = config,
            Me = Me,
            Uid = VersionToken.UidDigest(component.Metadata.Uid!),
            Inputs = FieldsDigest.Of(config.Fields),
            RequestedAt = component.Metadata.Annotation(ApiGroup.RequestedAtAnnotation),
            State = state,
            Secret = secret,
            Ownership = ownership,
            Now = now,
        }, finished);
    }

    /// <summary>What is known of a secret that is to be released, without a call. It may be the one that the Component keeps, reached by another
    /// role.</summary>
    public ReleaseObservation BeforeRelease(SecretTarget target, SecretState state, DeletionTerms terms, string? keptArn)
    {
        var other = owners.OtherNaming(target, component, clients.DefaultRegion);
        // It walks every Composition's entries, and counts only where nothing before it decides.
        var wanting = other is not null || terms.Policy == DeletionPolicy.Retain ? null : owners.EntryNaming(target, component, clients.DefaultRegion);
        return new()
        {
            Target = target,
            Terms = terms,
            State = state,
            Me = Me,
            Uid = VersionToken.UidDigest(component.Metadata.Uid!),
            DeletedAt = component.Metadata.DeletionTimestamp,
            IsAbandoned = owners.IsAbandoned(component),
            ReportedArn = (string?)component.Status?.ProviderStatus?["secretArn"],
            KeptArn = keptArn,
            NamedBy = other is null ? null : ObjectKey.Of(other.Metadata),
            WantedBy = wanting is null ? null : new(
                ObjectKey.Of(wanting.Composition.Metadata), wanting.Entry, component.Metadata.Controller()?.Uid == wanting.Composition.Metadata.Uid),
            ProcessAge = clients.Age,
        };
    }

    /// <summary>The same with one fact more.</summary>
    /// <exception cref="SecretsManagerException">AWS refused.</exception>
    /// <exception cref="ResourceException">The store does not say whether the Namespace is terminating.</exception>
    public async Task<ReleaseObservation> Ask(ReleaseObservation seen, MissingFact fact, CancellationToken cancellation)
    {
        var client = Client(seen.Target);
        switch (fact)
        {
            case MissingFact.Namespace:
                return seen with
                {
                    IsNamespaceTerminating = await namespaces.IsUnderway(seen.WantedBy!.Composition.Namespace!, cancellation),
                    Now = client.Clock.Now
                };
            case MissingFact.Account:
                return seen with { CallerAccount = await client.GetCallerAccount(cancellation), Now = client.Clock.Now };
        }

        try
        {
            var secret = await client.DescribeSecret(seen.Target.Arn ?? seen.Target.Name, cancellation);
            // The ARN that we know may be of a secret that is gone, and the answer to the write that recreated it may be lost.
            if (secret is null && seen.Target.Arn is not null && seen.State.IsWriting(seen.Target))
                secret = await client.DescribeSecret(seen.Target.Name, cancellation);
            var now = client.Clock.Now;
            return seen with
            {
                IsDescribed = true,
                Secret = secret,
                Ownership = secret is null ? Ownership.Absent : Ownership.Of(secret, component, seen.State, seen.Target, now, owners, clients.DefaultRegion),
                Now = now,
            };
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "DescribeSecret" })
        {
            // So AWS answers of another account's ARN too, where no right would help.
            return seen with { IsDescribed = true, Denial = e, Now = client.Clock.Now };
        }
    }

    /// <summary>The client for a secret.</summary>
    public ISecretsManager Client(SecretTarget target) => clients.For(target.Region, target.RoleArn, target.ExternalId);
}
