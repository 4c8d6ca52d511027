namespace DeploymentOrchestrator.Tests.Transcripts;

/// <summary>A folder with input files and a transcript of what <c>dorch</c> does with them, <c>expected.txt</c>.</summary>
/// <param name="Slug">The folder's name.</param>
/// <param name="Folder">Its full path.</param>
/// <param name="CoveredBy">The test that covers the case, relative to the repository's root, where a transcript cannot; otherwise null.</param>
/// <param name="Commands">The transcript.</param>
internal sealed record Transcript(string Slug, string Folder, string? CoveredBy, IReadOnlyList<TranscriptCommand> Commands)
{
    private const string CoveredByKey = "covered by: ";

    /// <summary>The names of a folder's subfolders; each is a case.</summary>
    public static TheoryData<string> Slugs(string folder) =>
        [.. Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    /// <summary>Reads a folder's expected.txt. Empty lines and lines that begin with # are ignored, as is everything after the path of a covering
    /// test.</summary>
    public static Transcript Read(string folder)
    {
        var slug = Path.GetFileName(folder);
        var lines = File.ReadAllLines(Path.Combine(folder, "expected.txt")).Where(line => line.Trim() is not ("" or ['#', ..])).ToList();
        if (lines is [var first, ..] && first.StartsWith(CoveredByKey, StringComparison.Ordinal))
            return new(slug, folder, first[CoveredByKey.Length..], []);

        var commands = new List<TranscriptCommand>();
        for (var start = 0; start < lines.Count;)
        {
            Assert.True(lines[start].StartsWith("$ ", StringComparison.Ordinal), $"{slug}: \"{lines[start]}\" comes before a command");
            var end = lines.FindIndex(start, line => line.StartsWith("exit ", StringComparison.Ordinal));
            Assert.True(end > start, $"{slug}: no exit code ends \"{lines[start]}\"");
            commands.Add(TranscriptCommand.Read(lines[start..(end + 1)]));
            start = end + 1;
        }

        Assert.True(commands.Count > 0, $"{slug}: expected.txt has no command");
        return new(slug, folder, null, commands);
    }

    /// <summary>Fails unless the test that covers the case exists and names it.</summary>
    public void AssertCovered()
    {
        var file = Path.GetFullPath(Path.Combine(Folder, "..", "..", "..", CoveredBy!));
        Assert.True(File.Exists(file), $"{Slug}: there is no {CoveredBy}");
        Assert.Contains(Slug, File.ReadAllText(file), StringComparison.Ordinal);
    }
}
