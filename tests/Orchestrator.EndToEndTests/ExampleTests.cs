using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>
/// The examples of README and docs work. <see cref="MainJobTests"/> runs examples/myapp, <see cref="ForeignHandlers.ForeignHandlerTests"/> runs
/// foreign-handler, which needs a cluster; this class runs the others. Those whose outputs come from controllers run as their README says.
/// </summary>
public sealed partial class ExampleTests
{
    public static TheoryData<string> Others =>
        [.. Directory.EnumerateFileSystemEntries(Repository.Example("")).Select(e => Path.GetFileName(e)!).Where(e => e is not ("myapp" or "foreign-handler"))];

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Every_example_becomes_Ready(string example)
    {
        var items = (await Dorch.Run(["up", Repository.Example(example), "--once", "-o", "json", .. OutputsInReadme(example)])).Exited(0).Items();

        var ours = items.Where(i => (string?)i["kind"] is "Component" or "Composition").ToList();
        Assert.NotEmpty(ours);
        Assert.All(ours, i => Assert.Equal("Ready", (string?)i["status"]!["phase"]));
        if (example == "app-credentials.yaml")
            Assert.Equal(5, (int)items.Named("Component", "app-credentials")["status"]!["providerStatus"]!["fieldCount"]!);
    }

    [Fact]
    public void There_are_examples() => Assert.Equal(
        ["ack-database", "app-credentials.yaml", "myapp-eso-v1", "service-endpoint"], Others.Select(o => o.Data).Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_example_of_a_foreign_handler_is_valid_with_a_warning_that_the_handler_must_run()
    {
        var ended = (await Dorch.Run("validate", Repository.Example("foreign-handler"))).Exited(0);

        Assert.Equal(
            $"{Repository.Example("foreign-handler")}/composition.yaml:10:7: warning: spec.components[0].type: dorch has no handler \"rds\": an external "
                + $"handler must run for it\n",
            ended.Errors);
    }

    // The output values in the README's "dorch up".
    private static IEnumerable<string> OutputsInReadme(string example)
    {
        var readme = Path.Combine(Repository.Example(example), "README.md");
        if (!File.Exists(readme))
            return [];
        var command = File.ReadLines(readme).Single(l => l.StartsWith($"dorch up examples/{example} --once", StringComparison.Ordinal));
        return Output().Matches(command).SelectMany(m => new[] { "--output", m.Groups["output"].Value });
    }

    [GeneratedRegex("--output (?<output>[^ ]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Output();
}
