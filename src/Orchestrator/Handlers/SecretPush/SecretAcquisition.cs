using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Makes a secret ours that is there already: takes it back from deletion, or over from its owner.</summary>
/// <param name="client">AWS.</param>
/// <param name="config">What is wanted.</param>
/// <param name="owner">Who wants it.</param>
/// <param name="progress">The run.</param>
/// <param name="value">Writes the value of one that is to be made anew.</param>
internal sealed class SecretAcquisition(ISecretsManager client, SecretPushConfig config, SecretOwner owner, SecretProgress progress, ValueWrite value)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Takes a secret back from deletion; null where it is to be looked at again at once.</summary>
    public async Task<HandlerAnswer?> Restore(
        SecretStep.Restore restore, SecretDescription secret, Possession possession, CancellationToken cancellation)
    {
        if (restore.Regenerate is { } regenerate)
        {
            progress.Applied = progress.Applied with { TakenBack = new(Recreate.Regenerate, regenerate.Token.ToString()) };
            await value.Intend(regenerate, remember: true, cancellation);
        }

        if (possession.Kind == PossessionKind.Heirless)
        {
            // Nobody else lets go of it again: from before it comes back it is this Component's.
            Hold(secret);
            await progress.Remember(cancellation);
            progress.Events.Add(Adopted(possession.Who!));
        }

        try
        {
            await client.RestoreSecret(secret.Arn, cancellation);
            progress.Denied.Remove(SecretProgress.RestoreSecret);
            if (restore.Regenerate is null && possession.CurrentVersionId is { } kept)
                progress.Applied = progress.Applied with { TakenBack = new(Recreate.Restore, kept) };
            progress.Events.Add(new("SecretRestored", restore.Regenerate is null
                ? $"took {config.SecretName} back from deletion: restored with its value"
                : $"took {config.SecretName} back from deletion: regenerated, it gets new values"));
            return null;
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "RestoreSecret" } && restore.MayDeleteInstead)
        {
            await client.DeleteSecret(secret.Arn, 0, cancellation);
            if (progress.Denied.Add(SecretProgress.RestoreSecret))
            {
                progress.Events.Add(new("SecretDeleted", $"deleted {config.SecretName} at once, which a Component before this one had scheduled for deletion: "
                    + $"{SecretProgress.RestoreSecret} is denied", IsWarning: true));
            }

            progress.Applied = progress.Settled();
            return new HandlerAnswer.InProgress(LookAgain) { Message = "waits for AWS to let go of the secret's name" };
        }
    }

    /// <summary>Makes it ours by the owner tag, its value kept.</summary>
    public async Task TakeOver(SecretStep.TakeOver takeOver, SecretDescription secret, CancellationToken cancellation)
    {
        // By its name alone: should the answer be lost and the spec name another by then, the tag tells whether it became ours.
        if (!progress.Applied.Targets.Any(t => t.IsSameSecret(progress.Target)))
        {
            progress.Applied = progress.Applied.With(progress.Target with { Arn = null });
            await progress.Remember(cancellation);
        }

        try
        {
            await client.TagResource(secret.Arn, new Dictionary<string, string>(StringComparer.Ordinal) { [SecretOwner.TagKey] = owner.TagValue }, cancellation);
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "TagResource" } && !takeOver.NeedsTag)
        {
            progress.Denied.Add(SecretProgress.TagResource);
        }

        Hold(secret);
        progress.Events.Add(Adopted(takeOver.From));
    }

    private void Hold(SecretDescription secret)
    {
        // Ours of this name had gone, and somebody made another: what is remembered of the value is not of this one.
        if (progress.Target.Arn is { } known && known != secret.Arn)
            progress.Applied = progress.Applied.ForAnotherSecret();
        progress.Target = progress.Target with { Arn = secret.Arn };
        progress.Applied = progress.Applied.With(progress.Target);
    }

    private HandlerEvent Adopted(string from) => new("SecretAdopted", $"took {config.SecretName} over from {from}, its value kept");
}
