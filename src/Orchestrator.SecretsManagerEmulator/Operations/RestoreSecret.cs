using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Cancels a scheduled deletion, and keeps value and tags. A secret that is not scheduled is unchanged.</summary>
internal static class RestoreSecret
{
    public static Output Invoke(Call call, Input input)
    {
        var secret = call.Find(Call.SecretId(input)) ?? throw ApiException.NotFound();
        call.RequirePrimary(secret);
        if (secret.Deletion is { Forced: true })
            throw ApiException.InvalidRequest("You can't restore the secret because it was deleted without recovery.");
        if (secret.Deletion is not null)
        {
            secret.Deletion = null;
            secret.LastChangedDate = call.Now;
        }
        return call.ArnAndName(secret);
    }
}
