using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The name of an output, usable as a step of a reference's path.</summary>
internal static partial class OutputName
{
    /// <summary>Whether a reference can name it.</summary>
    public static bool IsValid(string name) => Name().IsMatch(name);

    /// <summary>The name with every invalid character replaced by _.</summary>
    public static string Suggest(string text) => Other().Replace(text, "_");

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"[^A-Za-z0-9_-]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Other();
}
