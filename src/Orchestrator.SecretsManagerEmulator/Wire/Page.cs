using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Wire;

/// <summary>
/// One page of a list. The NextToken names the last item, not an index, so items created or deleted between two pages neither repeat nor hide others.
/// </summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken)
{
    /// <param name="items">All items, in any order.</param>
    /// <param name="key">The sort key, compared byte by byte.</param>
    /// <param name="serial">Distinguishes items with the same key.</param>
    /// <param name="descending">Whether to list the last ones first.</param>
    /// <param name="query">Names the list: a token of one is invalid for another.</param>
    /// <param name="token">The token of the previous page; null for the first page.</param>
    /// <param name="size">The maximum number of items.</param>
    public static Page<T> Of(
        IEnumerable<T> items, Func<T, string> key, Func<T, long> serial, bool descending, string query, string? token, int size)
    {
        var sorted = items.OrderBy(key, StringComparer.Ordinal).ThenBy(serial).AsEnumerable();
        if (descending)
            sorted = sorted.Reverse();
        if (token is not null)
        {
            var (lastKey, lastSerial) = Decode(token, query);
            sorted = sorted.SkipWhile(item =>
            {
                var order = string.CompareOrdinal(key(item), lastKey);
                if (order == 0)
                    order = serial(item).CompareTo(lastSerial);
                return descending ? order >= 0 : order <= 0;
            });
        }
        var rest = sorted.Take(size + 1).ToList();
        return rest.Count <= size
            ? new Page<T>(rest, NextToken: null)
            : new Page<T>(rest[..size], Encode(query, key(rest[size - 1]), serial(rest[size - 1])));
    }

    private static string Encode(string query, string key, long serial) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{query}\n{serial}\n{key}"));

    private static (string Key, long Serial) Decode(string token, string query)
    {
        if (Base64Url.IsValid(token)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('\n', 3) is [var itsQuery, var serial, var key]
            && itsQuery == query
            && long.TryParse(serial, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return (key, number);
        throw new ApiException("InvalidNextTokenException", "The NextToken value is invalid.");
    }
}
