using System.Globalization;

namespace DeploymentOrchestrator.Tests.Transcripts;

/// <summary>A command of a transcript, and what is expected of it.</summary>
/// <param name="Line">
/// The command line without <c>dorch</c>. With <c>dorch</c> it starts a process; <c>aws Operation {…}</c> calls the case's Secrets Manager.
/// </param>
/// <param name="Input">The file that <c>&lt;</c> names, or null.</param>
/// <param name="ErrorsOnly">Whether its standard output goes to <c>/dev/null</c>.</param>
/// <param name="Expected">Lines of its output, or parts of lines, in order.</param>
/// <param name="Excluded">Texts that must not occur in its output.</param>
/// <param name="ExitCode">Its exit code.</param>
internal sealed record TranscriptCommand(
    string Line, string? Input, bool ErrorsOnly, IReadOnlyList<string> Expected, IReadOnlyList<string> Excluded, int ExitCode)
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
            [.. body.Where(l => !IsExcluded(l))],
            [.. body.Where(IsExcluded).Select(l => l[2..])],
            int.Parse(lines[^1]["exit ".Length..], CultureInfo.InvariantCulture));
    }

    private static bool IsExcluded(string line) => line.StartsWith("! ", StringComparison.Ordinal);
}
