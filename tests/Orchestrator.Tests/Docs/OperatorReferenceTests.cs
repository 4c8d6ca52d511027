using System.Text.RegularExpressions;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Tests.Deploy;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The metrics, events, conditions and rights of docs/reference are those of the program and of deploy/.</summary>
public sealed partial class OperatorReferenceTests
{
    [Fact]
    public void The_metrics_are_those_of_the_program()
    {
        var named = DocsFolder.Rows(DocsFolder.Section("docs/reference/metrics.md", "## Metrics")).SelectMany(r => DocsFolder.Quoted(r[0]));
        // Named as by the Prometheus exporter.
        var created = Sources("src").SelectMany(text => Instrument().Matches(text))
            .Select(m => m.Groups["name"].Value.Replace('.', '_')
                + m.Groups["kind"].Value switch { "Counter" => "_total", "Histogram" => "_seconds", _ => "" });

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
        var stated = Sources("src/Orchestrator").SelectMany(text => Stated().Matches(text))
            .Select(m => $"{m.Groups["type"].Value} {m.Groups["status"].Value} {m.Groups["reason"].Value}").ToList();

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

    // A row without a role belongs to the role above it.
    [Fact]
    public void The_rights_are_those_of_the_roles_in_deploy()
    {
        var (documented, role) = (new List<string>(), "");
        foreach (var row in DocsFolder.Rows(DocsFolder.Section("docs/reference/rights.md", "## Rights")))
        {
            role = DocsFolder.Quoted(row[0]).FirstOrDefault() is { } named
                ? (row[0].EndsWith("a Role", StringComparison.Ordinal) ? $"Role {named}" : named) : role;
            // Its rules are those of the roles that it aggregates.
            if (role is "dorch-operator-manifests" or "dorch-operator-config-reader")
                continue;
            var (resources, verbs) = (row[1].Split(": ")[0], row[1].Split(": ")[1]);
            documented.AddRange(from resource in resources.Split(", ") from verb in verbs.Split(", ") select $"{role} {resource} {verb}");
        }

        var granted =
            from resource in DeployFolder.Resources("base")
            where (string?)resource["kind"] is "ClusterRole" or "Role"
            let name = $"{((string?)resource["kind"] == "Role" ? "Role " : "")}{(string?)resource["metadata"]!["name"]}"
            where name is not ("dorch-operator-manifests" or "dorch-operator-config-reader")
                && resource["metadata"]!["labels"]?["deployment-orchestrator.io/aggregate-to-manifests"] is null
            from rule in resource["rules"]!.AsArray()
            from r in rule!["resources"]!.AsArray()
            from verb in rule["verbs"]!.AsArray()
            select $"{name} {r} {verb}";
        Assert.Equal(granted.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(DocsFolder.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText);

    [GeneratedRegex("Create(?<kind>Counter|Histogram|ObservableGauge)(<\\w+>)?\\(\\s*\"(?<name>dorch[a-z.]+)\"",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instrument();

    [GeneratedRegex("new( HandlerEvent)?\\(\"(?<reason>(Secret|Resource|Field|Ownership)[A-Za-z]+)\",",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Event();

    [GeneratedRegex("New\\(\"(?<type>\\w+)\", Condition\\.(?<status>\\w+), \"(?<reason>\\w+)\"",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Stated();
}
