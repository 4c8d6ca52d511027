using System.Globalization;
using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>The metadata of all secrets that pass the filters, page by page; newest first unless asked otherwise.</summary>
internal static class ListSecrets
{
    public static Output Invoke(Call call, Input input)
    {
        var token = Parameters.NextToken(input);
        var size = Parameters.PageSize(input);
        var filters = SecretFilters.From(input);
        var withDeleted = input.Bool("IncludePlannedDeletion");
        var descending = input.OneOf("SortOrder", "asc", "desc") != "asc";
        var sortBy = input.OneOf("SortBy", "created-date", "last-accessed-date", "last-changed-date", "name") ?? "created-date";

        var secrets = call.Vault.All(call.Now)
            .Where(call.IsVisible)
            .Where(secret => withDeleted || secret.Deletion is null)
            .Where(secret => filters is null || filters.Match(secret));
        var page = Page<Secret>.Of(
            secrets, secret => Key(secret, sortBy), secret => secret.Serial, descending, $"ListSecrets {sortBy} {descending}", token, size);
        return new Output()
            .With("SecretList", page.Items.Select(secret => SecretMetadata.Of(call, secret, "SecretVersionsToStages")), evenIfEmpty: true)
            .With("NextToken", page.NextToken);
    }

    private static string Key(Secret secret, string sortBy) => sortBy switch
    {
        "name" => secret.Name,
        "last-accessed-date" => Sortable(secret.LastAccessedDate),
        "last-changed-date" => Sortable(secret.LastChangedDate),
        _ => Sortable(secret.CreatedDate),
    };

    private static string Sortable(DateTimeOffset? date) => date?.UtcTicks.ToString("D19", CultureInfo.InvariantCulture) ?? "";
}
