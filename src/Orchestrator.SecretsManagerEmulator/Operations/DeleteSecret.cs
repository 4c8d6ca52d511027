using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Schedules a secret for deletion in 7–30 days (30 by default), or deletes it without recovery.</summary>
internal static class DeleteSecret
{
    private const int DefaultWindow = 30;

    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var window = input.Long("RecoveryWindowInDays");
        var force = input.Bool("ForceDeleteWithoutRecovery");
        if (force && window is not null)
            throw ApiException.InvalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        if (window is < 7 or > 30)
            throw ApiException.InvalidParameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");

        return call.Find(id) is { } secret ? Delete(call, secret, force, (int)(window ?? DefaultWindow))
            : force ? NothingToDelete(call, id)
            : throw ApiException.NotFound();
    }

    private static Output Delete(Call call, Secret secret, bool force, int window)
    {
        call.RequirePrimary(secret);
        var replicas = secret.Replicas.Where(replica => replica.Failure is null).Select(replica => replica.Region).ToList();
        if (replicas.Count > 0)
            throw ApiException.InvalidParameter(
                $"You can't delete secret {call.Vault.ArnOf(secret)} that still has replica regions [{string.Join(", ", replicas)}].");
        if (!force && secret.Deletion is not null)
            throw ApiException.InvalidRequest(
                "You can't perform this operation on the secret because it was already scheduled for deletion.");

        var deletedDate = force ? call.Now : call.Now.AddDays(window);
        if (secret.Deletion is not { Forced: true })
        {
            secret.Deletion = new Deletion(deletedDate, force ? call.Now + call.Store.Delays.ForceDelete : deletedDate, force);
            secret.LastChangedDate = call.Now;
        }
        return call.ArnAndName(secret).With("DeletionDate", deletedDate);
    }

    /// <summary>"If you forcibly delete an already deleted or nonexistent secret, the operation does not return ResourceNotFoundException."</summary>
    private static Output NothingToDelete(Call call, string id)
    {
        var arn = SecretArn.Parse(id);
        var name = arn is null ? id : arn.IsComplete ? arn.Resource[..^7] : arn.Resource;
        return new Output()
            .With("ARN", arn is { IsComplete: true } ? id : call.Vault.ArnOf(name, SecretArn.NewSuffix()))
            .With("Name", name)
            .With("DeletionDate", call.Now);
    }
}
