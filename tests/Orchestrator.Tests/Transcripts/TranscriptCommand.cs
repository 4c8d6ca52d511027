using System.Globalization;

namespace DeploymentOrchestrator.Tests.Transcripts;

/// <summary>A command of a transcript, and what is expected of it.</summary>
/// <param name="Line">
/// The command line, without <c>dorch</c>: with it, it is a process of its own; <c>aws Operation {…}</c> calls the case's Secrets Manager instead.
/// </param>
/// <param name="Input">The file that <c>&lt;</c> names, or null.</param>
/// <param name="ErrorsOnly">Whether its standard output goes to <c>/dev/null</c>.</param>
/// <param name="Said">Lines of its output, or parts of them, in their order.</param>
/// <param name="Unsaid">What its output has nowhere.</param>
/// <param name="ExitCode">How it ends.</param>
internal sealed record TranscriptCommand(
    string Line, string? Input, bool ErrorsOnly, IReadOnlyList<string> Said, IReadOnlyList<string> Unsaid, int ExitCode)
{
    private const string Quiet = " >/dev/null";

    /// <summary>Reads the lines from a command to its exit code.</summary>
    public static TranscriptCommand Read(IReadOnlyList<string> lines)
    {
        var line = lines[0][2..];
        var quiet = line.EndsWith(Quiet, StringComparison.Ordinal);
        var parts = (quiet ? line[..^Quiet.Length] : line).Split(" < ");
        var body = lines.Skip(1).SkipLast(1).ToList();
        return new(
            parts[0],
            parts.ElementAtOrDefault(1),
            quiet,
            [.. body.Where(l => !IsUnsaid(l))],
            [.. body.Where(IsUnsaid).Select(l => l[2..])],
            int.Parse(lines[^1]["exit ".Length..], CultureInfo.InvariantCulture));
    }

    private static bool IsUnsaid(string line) => line.StartsWith("! ", StringComparison.Ordinal);
}
