using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>The current values of up to 20 secrets at a time, named or filtered; unreadable ones are listed as errors.</summary>
internal static class BatchGetSecretValue
{
    private const int MaxBatch = 20;

    public static Output Invoke(Call call, Input input)
    {
        var ids = input.Strings("SecretIdList", 1, MaxBatch, 1, 2048);
        var filters = SecretFilters.From(input);
        var token = Parameters.NextToken(input);
        var size = Parameters.PageSize(input, MaxBatch);
        if (ids is null == filters is null)
            throw ApiException.InvalidParameter("You must include Filters or SecretIdList, but not both.");
        if (ids is not null && input.Has("MaxResults"))
            throw ApiException.InvalidParameter("To use MaxResults, you must also use the Filters parameter.");

        return ids is not null
            ? Read(call, ids, nextToken: null)
            : Filtered(call, filters!, token, size);
    }

    private static Output Filtered(Call call, SecretFilters filters, string? token, int size)
    {
        var secrets = call.Vault.All(call.Now)
            .Where(secret => call.IsVisible(secret) && secret.Deletion is null && filters.Match(secret));
        var page = Page<Secret>.Of(
            secrets, key: _ => "", secret => secret.Serial, descending: true, query: "BatchGetSecretValue", token, size);
        return Read(call, [.. page.Items.Select(call.ArnOf)], page.NextToken);
    }

    private static Output Read(Call call, IReadOnlyList<string> ids, string? nextToken)
    {
        List<Output> values = [];
        List<Output> errors = [];
        foreach (var id in ids)
        {
            try
            {
                RequiredRights.Require(call, "GetSecretValue", id);
                values.Add(GetSecretValue.Read(call, id));
            }
            catch (ApiException refused)
            {
                errors.Add(new Output().With("SecretId", id).With("ErrorCode", refused.Code).With("Message", refused.Message));
            }
        }
        return new Output()
            .With("SecretValues", values, evenIfEmpty: true)
            .With("NextToken", nextToken)
            .With("Errors", errors, evenIfEmpty: true);
    }
}
