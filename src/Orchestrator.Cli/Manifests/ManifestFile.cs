namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>What one PATH argument led to.</summary>
/// <param name="Path">The argument, or <c>stdin</c>.</param>
/// <param name="Files">Its files.</param>
/// <param name="Problem">Why there are none, or null.</param>
internal sealed record ManifestPath(string Path, IReadOnlyList<ManifestFile> Files, string? Problem);

/// <summary>A file and its bytes.</summary>
/// <param name="Name">Its name as reached from the argument.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Problem">Why it could not be read, or null.</param>
internal sealed record ManifestFile(string Name, byte[] Bytes, string? Problem)
{
    /// <summary>Whether it contains only white space.</summary>
    public bool IsBlank => Bytes.AsSpan().IndexOfAnyExcept(" \t\r\n\uFEFF"u8) < 0;

    /// <summary>Tells whether two readings of a file found the same.</summary>
    public static IEqualityComparer<ManifestFile> ByContent { get; } = EqualityComparer<ManifestFile>.Create(
        (one, other) => one!.Name == other!.Name && one.Problem == other.Problem && one.Bytes.AsSpan().SequenceEqual(other.Bytes),
        file => file.Name.GetHashCode(StringComparison.Ordinal));
}
