using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>The versions of a secret, oldest first; those without a staging label only with IncludeDeprecated.</summary>
internal static class ListSecretVersionIds
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var token = Parameters.NextToken(input);
        var size = Parameters.PageSize(input);
        var deprecated = input.Bool("IncludeDeprecated");

        var secret = call.Read(id);
        var page = Page<SecretVersion>.Of(
            deprecated ? secret.Versions.All : secret.Versions.Staged,
            key: _ => "",
            version => version.Serial,
            descending: false,
            query: $"ListSecretVersionIds {call.ArnOf(secret)}",
            token,
            size);
        return call.ArnAndName(secret)
            .With("Versions", page.Items.Select(version => Entry(secret, version)), evenIfEmpty: true)
            .With("NextToken", page.NextToken);
    }

    private static Output Entry(Secret secret, SecretVersion version) => new Output()
        .With("VersionId", version.Id)
        .With("VersionStages", secret.Versions.Labels.Of(version.Id))
        .With("LastAccessedDate", version.LastAccessedDate)
        .With("CreatedDate", version.CreatedDate)
        .With("KmsKeyIds", [version.KmsKeyId ?? "DefaultEncryptionKey"]);
}
