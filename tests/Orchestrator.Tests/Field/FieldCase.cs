using System.Globalization;

namespace DeploymentOrchestrator.Tests.Field;

/// <summary>A folder of tests/field: what somebody met with a tool that does this job, and what dorch does with it.</summary>
/// <param name="Slug">The folder's name.</param>
/// <param name="Folder">Its full path.</param>
/// <param name="PlayedBy">The test that plays it, from the repository's root, where a transcript cannot; otherwise null.</param>
/// <param name="Commands">The transcript.</param>
internal sealed record FieldCase(string Slug, string Folder, string? PlayedBy, IReadOnlyList<FieldCommand> Commands)
{
    private const string PlayedByKey = "played by: ";

    /// <summary>Reads a folder's expected.txt; an empty line and one that begins with # say nothing.</summary>
    public static FieldCase Read(string folder)
    {
        var slug = Path.GetFileName(folder);
        var lines = File.ReadAllLines(Path.Combine(folder, "expected.txt")).Where(line => line.Trim() is not ("" or ['#', ..])).ToList();
        if (lines is [var only] && only.StartsWith(PlayedByKey, StringComparison.Ordinal))
            return new(slug, folder, only[PlayedByKey.Length..], []);

        var commands = new List<FieldCommand>();
        for (var start = 0; start < lines.Count;)
        {
            Assert.True(lines[start].StartsWith("$ ", StringComparison.Ordinal), $"{slug}: \"{lines[start]}\" comes before a command");
            var end = lines.FindIndex(start, line => line.StartsWith("exit ", StringComparison.Ordinal));
            Assert.True(end > start, $"{slug}: no exit code ends \"{lines[start]}\"");
            commands.Add(FieldCommand.Read(lines[start..(end + 1)]));
            start = end + 1;
        }

        Assert.True(commands.Count > 0, $"{slug}: expected.txt has no command");
        return new(slug, folder, null, commands);
    }
}

/// <summary>A command of a transcript, and what is expected of it.</summary>
/// <param name="Line">The command line, without <c>dorch</c>; <c>aws Operation {…}</c> calls the case's Secrets Manager instead.</param>
/// <param name="Input">The file that <c>&lt;</c> names, or null.</param>
/// <param name="Said">Parts of lines of its output, in their order.</param>
/// <param name="Unsaid">What its output has nowhere.</param>
/// <param name="ExitCode">How it ends.</param>
internal sealed record FieldCommand(string Line, string? Input, IReadOnlyList<string> Said, IReadOnlyList<string> Unsaid, int ExitCode)
{
    public static FieldCommand Read(IReadOnlyList<string> lines)
    {
        var parts = lines[0][2..].Split(" < ");
        var body = lines.Skip(1).SkipLast(1).ToList();
        return new(
            parts[0],
            parts.ElementAtOrDefault(1),
            [.. body.Where(line => !IsUnsaid(line))],
            [.. body.Where(IsUnsaid).Select(line => line[2..])],
            int.Parse(lines[^1]["exit ".Length..], CultureInfo.InvariantCulture));
    }

    private static bool IsUnsaid(string line) => line.StartsWith("! ", StringComparison.Ordinal);
}
