using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.Deploy;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The phases, fields, keys and error messages in docs/reference are those of the program.</summary>
public sealed class ResourceReferenceTests : IDisposable
{
    private const string Nonsense = "zzzzzzzz";

    private readonly Example example = new();

    public static TheoryData<string, string, string, string> Mistakes
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var handler in (string[])["secret-push", "config-reader", "manifest"])
            {
                foreach (var row in DocsFolder.Rows(DocsFolder.Section("docs/reference/errors.md", $"## Validation of {handler}")))
                    data.Add(handler, DocsFolder.Quoted(row[0]).Single(), DocsFolder.Quoted(row[1]).Single(), row[2].Trim('`'));
            }

            return data;
        }
    }

    public void Dispose() => example.Dispose();

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
    [InlineData("secretpolicies", "secret-policy.md", "### namespaces", "spec.namespaces")]
    [InlineData("secretpolicies", "secret-policy.md", "### allow", "spec.allow")]
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

    // The message about an unknown key lists all known keys when none is similar.
    [Theory]
    [InlineData("secret-push", "secret-push.md", "## Config", "{zzzzzzzz: 1}", "")]
    [InlineData("secret-push", "secret-push.md", "### Fields", "{secretName: a, fields: {x: {generator: {zzzzzzzz: 1}}}}", "")]
    [InlineData("config-reader", "config-reader.md", "# The handler config-reader", "{sources: [{zzzzzzzz: 1}]}", "sources[].")]
    [InlineData("config-reader", "config-reader.md", "# The handler config-reader", "{sources: [{name: a, exports: [{zzzzzzzz: 1}]}]}", "sources[].exports[].")]
    [InlineData("config-reader", "config-reader.md", "# The handler config-reader", "{zzzzzzzz: 1}", "")]
    [InlineData("manifest", "manifest.md", "# The handler manifest", "{zzzzzzzz: 1}", "")]
    [InlineData("manifest", "manifest-readiness.md", "## readyWhen", "{readyWhen: [{zzzzzzzz: 1}]}", "")]
    public async Task The_keys_of_a_config_are_those_that_the_handler_knows(string handler, string page, string heading, string config, string path)
    {
        var run = await CommandLineRun.Of("validate", Component(handler, config));
        var known =
            Regex.Match(run.Error, $"unknown key \"{Nonsense}\"; known are (?<keys>[^\n]+)", RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)).Groups["keys"].Value;

        var documented = DocsFolder.Rows(DocsFolder.Section($"docs/reference/{page}", heading)).Select(r => r[0]).SelectMany(DocsFolder.Quoted)
            .Where(k => k.StartsWith(path, StringComparison.Ordinal)).Select(k => k[path.Length..]).Where(k => !k.Contains('.', StringComparison.Ordinal));
        Assert.Equal(known.Split(", ").Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_answered_as_the_page_says(string handler, string config, string path, string message)
    {
        var others = handler == "secret-push"
            ? new[] { "secretName: app/credentials", "fields: {a: {value: b}}" }.Where(line => !config.StartsWith(line.Split(' ')[0], StringComparison.Ordinal))
            : [];
        var run = await CommandLineRun.Of("validate", Component(handler, $"{{{string.Join(", ", [.. others, config])}}}"));

        Assert.Contains($": spec.config.{path}: {message}\n", run.Error, StringComparison.Ordinal);
    }

    private string Component(string handler, string config) => example.Write(
        "app.yaml",
        $"apiVersion: deployment-orchestrator.io/v1alpha1\nkind: Component\nmetadata: {{name: app}}\nspec:\n  handler: {handler}\n  config: {config}\n");
}
