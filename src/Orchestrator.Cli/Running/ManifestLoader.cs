using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Reads and validates the files, and notices when they change.</summary>
internal sealed class ManifestLoader(ManifestSource source, HandlerRegistry handlers)
{
    /// <summary>Whether what is in the files is to go: then no two of them claim one secret.</summary>
    public bool IsForDeletion { get; init; }

    private IReadOnlyList<ManifestPath> loaded = [];
    private IReadOnlyList<ManifestPath> last = [];
    private IReadOnlyList<ManifestPath> valid = [];

    /// <summary>The resources as the files now are, and everything that is wrong with them.</summary>
    public ManifestSet Load() => Load(source.Read());

    /// <summary>The same, without waiting longer than the caller: a person at a terminal may never end the standard input.</summary>
    public Task<ManifestSet> LoadAsync(CancellationToken cancellation) => Task.Run(Load, cancellation).WaitAsync(cancellation);

    /// <summary>
    /// The same where the files changed since the last load, else null. A change counts once two readings in a row agree: an editor may be in the
    /// middle of replacing a file. A file that was right and is blank now is an error: an editor that was cut off, or a full disk, is no wish to delete.
    /// </summary>
    public ManifestSet? LoadIfChanged()
    {
        var (before, now) = (last, source.Read());
        last = now;
        return IsSame(now, before) && !IsSame(now, loaded) ? Load(now) : null;
    }

    private ManifestSet Load(IReadOnlyList<ManifestPath> paths)
    {
        loaded = last = paths;
        var set = ManifestSet.Load(paths);
        set = set with { Diagnostics = Diagnostic.InFileOrder([.. Blanked(paths), .. ManifestValidation.Check(set, handlers, IsForDeletion)]) };
        if (!set.HasErrors)
            valid = paths;
        return set;
    }

    private IEnumerable<Diagnostic> Blanked(IReadOnlyList<ManifestPath> paths)
    {
        var had = valid.SelectMany(p => p.Files).Where(f => !f.IsBlank).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return paths.SelectMany(p => p.Files).Where(f => f.Problem is null && f.IsBlank && had.Contains(f.Name))
            .Select(f => new Diagnostic(new SourcePosition(f.Name), "is empty, and had resources before: to delete them, delete the file or its resources"));
    }

    private static bool IsSame(IReadOnlyList<ManifestPath> one, IReadOnlyList<ManifestPath> other) =>
        one.Select(p => p.Problem).SequenceEqual(other.Select(p => p.Problem))
        && one.SelectMany(p => p.Files).SequenceEqual(other.SelectMany(p => p.Files), ManifestFile.ByContent);
}
