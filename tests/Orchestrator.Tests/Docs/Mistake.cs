using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>One mistake of docs/mistakes.md.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="ExitCode">What its section's heading says of the exit code.</param>
/// <param name="Yaml">The file app.yaml; null where there is none.</param>
/// <param name="Policy">What the role may do in AWS; null for everything.</param>
/// <param name="Commands">The command lines.</param>
/// <param name="Said">What is printed, byte for byte.</param>
/// <param name="WayOut">What is said to do.</param>
internal sealed partial record Mistake(string Title, int ExitCode, string? Yaml, string? Policy, IReadOnlyList<string> Commands, string Said, string WayOut)
{
    /// <summary>The mistakes of a page's sections whose heading names an exit code. The others need a cluster.</summary>
    public static IReadOnlyList<Mistake> Read(string page)
    {
        var mistakes = new List<Mistake>();
        foreach (var section in page.Split("\n## ").Skip(1).Where(s => ExitCodeOf().IsMatch(s)))
        {
            var code = int.Parse(ExitCodeOf().Match(section).Groups["code"].ValueSpan);
            mistakes.AddRange(section.Split("\n### ").Skip(1).Select(text => Of(text, code)));
        }

        return mistakes;
    }

    private static Mistake Of(string text, int code)
    {
        var blocks = Block().Matches(text).ToLookup(b => b.Groups["language"].Value, b => b.Groups["text"].Value, StringComparer.Ordinal);
        var console = Assert.Single(blocks["console"]).Split('\n');
        return new(
            text[..text.IndexOf('\n')],
            code,
            blocks["yaml"].SingleOrDefault(),
            blocks["json"].SingleOrDefault(),
            [.. console.TakeWhile(IsCommand).Select(line => line[2..])],
            string.Join('\n', console.SkipWhile(IsCommand)),
            text[(text.LastIndexOf("```\n", StringComparison.Ordinal) + 4)..].Trim());
    }

    private static bool IsCommand(string line) => line.StartsWith("$ ", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[^\n]*exit code (?<code>[0-9]+)\n", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExitCodeOf();

    [GeneratedRegex(@"^```(?<language>[a-z]+)\n(?<text>(.*\n)*?)```$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Block();
}
