using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>One run for one secret: look, decide, do, until there is nothing more to do for now. Look, then generate, then write once.</summary>
internal sealed class SecretReconcile
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly ISecretsManager client;
    private readonly HandlerRequest request;
    private readonly SecretPushConfig config;
    private readonly OwnerDirectory peers;
    private readonly SecretOwner owner;
    private readonly string uid;
    private readonly string inputs;
    private readonly string? defaultRegion;
    private readonly SecretProgress progress;
    private readonly ValueWrite value;
    private readonly MetadataWrite metadata;
    private readonly SecretAcquisition acquisition;
    private readonly SecretSettlement settlement;

    public SecretReconcile(
        ISecretsManager client, ISecretsManagers clients, OwnerDirectory peers, NamespaceDeletion namespaces, HandlerRequest request, SecretPushConfig config)
    {
        (this.client, this.peers, this.request, this.config) = (client, peers, request, config);
        owner = peers.Owner(request.Component);
        uid = VersionToken.UidDigest(request.Component.Metadata.Uid!);
        inputs = FieldsDigest.Of(config.Fields);
        defaultRegion = clients.DefaultRegion;
        progress = new(request, config, client.Region);
        metadata = new(client, config, owner, progress);
        value = new(client, config, owner, inputs, progress, metadata);
        acquisition = new(client, config, owner, progress, value);
        settlement = new(client, request, config, owner, inputs, progress, new(clients, peers, namespaces, request.Component));
    }

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

    /// <summary>Runs; AWS's refusals become the answer, with the memory as far as things came.</summary>
    public async Task<HandlerAnswer> Run(CancellationToken cancellation)
    {
        try
        {
            // Each step changes what the next look finds; more than these few mean that somebody else works against us.
            for (var step = 0; step < 6; step++)
            {
                if (await Step(cancellation) is { } answer)
                    return Complete(answer);
            }

            return Complete(new HandlerAnswer.InProgress(LookAgain) { Message = "somebody else changes the secret at the same time" });
        }
        catch (SecretsManagerException e)
        {
            return Complete(AwsFailure.Answer(e));
        }
    }

    private async Task<HandlerAnswer?> Step(CancellationToken cancellation)
    {
        var secret = await client.DescribeSecret(config.SecretName, cancellation);
        var now = client.Clock.Now;
        if (secret is not null)
            progress.Recognize(secret.Arn);
        Applied = Applied.NotAheadOf(now);
        Acknowledge(secret, now);
        var seen = secret is null ? Target : Target with { Arn = secret.Arn };
        bool IsGone(string digest) => peers.IsGone(digest, seen, defaultRegion);
        var possession = Possession.Of(secret, owner, uid, Applied, now, IsGone);
        var step = SecretDecision.Decide(
            new()
            {
                Config = config,
                Me = owner,
                Uid = uid,
                Inputs = inputs,
                RequestedAt = request.Component.Metadata.Annotation(ApiGroup.RequestedAtAnnotation),
                Applied = Applied,
                Target = Target,
                Secret = secret,
                Now = now,
                IsGone = IsGone,
                Holder = digest => peers.Holder(seen, digest, defaultRegion),
                HolderByMemory = () => peers.HolderByMemory(seen, request.Component, defaultRegion),
            },
            possession);
        switch (step)
        {
            case SecretStep.Write write:
                if (write.WasGone && await OtherAccount(cancellation) is { } other)
                    return settlement.Refused(other);
                return await value.Run(write, secret, cancellation)
                    ? await settlement.Finish(possession with { IsDrifted = false }, Due(write), null, cancellation)
                    : null;
            case SecretStep.Keep keep:
                Target = Target with { Arn = secret!.Arn };
                await metadata.Change(secret, cancellation);
                return await settlement.Finish(possession, keep.Until, keep.Postponed, cancellation);
            case SecretStep.Restore restore:
                return await acquisition.Restore(restore, secret!, possession, cancellation);
            case SecretStep.TakeOver takeOver:
                await acquisition.TakeOver(takeOver, secret!, cancellation);
                return null;
            case SecretStep.LeaveToOwner leave:
                return settlement.LeftToOwner(leave, secret!);
            case SecretStep.LeaveToPeer leave:
                return await settlement.LeftToPeer(leave, secret!, cancellation);
            case SecretStep.Conflict conflict:
                return settlement.Refused(conflict.Message);
            case SecretStep.Wait wait:
                return new HandlerAnswer.InProgress(wait.Until > now ? wait.Until - now : LookAgain) { Message = wait.Message };
            default:
                throw new InvalidOperationException($"no such step: {step}");
        }
    }

    private DateTimeOffset? Due(SecretStep.Write write) =>
        config.UpdatePolicy == UpdatePolicy.AlwaysUpdate ? write.Slot + config.RefreshInterval : null;

    // A write whose answer was lost: its version is there. And one that the memory in Kubernetes is too old to know of, restored from a backup.
    private void Acknowledge(SecretDescription? secret, DateTimeOffset now)
    {
        if (secret is null)
            return;
        if (Applied.Pending is { } pending && VersionToken.Parse(pending.Token) is { } token && secret.VersionIdsToStages.ContainsKey(pending.Token))
        {
            progress.Events.Add(Target.Arn is null
                ? new("SecretCreated", $"created {config.SecretName}")
                : new("SecretUpdated", $"wrote a new value to {config.SecretName}"));
            progress.Wrote(token, secret.Arn, secret.LastChangedDate ?? now, inputs);
            return;
        }

        if (VersionToken.Parse(Applied.VersionId) is { } known
            && VersionToken.Parse(Possession.CurrentVersionIdOf(secret), now) is { } current
            && owner.Is(current.Owner) && current.Occasion > known.Occasion)
        {
            var begun = Applied.Pending;
            progress.Wrote(current, secret.Arn, current.OccasionTime, inputs);
            Applied = Applied with { Pending = begun, Slot = Applied.Slot > current.OccasionTime ? Applied.Slot : current.OccasionTime };
        }
    }

    private async Task<string?> OtherAccount(CancellationToken cancellation)
    {
        var account = await client.GetCallerAccount(cancellation);
        return Target.Account is { } known && known != account
            ? $"the credentials are of account {account}, but the secret was made in {known}: nothing is written; set roleArn for the right account"
            : null;
    }

    private HandlerAnswer Complete(HandlerAnswer answer) => answer with
    {
        Applied = Applied.ToJson(),
        Events = [.. progress.Events, .. answer.Events],
    };
}
