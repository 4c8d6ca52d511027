using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Writes one value: remembers that it will, generates all fields, and sends them once.</summary>
/// <param name="client">AWS.</param>
/// <param name="config">What is wanted.</param>
/// <param name="owner">Who wants it.</param>
/// <param name="inputs">Digest of the resolved fields.</param>
/// <param name="progress">The run.</param>
/// <param name="metadata">Key, description and tags, which go with the value.</param>
internal sealed class ValueWrite(
    ISecretsManager client, SecretPushConfig config, SecretOwner owner, string inputs, SecretProgress progress, MetadataWrite metadata)
{
    /// <summary>Writes; false where AWS's refusal has to be looked into, as it may come of a write of ours.</summary>
    /// <exception cref="SecretsManagerException">AWS refused, or its answer was lost.</exception>
    public async Task<bool> Run(SecretStep.Write write, SecretDescription? secret, CancellationToken cancellation)
    {
        var token = write.Token.ToString();
        var before = progress.Applied;
        var begun = before.Pending?.Token == token ? before.Pending : null;
        // A try that AWS is known to have refused is remembered already; where it is refused again, nothing is new.
        var isRefused = begun is { NotWritten: true };
        await Intend(write, remember: !isRefused, cancellation);
        try
        {
            using var value = await SecretDocument.Generate(config.Fields, client, cancellation);
            var written = write.Creates ? await Create(token, value, cancellation) : await Update(token, value, secret!, cancellation);
            progress.Wrote(write.Token, written.Arn, written.Date ?? client.Clock.Now, inputs);
        }
        catch (SecretsManagerException e) when (e.Operation is "CreateSecret" or "UpdateSecret" && e.Kind is AwsErrorKind.AlreadyExists or AwsErrorKind.InvalidRequest)
        {
            // The value is lost, and another is not generated before it is clear what stands in the way. An invalid request wrote nothing: each starts anew.
            progress.Applied = progress.Applied with
            {
                Pending = e.Kind == AwsErrorKind.InvalidRequest
                    ? new(token, client.Clock.Now, Refusal: e.Message)
                    : new(token, begun?.RefusedAt ?? client.Clock.Now),
            };
            return false;
        }
        catch (SecretsManagerException e) when (AwsFailure.IsDefinite(e) && begun is null or { NotWritten: true })
        {
            progress.Applied = isRefused ? before : progress.Applied with { Pending = progress.Applied.Pending! with { NotWritten = true } };
            throw;
        }

        await Tell(write, secret, cancellation);
        return true;
    }

    /// <summary>
    /// Remembers a write before the first side effect: where the secret will be, and under which token, so that a crash orphans and repeats nothing.
    /// </summary>
    public async Task Intend(SecretStep.Write write, bool remember, CancellationToken cancellation)
    {
        var token = write.Token.ToString();
        progress.Target = progress.Target with { WriteBegunAt = client.Clock.Now };
        var settled = progress.Settled().With(progress.Target);
        var isNew = settled.Pending?.Token != token;
        progress.Applied = settled with
        {
            Pending = isNew ? new(token) : settled.Pending! with { NotWritten = false },
            Slot = write.Slot,
            Budget = isNew ? WriteBudget.AfterWrite(settled.Budget, client.Clock.Now) : settled.Budget,
        };
        if (remember)
            await progress.Remember(cancellation);
    }

    private async Task<WrittenSecret> Create(string token, SecretText value, CancellationToken cancellation)
    {
        var input = new CreateSecretInput(config.SecretName, token, value, config.KmsKeyId, config.Description, SecretMetadata.AllTags(config, owner));
        try
        {
            return await client.CreateSecret(input, cancellation);
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "CreateSecret" })
        {
            // Tags at creation need a right of their own. The same value under the same token without them: it is ours by its version id.
            var written = await client.CreateSecret(input with { Tags = null }, cancellation);
            progress.Denied.Add(SecretProgress.TagResource);
            return written;
        }
    }

    private async Task<WrittenSecret> Update(string token, SecretText value, SecretDescription secret, CancellationToken cancellation)
    {
        var changes = metadata.Changes(secret);
        return await client.UpdateSecret(new(secret.Arn, token, value, changes.KmsKeyId, changes.Description), cancellation);
    }

    private async Task Tell(SecretStep.Write write, SecretDescription? secret, CancellationToken cancellation)
    {
        if (write.Creates)
        {
            progress.Events.Add(new("SecretCreated", write.WasGone
                ? $"created {config.SecretName} anew: it had gone without us, and the new one has new values"
                : $"created {config.SecretName}"));
            metadata.Sent(tagsToo: !progress.Denied.Contains(SecretProgress.TagResource));
        }
        else
        {
            progress.Events.Add(new("SecretUpdated", $"wrote a new value to {config.SecretName}"));
            await metadata.ChangeTags(metadata.Changes(secret!), cancellation);
        }
    }
}
