using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.References;

/// <summary>Normalizes alternative forms of a path to dots: <c>index . "a" "b" 0</c>, <c>.a["b"]</c>, <c>(.a).b</c>.</summary>
internal static partial class IndexPath
{
    /// <summary>The action with each of them as <c>.a.b[0]</c>.</summary>
    public static string Flatten(string action)
    {
        var flat = Index().Replace(action, WithDots);
        flat = Bracket().Replace(flat, ".${key}");
        return Parentheses().Replace(flat, "${path}");
    }

    // A foreign field may have the name providerStatus as its last key: only a path that continues below it is nearly a reference.
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
