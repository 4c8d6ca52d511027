using System.Globalization;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;
using DeploymentOrchestrator.Tests.Cli.Commands;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The quotas and faults that the pages list are those of the program.</summary>
public sealed class SecretsManagerReferenceTests
{
    private const string Nonsense = "zzzzzzzz";

    [Fact]
    public void The_quotas_are_those_of_the_embedded_Secrets_Manager()
    {
        var rows = DocsFolder.Rows(DocsFolder.Section("docs/reference/secrets-manager.md", "## Quotas"))
            .Select(r => (Operations: r[0].Split(", "), PerSecond: r[1])).ToList();

        Assert.All(rows, row =>
        {
            var family = Assert.Single(row.Operations.Select(QuotaFamily.Of).Distinct());
            Assert.Equal(row.PerSecond, family.PerSecond.ToString("N0", CultureInfo.InvariantCulture));
            Assert.Equal(family.Operations.Order(StringComparer.Ordinal), row.Operations.Order(StringComparer.Ordinal));
        });
        Assert.Equal(
            Faults.Operations.Where(o => !o.StartsWith("AssumeRole", StringComparison.Ordinal) && o != "GetCallerIdentity"),
            rows.SelectMany(r => r.Operations).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("DescribeSecret")]
    [InlineData("GetRandomPassword")]
    [InlineData("CreateSecret")]
    [InlineData("UpdateSecret")]
    [InlineData("DeleteSecret")]
    [InlineData("RestoreSecret")]
    [InlineData("TagResource")]
    [InlineData("UntagResource")]
    public void The_quotas_of_AWS_are_those_that_the_client_keeps(string operation)
    {
        var row =
            Assert.Single(DocsFolder.Rows(DocsFolder.Section("docs/explanation/performance.md", "## AWS quotas")), r =>
            Regex.IsMatch(r[0], $@"\b{operation}\b", RegexOptions.None, TimeSpan.FromSeconds(1)));

        Assert.Equal(DeploymentOrchestrator.SecretsManager.QuotaFamily.Of(operation).CallsPerSecond.ToString("N0", CultureInfo.InvariantCulture),
            row[1].Split(' ')[0]);
    }

    [Fact]
    public async Task The_faults_are_those_of_the_option()
    {
        var refused = (await CommandLineRun.Of("secrets-manager", "--fault", $"CreateSecret={Nonsense}")).Error;
        var kinds = Regex.Match(refused, "it must be (?<kinds>[^\n]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["kinds"].Value;

        Assert.Equal(
            kinds.Replace(" or ", ", ", StringComparison.Ordinal).Split(", ").Order(StringComparer.Ordinal),
            DocsFolder.Rows(DocsFolder.Section("docs/reference/secrets-manager.md", "## Faults")).Select(r => DocsFolder.Quoted(r[0]).Single())
                .Order(StringComparer.Ordinal));
    }
}
