using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.References;

/// <summary>
/// A string of a config, split into literal text and references. A reference is exactly <c>{{ .name.providerStatus.path }}</c>, optionally with <c>|
/// toString</c> or <c>| fromJson</c>; every other <c>{{ … }}</c> is for another engine (ESO's Go templates) and stays literal, byte for byte. A near miss of
/// a reference is a problem.
/// </summary>
/// <param name="Parts">The pieces in order.</param>
/// <param name="Problems">References mixed with something else, and near misses.</param>
internal sealed partial record Template(IReadOnlyList<TemplatePart> Parts, IReadOnlyList<string> Problems)
{
    /// <summary>The references, in order.</summary>
    public IEnumerable<Reference> References => Parts.Where(p => p.Reference is not null).Select(p => p.Reference!);

    /// <summary>Whether the text contains a reference.</summary>
    public static bool HasReference(string text) => text.Contains("providerStatus", StringComparison.Ordinal) && Parse(text).References.Any();

    /// <summary>Splits the text. Never fails: errors are in <see cref="Problems"/>.</summary>
    public static Template Parse(string text) => new TemplateParser(text).Parse();

    /// <summary>The steps of a path as written below <c>providerStatus</c>; null if it is invalid.</summary>
    internal static IReadOnlyList<ReferenceStep>? ReadPath(string path) =>
        OurPath().Match($".{path}") is { Success: true } match ? Steps(match) : null;

    /// <summary>The reference of a match of <see cref="Ours"/>.</summary>
    internal static Reference Read(Match ours) => new(ours.Groups["name"].Value, Steps(ours))
    {
        Function = ours.Groups["function"].Value switch
        {
            "toString" => ReferenceFunction.ToText,
            "fromJson" => ReferenceFunction.FromJson,
            _ => ReferenceFunction.None,
        },
    };

    private static IReadOnlyList<ReferenceStep> Steps(Match path) => [.. path.Groups["step"].Captures.Select(c => c.Value).Select(step =>
        step[0] == '[' ? new ReferenceStep(null, int.Parse(step.AsSpan(1, step.Length - 2))) : new(step[1..], null))];

    private const string Path = @"(?<step>\.[A-Za-z0-9_-]+)(?<step>\.[A-Za-z0-9_-]+|\[[0-9]{1,6}\])*";

    // Both patterns run in linear time, so they need no timeout, which a busy machine could exceed by accident.

    /// <summary>A whole action that is a reference.</summary>
    [GeneratedRegex(
        @"\A\{\{(?<left>-)?\s*\.(?<name>[A-Za-z_][A-Za-z0-9_]*)\.providerStatus" + Path + @"(\s*\|\s*(?<function>toString|fromJson))?(\s*|\s(?<right>-))\}\}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    internal static partial Regex Ours();

    [GeneratedRegex(@"\A" + Path + @"\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex OurPath();
}
