using System.Text;
using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Reads a version by id, by staging label, or the current one, and records the day of access.</summary>
internal static class GetSecretValue
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var versionId = input.String("VersionId", 32, 64);
        var stage = input.String("VersionStage", 1, 256);
        return Read(call, id, versionId, stage);
    }

    public static Output Read(Call call, string secretId, string? versionId = null, string? stage = null)
    {
        var secret = call.ReadActive(secretId);
        var version = versionId is null
            ? ByStage(secret, stage ?? StagingLabels.Current)
            : ById(secret, versionId, stage);
        call.Store.Authorization.RequireDecrypt(call.Caller, version.KmsKeyId);
        Touch(secret, version, call.Now);
        return call.ArnAndName(secret)
            .With("VersionId", version.Id)
            .With("SecretString", version.Value.IsText ? Encoding.UTF8.GetString(version.Value.Bytes) : null)
            .With("SecretBinary", version.Value.IsText ? null : Convert.ToBase64String(version.Value.Bytes))
            .With("VersionStages", secret.Versions.Labels.Of(version.Id))
            .With("CreatedDate", version.CreatedDate);
    }

    private static SecretVersion ByStage(Secret secret, string stage) =>
        secret.Versions.WithStage(stage)
        ?? throw ApiException.NotFound($"Secrets Manager can't find the specified secret value for staging label: {stage}");

    private static SecretVersion ById(Secret secret, string versionId, string? stage)
    {
        var version = secret.Versions.Find(versionId)
            ?? throw ApiException.NotFound($"Secrets Manager can't find the specified secret value for VersionId: {versionId}");
        if (stage is not null && secret.Versions.Labels.VersionWith(stage) != versionId)
            throw ApiException.InvalidRequest("You provided a VersionStage that is not associated to the provided VersionId.");
        return version;
    }

    /// <summary>AWS: "the resolution of this field is at the date level and does not include the time".</summary>
    private static void Touch(Secret secret, SecretVersion version, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        secret.LastAccessedDate = today;
        version.LastAccessedDate = today;
    }
}
