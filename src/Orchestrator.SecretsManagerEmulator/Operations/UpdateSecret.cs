using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>
/// Changes metadata, and makes a new current version where a value is given. A repetition (same token, same value) changes
/// nothing, metadata included: AWS does not say, so nobody should count on more.
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

        if (value is not null && call.Repeats(secret, token, value))
            return call.ArnAndName(secret).With("VersionId", token);

        if (value is not null)
            call.AddVersion(secret, token, value, [StagingLabels.Current]);
        if (kmsKeyId is not null)
        {
            secret.KmsKeyId = Parameters.NullIfEmpty(kmsKeyId);
            secret.Versions.Reencrypt(secret.KmsKeyId);
        }
        if (description is not null)
            secret.Description = Parameters.NullIfEmpty(description);
        if (type is not null)
            secret.Type = Parameters.NullIfEmpty(type);
        secret.LastChangedDate = call.Now;
        return call.ArnAndName(secret).With("VersionId", value is null ? null : token);
    }
}
