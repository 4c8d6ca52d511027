using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Components;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Reads and validates the files, and notices when they change.</summary>
internal sealed class ManifestLoader(ManifestSource source, HandlerRegistry handlers)
{
    /// <summary>Whether what is in the files is to go: then no two of them claim one secret.</summary>
    public bool IsForDeletion { get; init; }

    private IReadOnlyList<ManifestPath> loaded = [];
    private IReadOnlyList<ManifestPath> last = [];

    /// <summary>The resources as the files now are, and everything that is wrong with them.</summary>
    public ManifestSet Load() => Load(source.Read());

    /// <summary>The same, without waiting longer than the caller: a person at a terminal may never end the standard input.</summary>
    public Task<ManifestSet> LoadAsync(CancellationToken cancellation) => Task.Run(Load, cancellation).WaitAsync(cancellation);

    /// <summary>
    /// The same where the files changed since the last load, else null. A change counts once two readings in a row agree: an editor may be in the
    /// middle of replacing a file.
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
        return set with { Diagnostics = ManifestValidation.Check(set, handlers, IsForDeletion) };
    }

    private static bool IsSame(IReadOnlyList<ManifestPath> one, IReadOnlyList<ManifestPath> other) =>
        one.Select(p => p.Problem).SequenceEqual(other.Select(p => p.Problem))
        && one.SelectMany(p => p.Files).SequenceEqual(other.SelectMany(p => p.Files), ManifestFile.ByContent);
}
