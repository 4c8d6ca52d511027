using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// The value of an unquoted scalar, the same as for kubectl, so that a file means the same on a laptop and in a cluster: YAML 1.1's booleans
/// (<c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>, <c>y</c>, <c>n</c>), <c>0x</c>, <c>0o</c>, <c>0b</c> and a leading <c>0</c> for octal, <c>_</c>
/// between digits,
/// dates as strings, no base 60.
/// </summary>
/// <remarks>
/// Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go. A decimal number keeps its digits, however many; in another base, a number of more than 64 bits is a
/// string.
/// </remarks>
internal static partial class YamlScalars
{
    private const string StandardTag = "tag:yaml.org,2002:";

    /// <summary>The value of a scalar, or a problem if its tag and its text do not match.</summary>
    public static (JsonNode? Value, string? Problem) Resolve(YamlScalar scalar)
    {
        var text = scalar.Text;
        switch (scalar.Tag)
        {
            case null:
                return scalar.IsPlain ? (ResolvePlain(text), NotFinite().IsMatch(text) ? $"{text} is not a number in JSON: quote it" : null) : (text, null);
            case "!" or StandardTag + "str" or StandardTag + "timestamp":
                return (text, null);
            case StandardTag + "null" when ResolvePlain(text) is null:
                return (null, null);
            case StandardTag + "bool" when Booleans.TryGetValue(text, out var boolean):
                return (boolean, null);
            case StandardTag + "int" when Integer(text) is { } integer:
                return (Number(integer), null);
            case StandardTag + "float" when (Integer(text) ?? Float(text)) is { } number:
                return (Number(number), null);
            case StandardTag + "null" or StandardTag + "bool" or StandardTag + "int" or StandardTag + "float":
                return (null, $"\"{text}\" is not a valid {ShortTag(scalar.Tag)}");
            default:
                return (null, UnknownTag(scalar.Tag));
        }
    }

    /// <summary>The message about a tag that has no meaning to Kubernetes.</summary>
    public static string UnknownTag(string tag) => $"the tag {ShortTag(tag)} has no meaning in a manifest: remove it";

    /// <summary>Whether a list or mapping may have the tag.</summary>
    public static bool IsCollectionTag(string? tag, string kind) => tag is null or "!" || tag == StandardTag + kind;

    private static JsonNode? ResolvePlain(string text)
    {
        if (Nulls.Contains(text))
            return null;
        if (Booleans.TryGetValue(text, out var boolean))
            return boolean;
        return (Integer(text) ?? Float(text)) is { } number ? Number(number) : text;
    }

    private static JsonNode Number(string json) => JsonNode.Parse(json)!;

    // The digits of a whole number in decimal, or null. Only decimal numbers may have any length, and they are not computed with: that would take
    // quadratic time.
    private static string? Integer(string text)
    {
        if (!MayBeNumber(text) || IntegerPattern().Match(text) is not { Success: true } match)
            return null;
        var radix = match.Groups["prefix"].Value.TrimEnd('_').ToLowerInvariant() switch { "0x" => 16, "0o" or "0" => 8, "0b" => 2, _ => 10 };
        var digits = match.Groups["digits"].Value.Replace("_", "", StringComparison.Ordinal).TrimStart('0');
        var isNegative = match.Groups["sign"].Value == "-";
        if (radix == 10)
            return !digits.AsSpan().ContainsAnyExceptInRange('0', '9') ? Signed(isNegative, digits) : null;
        ulong value = 0;
        foreach (var digit in digits)
        {
            var worth = (ulong)(char.IsAsciiDigit(digit) ? digit - '0' : char.ToLowerInvariant(digit) - 'a' + 10);
            if (worth >= (ulong)radix || value > (ulong.MaxValue - worth) / (ulong)radix)
                return null;
            value = (value * (ulong)radix) + worth;
        }

        return isNegative && value > (ulong)long.MaxValue + 1 ? null : Signed(isNegative, value == 0 ? "" : value.ToString(CultureInfo.InvariantCulture));
    }

    private static string Signed(bool isNegative, string digits) => digits.Length == 0 ? "0" : isNegative ? $"-{digits}" : digits;

    private static bool MayBeNumber(string text) => text.Length > 0 && text[0] is '+' or '-' or '.' or (>= '0' and <= '9');

    // A decimal fraction in JSON's grammar with the digits as written, or null.
    private static string? Float(string text)
    {
        if (!MayBeNumber(text) || FloatPattern().Match(text) is not { Success: true } match)
            return null;
        var whole = match.Groups["whole"].Value.Replace("_", "", StringComparison.Ordinal).TrimStart('0');
        var fraction = match.Groups["fraction"].Value.Replace("_", "", StringComparison.Ordinal);
        var json = (match.Groups["sign"].Value == "-" ? "-" : "")
            + (whole.Length == 0 ? "0" : whole)
            + (fraction.Length == 0 ? "" : "." + fraction)
            + match.Groups["exponent"].Value;
        if (!double.IsFinite(double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture)))
            return null;
        // As in kubectl, which parses a double: with such a long exponent, the number is finite only if it is zero or nearly zero.
        return JsonNumbers.IsComparable(json) ? json : "0";
    }

    private static string ShortTag(string tag) => tag.StartsWith(StandardTag, StringComparison.Ordinal) ? "!!" + tag[StandardTag.Length..] : tag;

    private static readonly HashSet<string> Nulls = ["", "~", "null", "Null", "NULL"];

    private static readonly Dictionary<string, bool> Booleans = new(
        from word in (string[])["y", "yes", "true", "on", "n", "no", "false", "off"]
        from form in (string[])[word, char.ToUpperInvariant(word[0]) + word[1..], word.ToUpperInvariant()]
        group word is "y" or "yes" or "true" or "on" by form into forms
        select KeyValuePair.Create(forms.Key, forms.First()),
        StringComparer.Ordinal);

    [GeneratedRegex(@"\A(?<sign>[-+]?)(?<prefix>0[xXoObB]_*|0_*(?=[0-9]))?(?<digits>[0-9a-fA-F][0-9a-fA-F_]*)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(@"\A(?<sign>[-+]?)((?<whole>[0-9][0-9_]*)(\.(?<fraction>[0-9_]*))?|\.(?<fraction>[0-9]+))(?<exponent>[eE][-+]?[0-9]+)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FloatPattern();

    [GeneratedRegex(@"\A([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotFinite();
}
