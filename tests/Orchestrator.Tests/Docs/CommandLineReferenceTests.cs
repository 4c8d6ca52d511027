using System.Text.RegularExpressions;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Planning;
using DeploymentOrchestrator.Tests.Cli.Commands;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The options, commands and exit codes in docs/reference are exactly those of the program.</summary>
public sealed partial class CommandLineReferenceTests
{
    public static TheoryData<string> Commands => ["up", "down", "validate", "plan", "status", "operator", "secrets-manager", "crds"];

    [Theory, MemberData(nameof(Commands))]
    public async Task The_options_are_those_of_help(string command)
    {
        var page = command == "secrets-manager"
            ? DocsFolder.Read("docs/reference/secrets-manager.md").Split("\n## ")[0]
            : DocsFolder.Section("docs/reference/cli.md", $"## dorch {command}");
        var help = (await CommandLineRun.Of(command, "--help")).Output;

        var documented = DocsFolder.Rows(page).Where(r => r[0].StartsWith("`-", StringComparison.Ordinal))
            .SelectMany(r => DocsFolder.Quoted(r[0])).Select(o => o.Split(' ')[0]);
        var options = Option().Matches(help).SelectMany(m => m.Groups["name"].Captures.Select(c => c.Value))
            .Where(o => o is not ("-?" or "-h" or "--help" or "--verbose"));
        Assert.Equal(options.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_commands_are_those_of_help()
    {
        var help = (await CommandLineRun.Of("--help")).Output;
        var commands = Command().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(m => m.Groups["name"].Value);

        Assert.Equal(commands.Order(StringComparer.Ordinal), Commands.Select(c => c.Data).Order(StringComparer.Ordinal));
        Assert.All(Commands, c => Assert.Contains($"\n## dorch {c.Data}\n", DocsFolder.Read("docs/reference/cli.md"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_actions_of_a_plan_are_those_of_the_program()
    {
        var plan = DocsFolder.Read("docs/reference/plan.md");
        var actions = DocsFolder.Rows(plan[plan.IndexOf("| action |", StringComparison.Ordinal)..]).SelectMany(r => DocsFolder.Quoted(r[0]));

        Assert.Equal(PlanAction.All.Order(StringComparer.Ordinal), actions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_exit_codes_are_those_of_the_program() => Assert.Equal(
        typeof(ExitCode).GetFields().Where(f => f.IsLiteral).Select(f => ((int)f.GetRawConstantValue()!).ToString(provider: null))
            .Order(StringComparer.Ordinal),
        DocsFolder.Rows(DocsFolder.Section("docs/reference/cli.md", "## Exit codes")).Select(r => r[0]).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^  ((?<name>-\S+), )*(?<name>--[a-z-]+)( |$)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Option();

    [GeneratedRegex(@"^  (?<name>[a-z-]+) ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Command();
}
