using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

internal static partial class TextAssertions
{
    /// <summary>The text as people see it: without escapes and trailing spaces.</summary>
    public static string WithoutTrailingSpace(this string text) => TrailingSpace().Replace(Escape().Replace(text, ""), "\n");

    [GeneratedRegex(@"\e\[[0-9;?]*[a-zA-Z]", RegexOptions.None, 1000)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[ \t]*\n", RegexOptions.None, 1000)]
    private static partial Regex TrailingSpace();
}
