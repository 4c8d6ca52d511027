using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>
/// Attaches a staging label to a version, moves it, or removes it. Only a caller that names the label's current version can move it, so one of two
/// concurrent moves fails.
/// </summary>
internal static class UpdateSecretVersionStage
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var label = input.RequiredString("VersionStage", 1, 256);
        var from = input.String("RemoveFromVersionId", 32, 64);
        var to = input.String("MoveToVersionId", 32, 64);
        if (from is null && to is null)
            throw ApiException.InvalidParameter("You must provide RemoveFromVersionId, MoveToVersionId, or both.");

        var secret = call.Change(id);
        var labels = secret.Versions.Labels;
        RequireVersion(secret, from);
        RequireVersion(secret, to);
        RequireHolder(label, labels.VersionWith(label), from, to);
        if (to is not null)
            labels.Attach([label], to);
        else if (label == StagingLabels.Current)
            throw ApiException.InvalidParameter(
                "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.");
        else
            labels.Remove(label);
        secret.LastChangedDate = call.Now;
        return call.ArnAndName(secret);
    }

    private static void RequireVersion(Secret secret, string? versionId)
    {
        if (versionId is not null && secret.Versions.Find(versionId) is null)
            throw ApiException.NotFound($"Secrets Manager can't find the specified secret value for VersionId: {versionId}");
    }

    private static void RequireHolder(string label, string? holder, string? from, string? to)
    {
        if (from is not null && from != holder)
            throw ApiException.InvalidParameter($"Staging label {label} isn't attached to version {from}.");
        if (from is null && holder is not null && holder != to)
            throw ApiException.InvalidParameter(
                $"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to version {holder}, "
                + "so you must explicitly reference that version in RemoveFromVersionId.");
    }
}
