using System.Text.Json.Nodes;
using DeploymentOrchestrator.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Cli.Manifests;

/// <summary>Reads YAML text as the loader does, resources or not.</summary>
internal static class YamlText
{
    public static IReadOnlyList<JsonNode?> Read(string text, out IReadOnlyList<Diagnostic> problems)
    {
        var composer = new YamlComposer("m.yaml", text);
        var documents = composer.Compose().Select(node => YamlConverter.Convert(node, composer.NodeCount)).ToList();
        problems = [.. documents.SelectMany(d => d.Problems), .. composer.Problems];
        return [.. documents.Select(d => d.Root)];
    }

    public static SourceMap Map(string text)
    {
        var composer = new YamlComposer("m.yaml", text);
        return YamlConverter.Convert(Assert.Single(composer.Compose()), composer.NodeCount).Map;
    }
}
