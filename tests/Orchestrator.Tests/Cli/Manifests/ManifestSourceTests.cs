using System.Diagnostics;
using System.Text;
using DeploymentOrchestrator.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Cli.Manifests;

public sealed class ManifestSourceTests : IDisposable
{
    private const string ConfigMap = "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}";

    private readonly string folder = Directory.CreateTempSubdirectory("dorch-paths-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_folder_is_its_yaml_and_json_files_by_name()
    {
        foreach (var name in (string[])["b.yaml", "a.yml", "c.JSON", "README.md", ".hidden.yaml", "a.yaml.bak", "Z.yaml"])
            Write(name, ConfigMap);
        Directory.CreateDirectory(Path.Combine(folder, "sub.yaml"));

        var path = Assert.Single(new ManifestSource([folder], Stream.Null).Read());

        Assert.Equal(["Z.yaml", "a.yml", "b.yaml", "c.JSON"], path.Files.Select(f => Path.GetRelativePath(folder, f.Name)));
    }

    // Opening it would block until a writer comes, and the folder would never be followed again.
    [Fact]
    public async Task A_pipe_in_a_folder_is_a_blank_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "there are no named pipes in folders here");
        Write("a.yaml", ConfigMap);
        using var mkfifo = Process.Start("mkfifo", Path.Combine(folder, "b.yaml"));
        await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);

        var read = Task.Run(() => new ManifestSource([folder], Stream.Null).Read(), TestContext.Current.CancellationToken);
        var path = Assert.Single(await read.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        Assert.Equal([false, true], path.Files.Select(f => f.IsBlank));
    }

    [Theory]
    [InlineData("kustomization.yaml", "a kustomization", "kubectl kustomize")]
    [InlineData("kustomization.yml", "a kustomization", "kubectl kustomize")]
    [InlineData("Kustomization", "a kustomization", "kubectl kustomize")]
    [InlineData("Chart.yaml", "a Helm chart", "helm template")]
    public void Files_that_another_tool_renders_are_refused_with_its_command(string file, string tool, string command)
    {
        Write("app.yaml", ConfigMap);
        var source = Write(file, "resources: [app.yaml]");

        var set = ManifestSet.Load(new ManifestSource([folder, source], Stream.Null).Read());

        Assert.Equal(
            [$"{folder}: error: this is {tool} ({file}): render it first with {command} {folder} | dorch validate -",
                $"{source}: error: this is {tool} ({file}): render it first with {command} {folder} | dorch validate -"],
            set.Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void A_path_that_does_not_exist_is_a_problem() =>
        Assert.Equal("'': error: is an empty path: name a file or a folder",
            Assert.Single(ManifestSet.Load(new ManifestSource([""], Stream.Null).Read()).Diagnostics).ToString());

    [Fact]
    public void A_dash_is_the_standard_input()
    {
        var set = ManifestSet.Load(new ManifestSource(["-"], Bytes("kind: x")).Read());

        Assert.Equal(
            ["stdin:1:1: error: \"apiVersion\" is missing: it must be a string", "stdin:1:1: error: \"metadata\" is missing: it must be an object"],
            set.Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void The_standard_input_is_read_once()
    {
        var source = new ManifestSource(["-"], Bytes(ConfigMap));

        Assert.Equal(ManifestSet.Load(source.Read()).Resources.Count, ManifestSet.Load(source.Read()).Resources.Count);
    }

    [Fact]
    public void Paths_keep_their_order_and_count_once()
    {
        var (b, a) = (Write("b.yaml", ConfigMap), Write("a.yaml", ConfigMap.Replace("x", "z", StringComparison.Ordinal)));

        var set = ManifestSet.Load(new ManifestSource([b, a, b], Stream.Null).Read());

        Assert.Empty(set.Diagnostics);
        Assert.Equal(["x", "z"], set.Resources.Select(r => r.Name));
    }

    [Fact]
    public void Every_missing_path_is_named()
    {
        Write("text.txt", "");
        var missing = Path.Combine(folder, "missing.yaml");
        var empty = Write("empty.yaml", "");
        var below = Path.Combine(folder, "no", "such.yaml");
        var nothing = Directory.CreateDirectory(Path.Combine(folder, "nothing")).FullName;

        var set = ManifestSet.Load(new ManifestSource([missing, below, empty, nothing], Stream.Null).Read());

        Assert.Equal(
            [
                $"{missing}: error: no such file or folder",
                $"{below}: error: no such file or folder",
                $"{empty}: error: nothing to do: it has no resources",
                $"{nothing}: error: nothing to do: the folder has no *.yaml, *.yml or *.json files",
            ],
            set.Diagnostics.Select(d => d.ToString()));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void A_byte_order_mark_determines_the_encoding(string encoding)
    {
        var text = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. text.GetPreamble(), .. text.GetBytes("a: é")];

        Assert.NotEmpty(text.GetPreamble());
        Assert.Equal(("a: é", null), ManifestText.Decode("m.yaml", bytes));
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused()
    {
        Assert.Equal("m.yaml: error: is not valid UTF-8: byte 4 is invalid; save the file as UTF-8",
            ManifestText.Decode("m.yaml", [(byte)'a', (byte)':', (byte)' ', 0xE9]).Problem?.ToString());
        Assert.Equal("m.yaml:2:2: error: contains the control character U+0000, which YAML does not allow",
            ManifestText.Decode("m.yaml", "a:\nb\0"u8.ToArray()).Problem?.ToString());
    }

    [Fact]
    public void Windows_line_ends_are_line_ends()
    {
        var documents = YamlText.Read("\r\na: 1\r\nb: |\r\n  x\r\n  y\r\nc: \"p\r\n  q\"\r\n", out var problems);

        Assert.Empty(problems);
        Assert.Equal("""{"a":1,"b":"x\ny\n","c":"p q"}""", Assert.Single(documents)?.ToJsonString());
        Assert.Equal("m.yaml:3:1", YamlText.Map("\r\na: 1\r\nb: 2\r\n").Locate("b").ToString());
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
