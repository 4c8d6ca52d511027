using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DeploymentOrchestrator.Tests;

/// <summary>
/// Searches for values that must not occur, in every encoding: plain, escaped for JSON (once and twice), YAML, a URL or XML, in base64 at any of its three
/// alignments, and in hex. Its messages name the place and never the value.
/// </summary>
internal sealed class LeakScan
{
    // Shorter ones occur by chance.
    private const int Shortest = 8;

    private readonly SearchValues<string> forms;

    public LeakScan(IEnumerable<byte[]> values)
    {
        var texts = values.Select(Encoding.UTF8.GetString).Where(v => v.Length >= Shortest).ToList();
        (Values, forms) = (texts.Count, SearchValues.Create([.. texts.SelectMany(Forms)], StringComparison.Ordinal));
    }

    /// <summary>The number of values to search for.</summary>
    public int Values { get; }

    /// <summary>Every form of a value.</summary>
    public static IReadOnlyList<string> Forms(string value)
    {
        var json = JsonSerializer.Serialize(value)[1..^1];
        var relaxed = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value);
        var utf8 = Encoding.UTF8.GetBytes(value);
        var url = Uri.EscapeDataString(value);
        return
        [
            .. new[]
            {
                value, json, relaxed, JsonSerializer.Serialize(json)[1..^1], JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(relaxed),
                value.Replace("'", "''", StringComparison.Ordinal), url, LowerCaseHex(url), WebUtility.UrlEncode(value), WebUtility.HtmlEncode(value),
                Convert.ToHexString(utf8), Convert.ToHexStringLower(utf8),
            }.Concat(Enumerable.Range(0, 3).Select(before => Base64(utf8, before)))
                .SelectMany(f => new[] { f, f.Replace('+', '-').Replace('/', '_'), f.Replace("+", "\\u002B", StringComparison.Ordinal) })
                .Where(form => form.Length >= Shortest).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether the text contains one of the values.</summary>
    public bool Finds(string text) => text.AsSpan().ContainsAny(forms);

    /// <summary>Fails if the text contains one of the values.</summary>
    /// <param name="place">What the text is, for the message.</param>
    /// <param name="text">The text.</param>
    public void AssertAbsent(string place, string text) => Assert.False(Finds(text), $"a generated value stands in {place}");

    /// <summary>Fails if a file of the folder, or its name, contains one of the values.</summary>
    public void AssertAbsentFrom(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            AssertAbsent($"the name of a file in {folder}", file);
            var bytes = File.ReadAllBytes(file);
            AssertAbsent(file, Encoding.UTF8.GetString(bytes));
            AssertAbsent(file, Encoding.Unicode.GetString(bytes));
        }
    }

    // The part of a base64 text that depends only on the value, with this many bytes before it.
    private static string Base64(byte[] value, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. value]);
        var known = (before + value.Length) / 3 * 4;
        return text[(before == 0 ? 0 : 4)..known];
    }

    private static string LowerCaseHex(string url) =>
        System.Text.RegularExpressions.Regex.Replace(url, "%[0-9A-F]{2}", m => m.Value.ToLowerInvariant(), default, TimeSpan.FromSeconds(1));
}
