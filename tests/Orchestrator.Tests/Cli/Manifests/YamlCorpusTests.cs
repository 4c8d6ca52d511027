using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Tests.Cli.Manifests;

/// <summary>Each folder of Corpus holds a YAML stream and the JSON of its documents.</summary>
public sealed class YamlCorpusTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Cli", "Manifests", "Corpus");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public void Yaml_becomes_the_JSON_beside_it(string name)
    {
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name, "out.json")))!.AsArray();

        var documents = YamlText.Read(File.ReadAllText(Path.Combine(Folder, name, "in.yaml")), out var problems);

        Assert.Empty(problems);
        Assert.Equal(
            expected.Select(d => d?.ToJsonString(ApiJson.Readable) ?? "null"),
            documents.Select(d => d?.ToJsonString(ApiJson.Readable) ?? "null"));
    }
}
