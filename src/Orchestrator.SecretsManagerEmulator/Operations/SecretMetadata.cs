using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>What DescribeSecret and ListSecrets tell of a secret. Only the name of the map of versions differs.</summary>
internal static class SecretMetadata
{
    public static Output Of(Call call, Secret secret, string versionsName) =>
        call.ArnAndName(secret)
            .With("Type", secret.Type)
            .With("Description", secret.Description)
            .With("KmsKeyId", secret.KmsKeyId)
            .With("LastChangedDate", secret.LastChangedDate)
            .With("LastAccessedDate", secret.LastAccessedDate)
            .With("DeletedDate", secret.Deletion?.DeletedDate)
            .With("Tags", secret.Tags.All.Select(tag => new Output().With("Key", tag.Key).With("Value", tag.Value)), evenIfEmpty: secret.Tags.WereThereAny)
            .With(versionsName, Stages(secret))
            .With("CreatedDate", secret.CreatedDate)
            .With("PrimaryRegion", secret.Replicas.Count > 0 ? secret.PrimaryRegion : null);

    private static Output Stages(Secret secret)
    {
        var stages = new Output();
        foreach (var version in secret.Versions.Staged)
            stages.With(version.Id, secret.Versions.Labels.Of(version.Id));
        return stages;
    }
}
