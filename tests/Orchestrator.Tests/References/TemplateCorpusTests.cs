using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.References;

/// <summary>Every foreign template passes byte for byte, alone and beside our references: through the parser and through all of dorch.</summary>
public sealed class TemplateCorpusTests
{
    private static readonly TemplateCorpus Corpus = new(Path.Combine(AppContext.BaseDirectory, "References", "Templates"));

    private static readonly JsonObject Database = new() { ["endpoint"] = "db.example.com", ["port"] = "5432" };

    public static TheoryData<string> Names => [.. Corpus.Names];

    [Theory, MemberData(nameof(Names))]
    public void Only_our_references_become_values(string name)
    {
        var document = Assert.IsType<JsonObject>(Assert.Single(YamlText.Read(Corpus.Yaml(name), out var unreadable)));
        Assert.Empty(unreadable);

        var problems = new List<Problem>();
        var resolved =
            ConfigReferences.Resolve(document, component => component == "database" ? Database : throw new InvalidOperationException(component), problems);

        Assert.Empty(problems);
        foreach (var (key, expected) in Corpus.Expected(name))
            Assert.Equal((string?)expected, (string?)resolved[key]);
    }

    [Fact]
    public void The_corpus_has_forty_templates() => Assert.InRange(Corpus.Names.Count, 40, int.MaxValue);

    [Theory]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task Other_tools_templates_pass_through_dorch_unchanged(string format)
    {
        var run = await CommandLineRun.Of(["up", "-", "--once", "-o", format], Corpus.Composition("default"));

        Assert.True(run.ExitCode == 0, run.Error);
        var list = Assert.Single(YamlText.Read(run.Output, out var unreadable))!;
        Assert.Empty(unreadable);
        var pull = Assert.Single(list["items"]!.AsArray(), i => (string?)i!["kind"] == "ExternalSecret")!;
        var data = pull["spec"]!["target"]!["template"]!["data"]!.AsObject();
        Assert.Equal(Corpus.All(), data.ToDictionary(d => d.Key, d => (string)d.Value!, StringComparer.Ordinal));
    }
}
