using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Reads and validates the files, and notices when they change.</summary>
internal sealed class ManifestLoader(ManifestSource source, HandlerRegistry handlers, GivenOutputs? given = null)
{
    /// <summary>Whether the resources of the files are to be deleted; then two may name the same secret.</summary>
    public bool IsForDeletion { get; init; }

    private IReadOnlyList<ManifestPath> loaded = [];
    private IReadOnlyList<ManifestPath> last = [];
    private IReadOnlyList<ManifestPath> valid = [];

    /// <summary>The current resources of the files, and all problems.</summary>
    public ManifestSet Load() => Load(source.Read());

    /// <summary>The same, without waiting longer than the caller: a person at a terminal may never end the standard input.</summary>
    public Task<ManifestSet> LoadAsync(CancellationToken cancellation) => Task.Run(Load, cancellation).WaitAsync(cancellation);

    /// <summary>
    /// The same if the files changed since the last load, otherwise null. A change counts once two readings in a row agree: an editor may be in the
    /// middle of replacing a file. A file that was valid and is now blank is an error: an interrupted editor or a full disk must not delete anything.
    /// </summary>
    public ManifestSet? LoadIfChanged()
    {
        var (before, now) = (last, source.Read());
        last = now;
        return IsSame(now, before) && !IsSame(now, loaded) ? Load(now) : null;
    }

    /// <summary>Loads the files and applies their resources to the store; null where either has an error. Prints every problem.</summary>
    public async Task<ManifestSet?> LoadInto(ResourceApply apply, Action<IEnumerable<Diagnostic>> print, CancellationToken cancellation)
    {
        var files = await LoadAsync(cancellation);
        print(files.Diagnostics);
        if (files.HasErrors)
            return null;
        var refused = await apply.Apply(files.Resources, cancellation);
        print(refused);
        return refused.Count == 0 ? files : null;
    }

    private ManifestSet Load(IReadOnlyList<ManifestPath> paths)
    {
        loaded = last = paths;
        var set = ManifestSet.Load(paths);
        set = set with { Diagnostics = Diagnostic.InFileOrder([.. Blanked(paths), .. ManifestValidation.Check(set, handlers, IsForDeletion)]) };
        if (!set.HasErrors)
            set = set with { Diagnostics = [.. set.Diagnostics, .. InvalidOutputs(set.Resources)] };
        if (!set.HasErrors)
            valid = paths;
        return set;
    }

    // The files decide which component a value is for.
    private IEnumerable<Diagnostic> InvalidOutputs(IReadOnlyList<ManifestResource> resources) =>
        (given ?? GivenOutputs.None).Find([.. resources.SelectMany(OutputsOf)])
            .Select(found => new Diagnostic(new SourcePosition($"--output {found.Given}"), found.Problem));

    private IEnumerable<ComponentOutputs> OutputsOf(ManifestResource resource) =>
        from handler in resource.NamedHandlers()
        let name = handler.Entry is null ? resource.Name! : ChildName.Of(resource.Name!, handler.Entry)
        select new ComponentOutputs(
            new(resource.NamespaceOrDefault, name),
            handler.Entry ?? JsonText.NotEmpty(resource.Content["spec"], "name") ?? name.Replace('-', '_'),
            handler.Name!,
            handler.Name is HandlerNames.Manifest or HandlerNames.ConfigReader,
            handlers.SchemaOf(handler.Name).OutputNames(handler.Config as JsonObject ?? [])?.Where(output => output != Inventory.OutputKey).ToList());

    private IEnumerable<Diagnostic> Blanked(IReadOnlyList<ManifestPath> paths)
    {
        var had = valid.SelectMany(p => p.Files).Where(f => !f.IsBlank).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return paths.SelectMany(p => p.Files).Where(f => f.Problem is null && f.IsBlank && had.Contains(f.Name))
            .Select(f => new Diagnostic(new SourcePosition(f.Name), "is empty, and had resources before: to delete them, delete the file"));
    }

    private static bool IsSame(IReadOnlyList<ManifestPath> one, IReadOnlyList<ManifestPath> other) =>
        one.Select(p => p.Problem).SequenceEqual(other.Select(p => p.Problem))
        && one.SelectMany(p => p.Files).SequenceEqual(other.SelectMany(p => p.Files), ManifestFile.ByContent);
}
