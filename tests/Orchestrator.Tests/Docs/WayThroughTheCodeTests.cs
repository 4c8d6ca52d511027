using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The way through the code in docs/architecture.md leads to methods that are there.</summary>
public sealed partial class WayThroughTheCodeTests
{
    private const string Page = "docs/architecture.md";

    [Fact]
    public void Each_step_names_a_method_of_the_file_that_it_links_to()
    {
        var steps = Step().Matches(DocsFolder.Section(Page, "## The way through the code"));

        Assert.InRange(steps.Count, 10, 35);
        var missing = steps.Where(step => !Regex.IsMatch(
            File.ReadAllText(Path.Combine(DocsFolder.Root, "docs", step.Groups["file"].Value)),
            $@"(class|record) {step.Groups["type"].Value}\b[\s\S]* {step.Groups["method"].Value}\(", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        Assert.Equal([], missing.Select(step => step.Value));
    }

    [GeneratedRegex(@"\[(?<type>\w+)\.(?<method>\w+)\]\((?<file>\.\./src/[\w./]+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Step();
}
