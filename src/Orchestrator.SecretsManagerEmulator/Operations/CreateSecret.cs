using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Creates a secret, with a first version if a value is given. A repetition (same token, same value) gets the answer of the first call.</summary>
internal static class CreateSecret
{
    public static Output Invoke(Call call, Input input)
    {
        var name = input.RequiredString("Name", 1, SecretName.MaxLength);
        var value = Parameters.Value(input);
        var description = Parameters.Description(input);
        var kmsKeyId = Parameters.KmsKeyId(input);
        var type = Parameters.Type(input);
        var tags = Parameters.Tags(input) ?? [];
        var replicas = Parameters.ReplicaRegions(input) ?? [];
        var token = Call.Token(input, ApiException.InvalidRequest);
        SecretName.RequireForCreate(name);

        if (call.Vault.ByName(name, call.Now) is { } existing)
            return Existing(call, existing, token, value);
        call.RequireEncrypt(Parameters.NullIfEmpty(kmsKeyId));

        var secret = new Secret(name, SecretArn.NewSuffix(), call.Vault.Region, call.Now, call.Store.NextSerial())
        {
            Description = Parameters.NullIfEmpty(description),
            KmsKeyId = Parameters.NullIfEmpty(kmsKeyId),
            Type = Parameters.NullIfEmpty(type),
        };
        secret.Tags.Put(tags);
        if (value is not null)
            call.AddVersion(secret, token, value, [StagingLabels.Current]);
        Replication.Add(call, secret, replicas, input.Bool("ForceOverwriteReplicaSecret"));
        call.Vault.Put(secret);
        return Answer(call, secret, value is null ? null : token);
    }

    private static Output Existing(Call call, Secret secret, string token, SecretValue? value)
    {
        if (secret.Deletion is not null)
            throw ApiException.InvalidRequest(
                "You can't create this secret because a secret with this name is already scheduled for deletion.");
        if (value is null || !call.Repeats(secret, token, value))
            throw ApiException.Exists($"The operation failed because the secret {secret.Name} already exists.");
        call.RequireEncrypt(secret.KmsKeyId);
        return Answer(call, secret, token);
    }

    private static Output Answer(Call call, Secret secret, string? versionId) =>
        call.ArnAndName(secret)
            .With("VersionId", versionId)
            .With("ReplicationStatus", Replication.Status(secret));
}
