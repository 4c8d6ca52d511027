namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>The files of PATH arguments: a file, a folder, or <c>-</c> for the standard input.</summary>
/// <param name="paths">The arguments; duplicates count once.</param>
/// <param name="standardInput">Read once, at the first <see cref="Read()"/>.</param>
internal sealed class ManifestSource(IReadOnlyList<string> paths, Stream standardInput)
{
    /// <summary>The PATH of the standard input.</summary>
    public const string StandardInput = "-";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    // Files that mark a folder as a source of manifests, and the tool that renders it.
    private static readonly (string File, string Tool, string Render)[] Sources =
    [
        ("kustomization.yaml", "a kustomization", "kubectl kustomize"),
        ("kustomization.yml", "a kustomization", "kubectl kustomize"),
        ("Kustomization", "a kustomization", "kubectl kustomize"),
        ("Chart.yaml", "a Helm chart", "helm template"),
    ];

    private byte[]? input;

    /// <summary>
    /// The current files, in the order of the paths. A folder means its *.yaml, *.yml and *.json files by name, without hidden ones and subfolders, as for
    /// <c>kubectl apply -f</c>. A file that cannot be read is a problem.
    /// </summary>
    public IReadOnlyList<ManifestPath> Read() => [.. paths.Distinct(StringComparer.Ordinal).Select(Read)];

    private ManifestPath Read(string path)
    {
        if (path.Length == 0)
            return new("''", [], "is an empty path: name a file or a folder");
        if (path == StandardInput)
            return new("stdin", [new("stdin", input ??= ReadInput(), null)], null);

        if (!Directory.Exists(path))
        {
            return Array.Find(Sources, s => s.File == Path.GetFileName(path)) is { File: not null } own && File.Exists(path)
                ? new(path, [], Render(own, Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : "."))
                : new(path, [ReadFile(path)], null);
        }

        try
        {
            if (Array.Find(Sources, s => File.Exists(Path.Combine(path, s.File))) is { File: not null } source)
                return new(path, [], Render(source, path));
            var files = Directory.GetFiles(path).Order(StringComparer.Ordinal).Where(file =>
                Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) && Path.GetFileName(file)[0] != '.').ToList();
            return files.Count == 0
                ? new(path, [], "nothing to do: the folder has no *.yaml, *.yml or *.json files")
                : new(path, [.. files.Select(ReadFileOfFolder)], null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(path, [], $"cannot be read: {e.Message}");
        }
    }

    private static string Render((string File, string Tool, string Render) source, string folder) =>
        $"this is {source.Tool} ({source.File}): render it first with {source.Render} "
            + $"{(folder.Contains(' ', StringComparison.Ordinal) ? $"'{folder}'" : folder)} | dorch validate -";

    private byte[] ReadInput()
    {
        using var bytes = new MemoryStream();
        standardInput.CopyTo(bytes);
        return bytes.ToArray();
    }

    // A named pipe has no length, and opening it waits for a writer: only one that is a PATH itself is read.
    private static ManifestFile ReadFileOfFolder(string path) => new FileInfo(path) is { Exists: true, Length: 0 } ? new(path, [], null) : ReadFile(path);

    private static ManifestFile ReadFile(string path)
    {
        try
        {
            return new(path, File.ReadAllBytes(path), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(path, [], "no such file or folder");
        }
        // ArgumentException: a PATH that is not a valid path.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new(path, [], $"cannot be read: {e.Message}");
        }
    }
}

/// <summary>The result of reading one PATH argument: its files, or why there are none.</summary>
internal sealed record ManifestPath(string Path, IReadOnlyList<ManifestFile> Files, string? Problem);

/// <summary>A file, by its name as reached from the argument, with its bytes or why it could not be read.</summary>
internal sealed record ManifestFile(string Name, byte[] Bytes, string? Problem)
{
    /// <summary>Whether it contains only white space.</summary>
    public bool IsBlank => Bytes.AsSpan().IndexOfAnyExcept(" \t\r\n\uFEFF"u8) < 0;

    /// <summary>Whether two readings of a file are equal.</summary>
    public static IEqualityComparer<ManifestFile> ByContent { get; } = EqualityComparer<ManifestFile>.Create(
        (one, other) => one!.Name == other!.Name && one.Problem == other.Problem && one.Bytes.AsSpan().SequenceEqual(other.Bytes),
        file => file.Name.GetHashCode(StringComparison.Ordinal));
}
