using System.Text.RegularExpressions;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>
/// A template action that reads the status of a component instead of its outputs, such as <c>{{ .database.Status.endpoint }}</c>, or misspells
/// <c>providerStatus</c>. Other templates have such paths, too, so it counts only if the name is that of a component in scope.
/// </summary>
/// <param name="Path">The path of its string in the config.</param>
/// <param name="Text">The action as written.</param>
/// <param name="Component">The component's reference name.</param>
/// <param name="Suggestion">The probable reference.</param>
internal sealed partial record StatusReference(string Path, string Text, string Component, string Suggestion)
{
    /// <summary>The problem. It is only a warning if another engine may read the text, as in a manifest.</summary>
    public Problem ToProblem(bool mayBeOthers) => mayBeOthers
        ? new(Path, $"{Text} is passed on unchanged: if the output of \"{Component}\" is meant, write {Suggestion}", IsWarning: true)
        : new(Path, $"{Text} is not a reference: write {Suggestion}");

    /// <summary>Finds them in a text.</summary>
    internal static IEnumerable<StatusReference> In(string path, string text)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
            yield break;
        foreach (Match match in Action().Matches(text))
        {
            if (!IsLikelyReference(match.Groups["word"].Value))
                continue;
            var component = match.Groups["name"].Value.Replace('-', '_');
            yield return new(path, match.Value, component, $"{{{{ .{component}.providerStatus{match.Groups["steps"].Value} }}}}");
        }
    }

    // With the word providerStatus, in any case, it is a reference or a NearReference.
    private static bool IsLikelyReference(string word) => word.ToUpperInvariant() is "STATUS" or "OUTPUT" or "OUTPUTS"
        || (!NearReference.MayOccur(word) && NearestName.Of(word, ["providerStatus"]) is not null);

    // It runs in linear time, so it needs no timeout, which a busy machine could exceed by accident.
    [GeneratedRegex(
        @"(?<!\\)((?<double>\{\{)-?[ \t]*(\$?\.)?|(?<![{$])\{[ \t]*\.)(?<name>[A-Za-z_][A-Za-z0-9_-]*)\.(?<word>[A-Za-z_-]{5,32})"
            + @"(?<steps>\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+|\[[0-9]+\])*)[ \t]*(?(double)-?\}\}|\}(?!\}))",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex Action();
}
