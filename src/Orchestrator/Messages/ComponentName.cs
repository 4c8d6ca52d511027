using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Messages;

/// <summary>The names by which components refer to each other.</summary>
internal static partial class ComponentName
{
    /// <summary>The maximum length of a name.</summary>
    public const int MaxLength = 31;

    /// <summary>Letters, digits and underscores, no digit first, at most <see cref="MaxLength"/> characters.</summary>
    public static bool IsValid(string name) => name.Length <= MaxLength && Pattern().IsMatch(name);

    /// <summary>The problem of an invalid name.</summary>
    public static string Rule(string name) =>
        $"\"{name}\" is not a component name: letters, digits and _, no digit first, at most {MaxLength} characters"
        + (name.Replace('-', '_') is var meant && IsValid(meant) ? $"; write \"{meant}\"" : "");

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}
