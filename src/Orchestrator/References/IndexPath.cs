using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.References;

/// <summary>The ways to write a path otherwise, written with dots: <c>index . "a" "b" 0</c>, <c>.a["b"]</c>, <c>(.a).b</c>.</summary>
internal static partial class IndexPath
{
    /// <summary>The action with each of them as <c>.a.b[0]</c>.</summary>
    public static string Flatten(string action)
    {
        var flat = Index().Replace(action, WithDots);
        flat = Bracket().Replace(flat, ".${key}");
        return Parentheses().Replace(flat, "${path}");
    }

    // A field of somebody else's that happens to bear our word is its last key: only a path that continues below it is nearly ours.
    private static string WithDots(Match index)
    {
        var keys = index.Groups["key"].Captures;
        if (NearReference.MayOccur(keys[^1].Value))
            return index.Value;
        var steps = keys.Select(k => char.IsAsciiDigit(k.Value[0]) ? $"[{k.Value}]" : $".{k.Value.Trim('"', '`')}");
        return index.Groups["base"].Value.TrimEnd('.') + string.Concat(steps);
    }

    [GeneratedRegex(@"\bindex\s+(?<base>\$?[\w.-]*)(\s+(?<key>""[\w-]+""|`[\w-]+`|[0-9]+))+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex Index();

    [GeneratedRegex(@"\.?\[\s*[""'`](?<key>[\w-]+)[""'`]\s*\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex Bracket();

    [GeneratedRegex(@"\(\s*(?<path>[\w.$-]+)\s*\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex Parentheses();
}
