using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.Deploy;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The tables of docs/reference list what the program has: no more and no less.</summary>
public sealed partial class ReferenceTests : IDisposable
{
    private const string Nonsense = "zzzzzzzz";

    private readonly Example example = new();

    public static TheoryData<string> Commands => ["up", "down", "validate", "plan", "status", "operator", "secrets-manager", "crds"];

    public void Dispose() => example.Dispose();

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
    public void The_exit_codes_are_those_of_the_program() => Assert.Equal(
        typeof(ExitCode).GetFields().Where(f => f.IsLiteral).Select(f => ((int)f.GetRawConstantValue()!).ToString(provider: null)).Order(StringComparer.Ordinal),
        DocsFolder.Rows(DocsFolder.Section("docs/reference/cli.md", "## Exit codes")).Select(r => r[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void The_phases_are_those_of_the_program() => Assert.Equal(
        typeof(Phase).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        DocsFolder.Rows(DocsFolder.Section("docs/reference/component.md", "## Phases")).Select(r => r[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void The_kinds_of_failure_are_those_of_the_program() => Assert.Equal(
        Enum.GetNames<FailureKind>(),
        DocsFolder.Rows(DocsFolder.Section("docs/reference/component.md", "## Retries")).Select(r => r[0]));

    [Theory]
    [InlineData("components", "component.md", "## spec", "spec")]
    [InlineData("components", "component.md", "## status", "status")]
    [InlineData("compositions", "composition.md", "## spec.components", "spec.components")]
    [InlineData("compositions", "composition.md", "## status", "status")]
    public void The_fields_are_those_of_the_CRD(string kind, string page, string heading, string path)
    {
        var crd = DeployFolder.Resources("base/crds").Named("CustomResourceDefinition", $"{kind}.deployment-orchestrator.io");
        var schema = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;
        foreach (var key in path.Split('.'))
            schema = schema["properties"]![key]!;
        var properties = (schema["items"] ?? schema)["properties"]!.AsObject().Select(p => p.Key);

        var documented = DocsFolder.Rows(DocsFolder.Section($"docs/reference/{page}", heading)).SelectMany(r => DocsFolder.Quoted(r[0]));
        Assert.Equal(properties.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    // An unknown key that is near none is answered with all that are known.
    [Theory]
    [InlineData("secret-push", "secret-push.md", "## Config", "{zzzzzzzz: 1}", "")]
    [InlineData("secret-push", "secret-push.md", "### Fields", "{secretName: a, fields: {x: {generator: {zzzzzzzz: 1}}}}", "")]
    [InlineData("config-reader", "config-reader.md", "# The handler config-reader", "{sources: [{zzzzzzzz: 1}]}", "sources[].")]
    [InlineData("config-reader", "config-reader.md", "# The handler config-reader", "{sources: [{name: a, exports: [{zzzzzzzz: 1}]}]}", "sources[].exports[].")]
    [InlineData("config-reader", "config-reader.md", "# The handler config-reader", "{zzzzzzzz: 1}", "")]
    [InlineData("manifest", "manifest.md", "# The handler manifest", "{zzzzzzzz: 1}", "")]
    public async Task The_keys_of_a_config_are_those_that_the_handler_knows(string handler, string page, string heading, string config, string path)
    {
        var run = await CommandLineRun.Of("validate", Component(handler, config));
        var known = Regex.Match(run.Error, $"unknown key \"{Nonsense}\"; known are (?<keys>[^\n]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["keys"].Value;

        var documented = DocsFolder.Rows(DocsFolder.Section($"docs/reference/{page}", heading)).Select(r => r[0]).SelectMany(DocsFolder.Quoted)
            .Where(k => k.StartsWith(path, StringComparison.Ordinal)).Select(k => k[path.Length..]).Where(k => !k.Contains('.', StringComparison.Ordinal));
        Assert.Equal(known.Split(", ").Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_metrics_are_those_of_the_program()
    {
        var named = DocsFolder.Rows(DocsFolder.Section("docs/reference/metrics.md", "## Metrics")).SelectMany(r => DocsFolder.Quoted(r[0]));
        // As the Prometheus exporter names them.
        var created = Sources("src").SelectMany(text => Instrument().Matches(text))
            .Select(m => m.Groups["name"].Value.Replace('.', '_') + m.Groups["kind"].Value switch { "Counter" => "_total", "Histogram" => "_seconds", _ => "" });

        Assert.Equal(created.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_events_are_those_of_the_program()
    {
        var named = DocsFolder.Rows(DocsFolder.Section("docs/reference/events-and-conditions.md", "## Events")).Select(r => r[0]).ToList();
        var sources = Sources("src/Orchestrator").ToList();

        Assert.All(named, reason => Assert.Contains(sources, text => Regex.IsMatch(text, $@"\b{reason}\b", RegexOptions.None, TimeSpan.FromSeconds(1))));
        Assert.Equal([], sources.SelectMany(text => Event().Matches(text)).Select(m => m.Groups["reason"].Value).Except(named, StringComparer.Ordinal));
    }

    [Fact]
    public void The_conditions_of_secret_push_are_those_of_the_program()
    {
        var named = DocsFolder.Rows(DocsFolder.Section("docs/reference/events-and-conditions.md", "### secret-push"))
            .SelectMany(r => r[0].Split(", ").Select(type => $"{type} {r[1]} {r[2]}")).ToList();
        var stated = Sources("src/Orchestrator").SelectMany(text => Stated().Matches(text)).Select(m => $"{m.Groups["type"].Value} {m.Groups["status"].Value} {m.Groups["reason"].Value}").ToList();

        Assert.NotEmpty(stated);
        Assert.Equal([], stated.Except(named, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("### Ready", 0)]
    [InlineData("### secret-push", 2)]
    public void Every_reason_of_a_condition_is_in_the_program(string heading, int column)
    {
        var sources = Sources("src/Orchestrator").ToList();
        var reasons = DocsFolder.Rows(DocsFolder.Section("docs/reference/events-and-conditions.md", heading)).SelectMany(r => r[column].Split(", ")).ToList();

        Assert.All(reasons.Except(Enum.GetNames<FailureKind>(), StringComparer.Ordinal), reason =>
            Assert.Contains(sources, text => text.Contains($"\"{reason}\"", StringComparison.Ordinal)));
        Assert.True(column > 0 || !Enum.GetNames<FailureKind>().Except(reasons, StringComparer.Ordinal).Any());
    }

    [Fact]
    public void The_quotas_are_those_of_the_embedded_Secrets_Manager()
    {
        var rows = DocsFolder.Rows(DocsFolder.Section("docs/reference/secrets-manager.md", "## Quotas")).Select(r => (Operations: r[0].Split(", "), PerSecond: r[1])).ToList();

        Assert.All(rows, row =>
        {
            var family = Assert.Single(row.Operations.Select(QuotaFamily.Of).Distinct());
            Assert.Equal(row.PerSecond, family.PerSecond.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(family.Operations.Order(StringComparer.Ordinal), row.Operations.Order(StringComparer.Ordinal));
        });
        Assert.Equal(
            Faults.Operations.Where(o => !o.StartsWith("AssumeRole", StringComparison.Ordinal) && o != "GetCallerIdentity"),
            rows.SelectMany(r => r.Operations).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_faults_are_those_of_the_option()
    {
        var refused = (await CommandLineRun.Of("secrets-manager", "--fault", $"CreateSecret={Nonsense}")).Error;
        var kinds = Regex.Match(refused, "it must be (?<kinds>[^\n]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["kinds"].Value;

        Assert.Equal(
            kinds.Replace(" or ", ", ", StringComparison.Ordinal).Split(", ").Order(StringComparer.Ordinal),
            DocsFolder.Rows(DocsFolder.Section("docs/reference/secrets-manager.md", "## Faults")).Select(r => DocsFolder.Quoted(r[0]).Single()).Order(StringComparer.Ordinal));
    }

    public static TheoryData<string, string, string> Mistakes
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var row in DocsFolder.Rows(DocsFolder.Section("docs/reference/errors.md", "## Validation of secret-push")))
                data.Add(DocsFolder.Quoted(row[0]).Single(), DocsFolder.Quoted(row[1]).Single(), row[2].Trim('`'));
            return data;
        }
    }

    [Theory, MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_answered_as_the_page_says(string config, string path, string message)
    {
        var others = new[] { "secretName: app/credentials", "fields: {a: {value: b}}" }.Where(line => !config.StartsWith(line.Split(' ')[0], StringComparison.Ordinal));
        var run = await CommandLineRun.Of("validate", Component("secret-push", $"{{{string.Join(", ", [.. others, config])}}}"));

        Assert.Contains($": spec.config.{path}: {message}\n", run.Error, StringComparison.Ordinal);
    }

    private string Component(string handler, string config) => example.Write(
        "app.yaml",
        $"apiVersion: deployment-orchestrator.io/v1alpha1\nkind: Component\nmetadata: {{name: app}}\nspec:\n  handler: {handler}\n  config: {config}\n");

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(DocsFolder.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText);

    [GeneratedRegex(@"^  ((?<name>-\S+), )*(?<name>--[a-z-]+)( |$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Option();

    [GeneratedRegex(@"^  (?<name>[a-z-]+) ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Command();

    [GeneratedRegex("Create(?<kind>Counter|Histogram|ObservableGauge)(<\\w+>)?\\(\\s*\"(?<name>dorch[a-z.]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instrument();

    [GeneratedRegex("new( HandlerEvent)?\\(\"(?<reason>(Secret|Resource|Field|Ownership)[A-Z][a-z]+)\",", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Event();

    [GeneratedRegex("New\\(\"(?<type>\\w+)\", Condition\\.(?<status>\\w+), \"(?<reason>\\w+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Stated();
}
