using System.Diagnostics;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Tests.Cli.Manifests;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Deploy;

/// <summary>The files of deploy/, and what kubectl renders from them.</summary>
internal static class DeployFolder
{
    private const string Kubectl = "kubectl";

    private static readonly string Root = Path.Combine(SourceTree.Root, "deploy");

    /// <summary>The YAML files of a folder, by path.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The resources in a folder's files, without the kustomization.</summary>
    public static IReadOnlyList<JsonNode> Resources(string folder) =>
        [.. Files(folder).Where(f => Path.GetFileName(f) != "kustomization.yaml").SelectMany(f => Parse(File.ReadAllText(f)))];

    /// <summary>The single resource of a kind and name.</summary>
    public static JsonNode Named(this IEnumerable<JsonNode> resources, string kind, string name = "dorch-operator") =>
        Assert.Single(resources, r => (string?)r["kind"] == kind && (string?)r["metadata"]!["name"] == name);

    /// <summary>What <c>kubectl apply -k</c> would send. The test is skipped where kubectl is not on PATH.</summary>
    public static async Task<IReadOnlyList<JsonNode>> Render(string folder)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(Array.Exists(path, p => File.Exists(Path.Combine(p, Kubectl))), "kubectl is not on PATH");
        using var process = Process.Start(new ProcessStartInfo(Kubectl, ["kustomize", Path.Combine(Root, folder)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var cancellation = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        Assert.Equal((0, ""), (process.ExitCode, await error));
        return Parse(await output);
    }

    /// <summary>The objects in a YAML text.</summary>
    public static IReadOnlyList<JsonNode> Parse(string text)
    {
        var documents = YamlText.Read(text, out var problems);
        Assert.Empty(problems);
        return [.. documents.Select(d => d!)];
    }
}
