using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>
/// Changes metadata, and creates a new current version if a value is given. A repetition (same token, same value) changes
/// nothing, metadata included: AWS does not document more.
/// </summary>
internal static class UpdateSecret
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var value = Parameters.Value(input);
        var description = Parameters.Description(input);
        var kmsKeyId = Parameters.KmsKeyId(input);
        var type = Parameters.Type(input);
        var token = Call.Token(input, ApiException.InvalidRequest);
        var secret = call.Change(id);
        var key = kmsKeyId is null ? secret.KmsKeyId : Parameters.NullIfEmpty(kmsKeyId);
        if (value is not null || kmsKeyId is not null)
            call.RequireEncrypt(key);

        if (value is not null && call.Repeats(secret, token, value))
            return call.ArnAndName(secret).With("VersionId", token);

        if (value is not null)
            call.AddVersion(secret, token, value, [StagingLabels.Current]);
        if (kmsKeyId is not null)
            ChangeKey(call, secret, key, newVersion: token);
        if (description is not null)
            secret.Description = Parameters.NullIfEmpty(description);
        if (type is not null)
            secret.Type = Parameters.NullIfEmpty(type);
        secret.LastChangedDate = call.Now;
        return call.ArnAndName(secret).With("VersionId", value is null ? null : token);
    }

    /// <summary>Without kms:Encrypt on the new key, or kms:Decrypt on the old one, AWS silently leaves the older versions unchanged.</summary>
    private static void ChangeKey(Call call, Secret secret, string? key, string newVersion)
    {
        secret.KmsKeyId = key;
        var authorization = call.Store.Authorization;
        var mayEncrypt = authorization.MayUse(call.Caller, key, "kms:Encrypt");
        secret.Versions.Reencrypt(
            key, version => version.Id == newVersion || (mayEncrypt && authorization.MayUse(call.Caller, version.KmsKeyId, "kms:Decrypt")));
    }
}
