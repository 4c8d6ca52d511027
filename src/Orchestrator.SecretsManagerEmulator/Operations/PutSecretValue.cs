using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Makes a new version under the given staging labels, or under AWSCURRENT where none are given.</summary>
internal static class PutSecretValue
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var value = Parameters.Value(input);
        var stages = input.Strings("VersionStages", 1, StagingLabels.MaxLabels, 1, 256) ?? [StagingLabels.Current];
        var token = Call.Token(input, ApiException.InvalidRequest);
        if (value is null)
            throw ApiException.InvalidRequest("You must provide either SecretString or SecretBinary.");
        var secret = call.Change(id);
        call.RequireEncrypt(secret.KmsKeyId);

        if (!call.Repeats(secret, token, value))
            call.AddVersion(secret, token, value, stages);
        return call.ArnAndName(secret)
            .With("VersionId", token)
            .With("VersionStages", secret.Versions.Labels.Of(token));
    }
}
