using System.Text.Json.Nodes;
using DeploymentOrchestrator.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Cli.Manifests;

/// <summary>Reads any YAML text as the loader does.</summary>
internal static class YamlText
{
    public static IReadOnlyList<JsonNode?> Read(string text, out IReadOnlyList<Diagnostic> problems)
    {
        var composer = new YamlComposer("m.yaml", new(text, 0, 0));
        var documents = composer.Compose().Select(node => YamlConverter.Convert(node, composer.NodeCount, text.Length)).ToList();
        problems = [.. documents.SelectMany(d => d.Problems), .. composer.Problems];
        return [.. documents.Select(d => d.Root)];
    }

    public static SourceMap Map(string text)
    {
        var composer = new YamlComposer("m.yaml", new(text, 0, 0));
        return YamlConverter.Convert(Assert.Single(composer.Compose()), composer.NodeCount, text.Length).Map;
    }
}
