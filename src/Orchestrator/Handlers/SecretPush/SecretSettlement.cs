using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Ends a run: what is done once nothing more is to be done to the secret, and what the status says of it.</summary>
/// <param name="client">AWS.</param>
/// <param name="request">The run's request.</param>
/// <param name="config">What is wanted.</param>
/// <param name="owner">Who wants it.</param>
/// <param name="inputs">Digest of the resolved fields.</param>
/// <param name="progress">The run.</param>
/// <param name="removal">Lets go of what lies elsewhere.</param>
internal sealed class SecretSettlement(
    ISecretsManager client, HandlerRequest request, SecretPushConfig config, SecretOwner owner, string inputs, SecretProgress progress, SecretRemoval removal)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookForOwner = TimeSpan.FromMinutes(5);

    private AppliedSecret Applied
    {
        get => progress.Applied;
        set => progress.Applied = value;
    }

    private SecretTarget Target
    {
        get => progress.Target;
        set => progress.Target = value;
    }

    /// <summary>It is somebody else's and stays so; the Component is content with it.</summary>
    public HandlerAnswer.Done LeftToOwner(SecretStep.LeaveToOwner leave, SecretDescription secret)
    {
        var message = leave.IsEmpty
            ? $"the secret has no value (no AWSCURRENT), so External Secrets Operator cannot read it, and belongs to {leave.Who}: left untouched; "
                + "set adopt: true to give it one, or put one into it"
            : $"the secret exists and belongs to {leave.Who}: left untouched; set adopt: true to take it over";
        if (request.Component.Status?.Condition("SecretPushed")?.Reason != "AlreadyExists")
            progress.Events.Add(new("OwnershipConflict", message, IsWarning: true));
        Target = Target with { Arn = secret.Arn };
        // The owner may be a Component that is about to go and to leave the secret to this one.
        var next = config.RefreshInterval < LookForOwner ? config.RefreshInterval : LookForOwner;
        return new HandlerAnswer.Done(next > LookAgain ? next : LookAgain)
        {
            ProviderStatus = SecretReport.Outputs(config, Target, inputs, new(), null),
            Conditions = SecretReport.NotPushed("AlreadyExists", message),
            Message = message,
        };
    }

    /// <summary>
    /// It is a living Component's of this cluster. The outputs say which secret is meant, so that it is left to this Component when that one goes.
    /// </summary>
    public async Task<HandlerAnswer> LeftToPeer(SecretStep.LeaveToPeer leave, SecretDescription secret, CancellationToken cancellation)
    {
        var holder = leave.Holder.Metadata;
        var message = $"the secret belongs to {holder.Namespace}/{holder.Name}, a living Component of this cluster: choose another secretName here or there, "
            + "or remove that Component; then this one takes the secret over with its value";
        Target = Target with { Arn = secret.Arn };
        // Two Components that swap their names would otherwise wait for each other for ever. Nothing is deleted by this.
        await Release(removal.IsNamedByAnother, cancellation);
        return Refused(message) with
        {
            ProviderStatus = SecretReport.Outputs(config, Target, inputs, new(), null),
            Conditions = SecretReport.NotPushed("AlreadyExists", message),
            Watches = [new(ResourceType.Component, ObjectKey.Of(holder), holder.ResourceVersion)],
        };
    }

    /// <summary>Nothing can be done until somebody decides.</summary>
    public HandlerAnswer.Failed Refused(string message)
    {
        // Told once, and not at every look.
        if (request.Component.Status?.Condition(Condition.Ready) is not { Reason: nameof(FailureKind.Conflict) } told || told.Message != message)
            progress.Events.Add(new("OwnershipConflict", message, IsWarning: true));
        return new(FailureKind.Conflict, message);
    }

    /// <summary>The secret is in place: what lies elsewhere of ours is released, and the status says so.</summary>
    /// <param name="possession">Whose the secret is.</param>
    /// <param name="due">When the next value is to be written; null where none is.</param>
    /// <param name="postponed">Why one that is due already is not written before then; null where none is due.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<HandlerAnswer> Finish(Possession possession, DateTimeOffset? due, string? postponed, CancellationToken cancellation)
    {
        Applied = Applied.With(Target);
        var failure = await Release(_ => true, cancellation);
        // What makes a value due is honoured by writing it, and not before.
        Applied = postponed is null
            ? progress.Settled() with { Pending = null }
            : progress.Settled() with { UpdatePolicy = Applied.UpdatePolicy, RequestedAt = Applied.RequestedAt };
        var mine = owner.Is(possession.Current?.Owner) ? possession.Current : null;
        var outputs = SecretReport.Outputs(config, Target, inputs, Applied, mine);
        var isOurValue = Applied.VersionId is not null || owner.IsOfSameCluster(possession.Current?.Owner);
        var conditions = isOurValue ? SecretReport.Pushed(config) : SecretReport.NotPushed("Adopted", "The secret was taken over with the value that it had");
        if (postponed is not null)
            conditions = [.. conditions.Select(AsOfLastPush)];
        conditions = [.. conditions, .. SecretReport.Extras(possession, Applied, postponed)];
        if (failure is not null)
            return failure with { ProviderStatus = outputs, Conditions = conditions };

        var next = Applied.Targets.Count > 1 ? LookAgain
            : due is { } at ? at - client.Clock.Now
            : config.RefreshInterval;
        return new HandlerAnswer.Done(next > LookAgain ? next : LookAgain)
        {
            ProviderStatus = outputs,
            Conditions = conditions,
            Message = postponed ?? SecretReport.Message(config, Target, inputs, Applied, possession),
        };
    }

    // The value that this generation asks for is still to be pushed: what is said of the one that stands was said of an earlier generation.
    private Condition AsOfLastPush(Condition condition) =>
        condition with { ObservedGeneration = request.Component.Status?.Condition(condition.Type)?.ObservedGeneration };

    // Releases former targets. What stands in the way of it does not hide the secret that is in place: null where nothing does.
    private async Task<HandlerAnswer.Failed?> Release(Func<SecretTarget, bool> which, CancellationToken cancellation)
    {
        HandlerAnswer.Failed? failure = null;
        foreach (var old in Applied.Targets.Where(t => !t.IsSameSecret(Target) && which(t)).ToList())
        {
            try
            {
                var released = await removal.Release(old, Applied, new(config.DeletionPolicy, config.RecoveryWindowInDays), cancellation, keptArn: Target.Arn);
                progress.Events.AddRange(released.Events);
                if (released.IsDone)
                    Applied = Applied.Without(old);
                failure = released.Failure ?? failure;
            }
            catch (SecretsManagerException e)
            {
                failure = AwsFailure.Answer(e);
            }
            catch (ResourceException e)
            {
                failure = StoreFailure.Answer(e, $"read Namespace {request.Component.Metadata.Namespace}");
            }
        }

        return failure;
    }
}
