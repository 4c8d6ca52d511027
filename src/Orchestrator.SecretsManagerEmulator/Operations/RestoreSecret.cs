using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Takes a scheduled deletion back, value and tags included. A secret that is not scheduled stays as it is.</summary>
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
