using System.Text.RegularExpressions;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>
/// Text that narrowly misses the form of a reference: a component-like name and <c>providerStatus</c>, in any case, in one path. No other template has such a
/// path, so it is refused with a suggestion instead of being passed on as text.
/// </summary>
/// <param name="Start">Its start index.</param>
/// <param name="End">The index after it.</param>
/// <param name="Suggestion">The probable reference.</param>
internal readonly partial record struct NearReference(int Start, int End, string Suggestion)
{
    private const string Marker = @"provider[_-]?status(?![\w-])";
    private const string Root = @"(\$?\.)?(components?\.)?(?<name>[A-Za-z0-9_][A-Za-z0-9_-]*)(\.status)?\.\s*";
    private const string Below = @"(?<steps>\.[A-Za-z0-9_-]+(\.?\[[0-9]+\]|\.[A-Za-z0-9_-]+)*)";
    private const string Steps = @"(?<steps>(\.?\[[0-9]+\]|\.[A-Za-z0-9_-]+)*)";

    // Enough for the longest path with its bracket, and small enough to keep the time linear.
    private const int MaxBefore = 300;

    // Of Kubernetes: a path such as .status.providerStatus.x reads an object, as kubectl and CRDs do. Of Helm: its built-in objects.
    private static readonly HashSet<string> ForeignRoots = new(
        ["status", "Values", "Release", "Chart", "Capabilities", "Files", "Template", "Subcharts"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a text contains the word providerStatus; without it, nothing can be a near reference.</summary>
    public static bool MayOccur(string text) => Mark().IsMatch(text);

    /// <summary>The probable reference of a whole text: with wrong brackets or quotes, or without any; null if it is not one.</summary>
    public static NearReference? Whole(string text) => text.Contains("{{", StringComparison.Ordinal)
        ? Doubled().Match(text) is { Success: true } doubled && doubled.Groups["extra"].Success ? Of(doubled, doubled.Groups["text"]) : null
        : Bare().Match(text) is { Success: true } bare ? Of(bare, bare.Groups["text"]) : null;

    /// <summary>The probable reference of a template action; null if the action is for another engine.</summary>
    public static string? InAction(string action)
    {
        if (!MayOccur(action))
            return null;
        if (Quoted().Match(action) is { Success: true } quoted)
            return Of(quoted, quoted)?.Suggestion;
        if (Spaced().Match(action) is { Success: true } spaced)
            return Of(spaced, spaced)?.Suggestion;
        var path = GoAction.WithoutQuotes(IndexPath.Flatten(action));
        foreach (Match match in Path().Matches(path))
        {
            // Contexts of other languages need no dot, such as inputs.providerStatus: what follows the word makes the difference.
            if ((match.Value[0] is '.' or '$' || match.Groups["steps"].Length > 0) && Of(match, match) is { } near)
                return near.Suggestion;
        }

        return Output().Match(path) is { Success: true } inner ? SuggestionOf(inner) : null;
    }

    /// <summary>Whether an action is just a path.</summary>
    public static bool IsPathAlone(string action) =>
        Quoted().IsMatch(action) || Spaced().IsMatch(action) || Alone().IsMatch(GoAction.WithoutQuotes(IndexPath.Flatten(action)));

    /// <summary>The references in other brackets between <paramref name="start"/> and <paramref name="end"/>, in order.</summary>
    public static IEnumerable<NearReference> InText(string text, int start, int end)
    {
        for (var mark = Mark().Match(text, start, end - start); mark.Success; mark = mark.NextMatch())
        {
            var from = Math.Max(start, mark.Index - MaxBefore);
            var opening = Opening().Match(text[from..mark.Index]);
            var rest = Rest().Match(text, mark.Index + mark.Length, Math.Min(end, mark.Index + mark.Length + MaxBefore) - mark.Index - mark.Length);
            if (opening.Success && !ForeignRoots.Contains(opening.Groups["name"].Value))
                yield return new(from + opening.Index, rest.Index + rest.Length, Written(opening.Groups["name"].Value, rest.Groups["steps"].Value));
        }
    }

    private static NearReference? Of(Match match, Capture all) =>
        ForeignRoots.Contains(match.Groups["name"].Value) ? null : new(all.Index, all.Index + all.Length, SuggestionOf(match));

    private static string SuggestionOf(Match match) => Written(match.Groups["name"].Value, match.Groups["steps"].Value);

    private static string Written(string name, string steps)
    {
        var component = name.Replace('-', '_');
        var path = steps.Replace(".[", "[", StringComparison.Ordinal);
        return $"{{{{ .{(ComponentName.IsValid(component) ? component : "name")}.providerStatus{(path.StartsWith('.') ? path : ".path")} }}}}";
    }

    // All run in linear time, so they need no timeout, which a busy machine could exceed by accident.
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    [GeneratedRegex(Marker, Options, -1)]
    private static partial Regex Mark();

    // In an action: at the start of a path. A name after $ is a variable; one after a dot or a bracket is part of a longer path.
    [GeneratedRegex(@"(?<![\w.)\]$/-])" + Root + Marker + Steps, Options, -1)]
    private static partial Regex Path();

    // In an action, in the exact case: anywhere in a path.
    [GeneratedRegex(@"\.(?<name>[A-Za-z_][A-Za-z0-9_]*)\.providerStatus\b" + Steps, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex Output();

    [GeneratedRegex(@"\A\{\{-?\s*" + Root + Marker + Steps + @"\s*-?(\}\})?\z", Options, -1)]
    private static partial Regex Alone();

    [GeneratedRegex(@"\A\{\{-?\s*(?<quote>[""'`])\s*" + Root + Marker + Steps + @"\s*\k<quote>\s*-?\}\}\z", Options, -1)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"([$%#@]?\{|\$\(|\(\(|\[\[|<%=?|<<)\s*-?\s*" + Root + @"\z", Options | RegexOptions.RightToLeft, -1)]
    private static partial Regex Opening();

    [GeneratedRegex(@"\G" + Steps + @"[^\r\n\]{}()<>]*[\]})%>]*", Options, -1)]
    private static partial Regex Rest();

    [GeneratedRegex(@"\A\s*\\?(?<text>[\s""'`{}()\[\]<>%#@=$-]*?" + Root + Marker + Below + @"[\s""'`{}()\[\]<>%=-]*)\z", Options, -1)]
    private static partial Regex Bare();

    // One brace or dollar sign too many around a reference: inside a longer text, it is one.
    [GeneratedRegex(@"\A\s*\\?(?<text>(?<extra>\{|\$)?\{\{-?\s*" + Root + Marker + Below + @"\s*-?\}\}(?<extra>\})?)\s*\z", Options, -1)]
    private static partial Regex Doubled();

    // Spaces in a path that begins with a dot, which no template language has; in an argument list, such as printf's, they separate two fields.
    [GeneratedRegex(
        @"\A\{\{-?\s*\$?\.\s*(?<name>[A-Za-z0-9_][A-Za-z0-9_-]*)\s*\.\s*" + Marker + @"\s*" + Below + @"\s*-?\}\}\z", Options, -1)]
    private static partial Regex Spaced();
}
