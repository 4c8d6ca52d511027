using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Running;

namespace DeploymentOrchestrator.Tests.Cli.Running;

public sealed class ManifestLoaderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dorch-loader-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_change_counts_once_two_reads_agree()
    {
        Write("a.yaml", "one");
        var loader = Loader();
        Assert.Equal(["one"], Names(loader.Load()));
        Assert.Null(loader.LoadIfChanged());

        Write("a.yaml", "two");
        Assert.Null(loader.LoadIfChanged());
        Write("a.yaml", "three");
        Assert.Null(loader.LoadIfChanged());
        Assert.Equal(["three"], Names(loader.LoadIfChanged()!));
        Assert.Null(loader.LoadIfChanged());
    }

    [Fact]
    public void Added_and_removed_files_are_changes()
    {
        Write("a.yaml", "one");
        var loader = Loader();
        loader.Load();

        Write("b.yaml", "two");
        Assert.Null(loader.LoadIfChanged());
        Assert.Equal(["one", "two"], Names(loader.LoadIfChanged()!));

        File.Delete(Path.Combine(folder, "a.yaml"));
        Assert.Null(loader.LoadIfChanged());
        Assert.Equal(["two"], Names(loader.LoadIfChanged()!));
    }

    [Fact]
    public void An_editor_that_replaces_the_file_is_not_seen_in_between()
    {
        var file = Write("a.yaml", "one");
        var loader = new ManifestLoader(new([file], Stream.Null), LocalCluster.HandlersForValidation(TimeProvider.System));
        loader.Load();

        File.Delete(file);
        Assert.Null(loader.LoadIfChanged());
        Write("a.yaml", "one");
        Assert.Null(loader.LoadIfChanged());
        Assert.Null(loader.LoadIfChanged());
    }

    [Fact]
    public void An_invalid_edit_is_a_change_that_says_what_is_wrong()
    {
        var file = Write("a.yaml", "one");
        var loader = Loader();
        loader.Load();

        File.WriteAllText(file, "a: b: c");
        loader.LoadIfChanged();

        Assert.Equal(
            [$"{file}:1:5: error: invalid YAML: while scanning a plain scalar value, found invalid mapping; check indentation, quotes and brackets here "
            + $"and above"], loader.LoadIfChanged()!.Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void A_file_that_became_empty_deletes_nothing()
    {
        Write("a.yaml", "one");
        var file = Write("b.yaml", "two");
        var loader = Loader();
        loader.Load();

        File.WriteAllText(file, " \n");
        loader.LoadIfChanged();
        var blank = loader.LoadIfChanged()!;

        Assert.True(blank.HasErrors);
        Assert.Contains($"{file}: error: is empty, and had resources before: to delete them, delete the file", blank.Diagnostics.Select(d => d.ToString()));

        File.Delete(file);
        loader.LoadIfChanged();
        Assert.Equal(["one"], Names(loader.LoadIfChanged()!));
    }

    private ManifestLoader Loader() => new(new([folder], Stream.Null), LocalCluster.HandlersForValidation(TimeProvider.System));

    private static IEnumerable<string?> Names(ManifestSet set) => set.Resources.Select(r => r.Name);

    private string Write(string file, string name)
    {
        var path = Path.Combine(folder, file);
        File.WriteAllText(path, $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}");
        return path;
    }
}
