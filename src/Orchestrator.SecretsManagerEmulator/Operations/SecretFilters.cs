using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>
/// The Filters of ListSecrets and BatchGetSecretValue. A secret must pass all of them; it passes one that has no values to
/// match, or matches any of them, and matches none of those with an exclamation mark.
/// </summary>
internal sealed class SecretFilters
{
    private readonly IReadOnlyList<(string Key, IReadOnlyList<string> Values)> filters;

    private SecretFilters(IReadOnlyList<(string Key, IReadOnlyList<string> Values)> filters) => this.filters = filters;

    /// <summary>Null where the request has none.</summary>
    public static SecretFilters? From(Input input) =>
        input.Structures("Filters", 0, 10) is { } filters ? new SecretFilters([.. filters.Select(Filter)]) : null;

    public bool Match(Secret secret) => filters.All(filter =>
    {
        var wanted = filter.Values.Where(value => !value.StartsWith('!')).ToList();
        var unwanted = filter.Values.Where(value => value.StartsWith('!')).Select(value => value[1..]);
        return (wanted.Count == 0 || wanted.Exists(value => Matches(secret, filter.Key, value)))
            && !unwanted.Any(value => Matches(secret, filter.Key, value));
    });

    private static (string, IReadOnlyList<string>) Filter(Input filter)
    {
        var key = filter.OneOf("Key", "description", "name", "tag-key", "tag-value", "primary-region", "owning-service", "all")
            ?? throw ApiException.InvalidParameter("A filter needs a Key.");
        var values = filter.Strings("Values", 1, 10, 0, 512)
            ?? throw ApiException.InvalidParameter("A filter needs Values.");
        return (key, values);
    }

    /// <summary>AWS: all are prefix matches; only description and all ignore case; all breaks the value into words.</summary>
    private static bool Matches(Secret secret, string key, string value) => key switch
    {
        "name" => secret.Name.StartsWith(value, StringComparison.Ordinal),
        "description" => secret.Description?.StartsWith(value, StringComparison.OrdinalIgnoreCase) == true,
        "tag-key" => secret.Tags.All.Any(tag => tag.Key.StartsWith(value, StringComparison.Ordinal)),
        "tag-value" => secret.Tags.All.Any(tag => tag.Value.StartsWith(value, StringComparison.Ordinal)),
        "primary-region" => secret.Replicas.Count > 0 && secret.PrimaryRegion.StartsWith(value, StringComparison.Ordinal),
        "owning-service" => false, // No other AWS service is here to own a secret.
        _ => value.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
            Attributes(secret).Any(attribute => attribute.Contains(word, StringComparison.OrdinalIgnoreCase))),
    };

    private static IEnumerable<string> Attributes(Secret secret) =>
        [secret.Name, secret.Description ?? "", .. secret.Tags.All.SelectMany(tag => (string[])[tag.Key, tag.Value])];
}
