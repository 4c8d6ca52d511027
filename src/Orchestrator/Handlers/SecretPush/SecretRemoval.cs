using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Lets go of secrets: deletes what is ours, leaves what is not, wherever the memory says that something of ours may lie.</summary>
internal sealed class SecretRemoval(ISecretsManagers clients, OwnerDirectory peers, NamespaceDeletion namespaces, Component component)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Lets go of everything. A config that is no longer valid, which is null here, blocks nothing.</summary>
    public async Task<HandlerAnswer> Delete(SecretPushConfig? config, DeletionTerms terms, AppliedSecret applied, CancellationToken cancellation)
    {
        var events = new List<HandlerEvent>();
        try
        {
            foreach (var target in Targets(config, applied))
            {
                var released = await Release(target, applied, terms, cancellation);
                events.AddRange(released.Events);
                if (released.Failure is { } failure)
                    return failure with { Applied = applied.ToJson(), Events = events };
                if (!released.IsDone)
                {
                    return new HandlerAnswer.InProgress(LookAgain)
                    {
                        Message = released.Wait ?? $"waits until AWS shows what became of {target.Name}",
                        Applied = applied.ToJson(),
                        Events = events,
                    };
                }

                applied = applied.Without(target);
            }

            return new HandlerAnswer.Done { Applied = applied.ToJson(), Events = events };
        }
        catch (SecretsManagerException e)
        {
            var failed = AwsFailure.Answer(e);
            return failed with { Applied = applied.ToJson(), Events = [.. events, .. failed.Events] };
        }
        catch (ResourceException e)
        {
            return StoreFailure.Answer(e, $"read Namespace {component.Metadata.Namespace}") with { Applied = applied.ToJson(), Events = events };
        }
        catch (Exception e) when (e is MissingRegionException or InvalidEndpointException)
        {
            return new HandlerAnswer.Failed(FailureKind.Denied, $"{e.Message}; or set deletionPolicy: Retain to let the Component go without it")
            {
                Applied = applied.ToJson(),
                Events = events,
            };
        }
    }

    /// <summary>Whether another living Component names the secret: then releasing it leaves it to that one.</summary>
    public bool IsNamedByAnother(SecretTarget target) => peers.OtherNaming(target, component, clients.DefaultRegion) is not null;

    /// <summary>Lets go of one secret; never of the one with <paramref name="keptArn"/>, to which another role may be another way.</summary>
    public async Task<Released> Release(
        SecretTarget target, AppliedSecret applied, DeletionTerms terms, CancellationToken cancellation, string? keptArn = null)
    {
        if (terms.Policy == DeletionPolicy.Retain)
            return Released.Done(new("SecretLeft", $"left {target.Name} in place: deletionPolicy is Retain"));
        if (peers.OtherNaming(target, component, clients.DefaultRegion) is { } other)
            return Released.Done(new("SecretLeft", $"left {target.Name} in place for {other.Metadata.Namespace}/{other.Metadata.Name}, which names it too"));
        var client = clients.For(target.Region, target.RoleArn, target.ExternalId);
        if (peers.EntryNaming(target, component, clients.DefaultRegion) is { Composition.Metadata: var composition, Entry: var entry }
            && !await namespaces.IsUnderway(composition.Namespace!, cancellation))
        {
            // Whoever deletes both by hand, or a tool that prunes, deletes one just before the other.
            var sinceDeletion = client.Clock.Now - component.Metadata.DeletionTimestamp;
            if (component.Metadata.Controller()?.Uid == composition.Uid && sinceDeletion >= TimeSpan.Zero && sinceDeletion < LookAgain)
                return new(IsDone: false, [], Wait: $"waits a moment to see whether Composition {composition.Name} is deleted, too");
            return Released.Done(new("SecretLeft", $"left {target.Name} in place for the entry {entry} of Composition {composition.Namespace}/{composition.Name}, which still wants it"));
        }

        SecretDescription? secret;
        try
        {
            secret = await client.DescribeSecret(target.Arn ?? target.Name, cancellation);
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "DescribeSecret" })
        {
            // So AWS answers of another account's ARN too, where no right would help.
            if (await OtherAccount(client, target, cancellation) is { } conflict)
                return conflict;
            throw;
        }

        if (secret is null)
        {
            // What another account does not know may well be there in the one where it was made.
            return MayTurnUp(target, applied, client.Clock.Now, clients.Age)
                ? new(IsDone: false, [])
                : await OtherAccount(client, target, cancellation) ?? new(IsDone: true, []);
        }

        if (secret.Arn == keptArn)
            return new(IsDone: true, []);
        var owner = peers.Owner(component);
        var possession = Possession.Of(secret, owner, VersionToken.UidDigest(component.Metadata.Uid!), applied, client.Clock.Now,
            digest => peers.IsGone(digest, target with { Arn = secret.Arn }, clients.DefaultRegion));
        // Whoever waited to inherit it and goes before that lets go of it as if it had.
        var isHeir = possession.Kind == PossessionKind.Heirless && (string?)component.Status?.ProviderStatus?["secretArn"] == secret.Arn;
        if (possession.Kind != PossessionKind.Mine && !isHeir)
            return Released.Done(new("SecretLeft", $"left {target.Name} in place: it belongs to {possession.Who}"));
        // Restored from a backup with its Composition's former uid, and collected for it: an accident, and no wish.
        if (component.Metadata.IsTerminating && peers.IsAbandoned(component) && !HasWritten(secret))
            return Released.Done(new("SecretLeft", $"left {target.Name} in place: this Component never wrote it, and its Composition is gone"));
        if (secret.DeletedDate is not null && terms.RecoveryWindowInDays > 0)
            return new(IsDone: true, []);

        try
        {
            await client.DeleteSecret(secret.Arn, terms.RecoveryWindowInDays, cancellation);
        }
        catch (SecretsManagerException e) when (e.Kind is AwsErrorKind.InvalidParameter or AwsErrorKind.InvalidRequest && secret.ReplicaRegions.Count > 0)
        {
            return Released.Held(target, secret.ReplicaRegions);
        }

        return Released.Done(new("SecretDeleted", terms.RecoveryWindowInDays == 0
            ? $"deleted {target.Name} at once"
            : $"scheduled {target.Name} for deletion in {terms.RecoveryWindowInDays} days; until then it can be restored"));
    }

    private bool HasWritten(SecretDescription secret) =>
        secret.VersionIdsToStages.Keys.Select(VersionToken.Parse).Any(t => t?.Owner == peers.Owner(component).OwnerDigest && t.Uid == VersionToken.UidDigest(component.Metadata.Uid!));

    private static async Task<Released?> OtherAccount(ISecretsManager client, SecretTarget target, CancellationToken cancellation) =>
        target.Account is { } known && await client.GetCallerAccount(cancellation) is var account && account != known
            ? new(IsDone: false, [], new(FailureKind.Conflict, $"the credentials are of account {account}, but {target.Name} was made in {known}: "
                + "nothing is deleted; mend the credentials, or set deletionPolicy: Retain"))
            : null;

    // Not to be seen is not to be gone, soon after a write of ours or one that was begun.
    private static bool MayTurnUp(SecretTarget target, AppliedSecret applied, DateTimeOffset now, TimeSpan age)
    {
        if (target.WriteBegunAt is not { } begun)
            return false;
        // Tries after a refusal are not noted before they are made: the last of another process, just before this one began, may have been let through.
        if (target.Arn is null && applied.Pending is { NotWritten: true } && applied.Targets[^1].IsSameSecret(target))
            return now - begun > age && age < SecretDecision.Consistency;
        return now - begun < SecretDecision.Consistency;
    }

    private IEnumerable<SecretTarget> Targets(SecretPushConfig? config, AppliedSecret applied)
    {
        foreach (var target in applied.Targets)
            yield return target;
        if (config is null || (config.Region ?? clients.DefaultRegion) is not { } region)
            yield break;
        var named = new SecretTarget(config.SecretName, region, null, config.RoleArn, config.ExternalId);
        if (!applied.Targets.Any(t => t.IsSameSecret(named)))
            yield return named;
    }
}

/// <summary>What came of letting go of one secret.</summary>
/// <param name="IsDone">Nothing more of ours is there.</param>
/// <param name="Events">What happened.</param>
/// <param name="Failure">Why it is still there, or cannot be known to be gone; null otherwise.</param>
/// <param name="Wait">What is waited for where that is not AWS; null otherwise.</param>
internal sealed record Released(bool IsDone, IReadOnlyList<HandlerEvent> Events, HandlerAnswer.Failed? Failure = null, string? Wait = null)
{
    private static readonly TimeSpan LookForReplicas = TimeSpan.FromMinutes(1);

    /// <summary>Not while it has replicas, which somebody else added: whoever did may still read them, so they are theirs to remove.</summary>
    public static Released Held(SecretTarget target, IReadOnlyList<string> regions)
    {
        var where = string.Join(", ", regions.Take(3)) + (regions.Count > 3 ? $" and {regions.Count - 3} more" : "");
        var message = $"AWS does not delete {MessageText.Limit(target.Name, 64)} while it has replicas in {where}: "
            + "take them away with aws secretsmanager remove-regions-from-replication, or set deletionPolicy: Retain";
        return new(IsDone: false, [], new(FailureKind.Rejected, message) { RecheckAfter = LookForReplicas });
    }

    /// <summary>Done, with something to tell.</summary>
    public static Released Done(HandlerEvent happened) => new(IsDone: true, [happened]);
}
