using System.Text.RegularExpressions;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The YAML on the pages is usable: <c>dorch validate</c> finds no problem in it.</summary>
public sealed partial class YamlExamplesTests : IDisposable
{
    // Parts of other tools' files and of a status, which validate does not know: these only have to be YAML.
    private static readonly string[] OtherParts = ["status:", "data:", "patches:", "- apiGroups:"];

    private readonly Example example = new();

    // The tutorial begins with two errors, which TutorialTests covers.
    public static TheoryData<string, string> Blocks
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var page in DocsFolder.Pages.Where(p => p != "docs/tutorial.md"))
            {
                foreach (var (_, text) in DocsFolder.Blocks(page).Where(b => b.Language == "yaml"))
                    data.Add(page, text);
            }

            return data;
        }
    }

    public void Dispose() => example.Dispose();

    [Theory, MemberData(nameof(Blocks))]
    public async Task A_YAML_example_is_valid(string page, string text)
    {
        YamlText.Read(text, out var problems);
        Assert.True(problems.Count == 0, $"{page}: {string.Join('\n', problems)}");
        if (OtherParts.Any(part => text.StartsWith(part, StringComparison.Ordinal))
            || text.StartsWith("apiVersion: kustomize.config.k8s.io/", StringComparison.Ordinal))
            return;

        var run = await CommandLineRun.Of("validate", example.Write("example.yaml", Whole(text)));

        Assert.True(run.ExitCode == 0, $"{page}: {run.Error}");
    }

    // Completes a part of a Composition or Component.
    private static string Whole(string text)
    {
        if (text.StartsWith("apiVersion:", StringComparison.Ordinal))
            return text;
        if (text.StartsWith("- name:", StringComparison.Ordinal))
        {
            var others = Reference().Matches(text).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal)
                .Select(name => $"    - {{name: {name}, type: elsewhere}}\n");
            return $"{Head("Composition")}  components:\n{string.Concat(others)}{Indented(text, 4)}";
        }

        Assert.StartsWith("handler:", text, StringComparison.Ordinal);
        return $"{Head("Component")}{Indented(text, 2)}";
    }

    private static string Head(string kind) => $"apiVersion: deployment-orchestrator.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: example\nspec:\n";

    private static string Indented(string text, int by) => string.Concat(text.TrimEnd('\n').Split('\n').Select(line => $"{new string(' ', by)}{line}\n"));

    [GeneratedRegex(@"\{\{ \.(?<name>\w+)\.providerStatus\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
