using System.Text;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The messages for an object that the API server refuses: the cause in the server's words, then what to do.</summary>
internal static partial class RefusalText
{
    // A Composition adds its entry's name and the number of other problems; that must fit into the message, too.
    private const int MaxBytes = MessageText.MaxBytes - 48;
    private const int MinCauseLength = 60;

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // Deleting one of these deletes data.
    private static readonly string[] HoldData = ["PersistentVolumeClaim", "PersistentVolume", "StatefulSet", "Namespace", "CustomResourceDefinition"];

    /// <summary>One problem for each cause, in an order that does not depend on the server.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="path">The manifest's path.</param>
    /// <param name="entry">The object.</param>
    /// <param name="isThere">Whether it exists.</param>
    public static IReadOnlyList<Problem> Rejected(ResourceException failure, string path, InventoryEntry entry, bool isThere) =>
        Each(failure, cause => Fit(path, $"{entry} is refused: ", cause, $"; {Remedy(cause, entry, isThere)}"));

    /// <summary>One problem for each field that another manager owns.</summary>
    public static IReadOnlyList<Problem> Managed(ResourceException failure, string path, InventoryEntry entry) =>
        Each(failure, cause =>
            Fit(path, $"{entry} has a field that another manager owns: ", cause, ": leave the field out here, or make the other manager release it"));

    private static string Remedy(string cause, InventoryEntry entry, bool isThere)
    {
        if (isThere && Immutable().IsMatch(cause))
        {
            return HoldData.Contains(entry.Type.Kind, StringComparer.Ordinal)
                ? "set it back, or give the new one another name"
                : $"delete the {entry.Type.Kind}, and it is applied again, or give it a new name";
        }

        return MissingKey().Match(cause) is { Success: true } missing
                ? $"write {missing.Groups["key"].Value}{(missing.Groups["key"].Value == "protocol" ? ": TCP" : "")}"
            : cause.Contains("duplicate entries", StringComparison.Ordinal) ? "write it once"
            : cause.Contains("not declared in schema", StringComparison.Ordinal) ? "take it out, or correct its name"
            : cause.Contains("already allocated", StringComparison.Ordinal) ? "choose another, or free it: it is tried again every 5 minutes"
            : "it is tried again every 5 minutes";
    }

    private static Problem Fit(string path, string head, string cause, string tail)
    {
        var room = MaxBytes - Encoding.UTF8.GetByteCount($"{path}: {head}{tail}");
        return new(path, head + MessageText.Limit(cause, Math.Max(room, MinCauseLength)) + tail);
    }

    private static IReadOnlyList<Problem> Each(ResourceException failure, Func<string, Problem> say)
    {
        IReadOnlyList<string> said = failure.Details.Count > 0 ? failure.Details : [failure.Message];
        return [.. said.SelectMany(Lines).Select(ForeignText.Clean).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(say)];
    }

    // Several schema violations come as one text, in no fixed order: "…: errors:\n  .spec.a: …\n  .spec.b: …".
    private static string[] Lines(string said) =>
        said.Split("errors:\n", 2) is [_, var listed] ? listed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [said];

    [GeneratedRegex("immutable|may not change|cannot be (unset|changed)|can ?not be less|updates to [a-z ]+ spec", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Immutable();

    [GeneratedRegex(@"omits key field ""(?<key>\w+)""", Options, 1000)]
    private static partial Regex MissingKey();
}
