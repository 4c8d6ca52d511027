using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Cli.Manifests;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Validation;

/// <summary>Outputs of every type in secrets and manifests: the case number-output of tests/field, with a simulated database.</summary>
public sealed class TypedReferencesTests
{
    private static readonly string NumberOutput = File.ReadAllText(Path.Combine(SourceTree.Field, "number-output", "input.yaml"));

    [Theory]
    [InlineData("5432", "5432")]
    [InlineData("1.0", "1.0")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("1E3", "1E3")]
    [InlineData("true", "true")]
    [InlineData("\"5432\"", "5432")]
    public async Task A_number_becomes_its_text_in_a_field_a_tag_and_a_ConfigMap(string output, string text)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await Deploy(cluster, NumberOutput, output);

        Assert.Equal(Phase.Ready, (await cluster.Component("num-creds")).Status!.Phase);
        var value = (await cluster.ByHand("GetSecretValue", new { SecretId = "h/num" })).Ok().Text("SecretString");
        Assert.Equal($$"""{"port":"{{text}}"}""", value);
        Assert.Contains(
            (await cluster.ByHand("DescribeSecret", new { SecretId = "h/num" })).Ok()["Tags"]!.AsArray(), t =>
                (string?)t!["Key"] == "port" && (string?)t["Value"] == text);
        Assert.Equal($$"""{"PORT":"{{text}}"}""", await Data(cluster));
    }

    [Fact]
    public async Task A_reference_object_converts_types_like_a_template()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await Deploy(
            cluster,
            NumberOutput
                .Replace("tags: {port: \"{{ .database.providerStatus.port }}\"}", "tags: {port: {$valueFrom: {component: database, output: port}}}",
                    StringComparison.Ordinal)
                .Replace("{value: \"{{ .database.providerStatus.port }}\"}", "{valueFrom: {component: database, output: port}}", StringComparison.Ordinal)
                .Replace("\"{{ .database.providerStatus.port }}\"", "{$valueFrom: {component: database, output: port}}", StringComparison.Ordinal),
            "5432");

        Assert.Equal("""{"port":"5432"}""", (await cluster.ByHand("GetSecretValue", new { SecretId = "h/num" })).Ok().Text("SecretString"));
        Assert.Equal("""{"PORT":"5432"}""", await Data(cluster));
        Assert.Equal(["database"], (await cluster.Component("num-creds")).Spec.DependsOn!);
        Assert.DoesNotContain("valueFrom", (await cluster.Component("num-creds")).Spec.Config!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_where_text_belongs_is_reported_with_toString()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await Deploy(cluster, NumberOutput, "[5432]");
        // A Composition's status is written once a second.
        await cluster.Advance(TimeSpan.FromSeconds(2));

        var row = (await cluster.Composition("num")).Status!.Components!.First(c => c.Name == "creds");
        Assert.Equal(
            (Phase.Failed,
                "config.tags.port: {{ .database.providerStatus.port }} is a list, and a string is needed: write {{ .database.providerStatus.port | "
                + "toString }} for its JSON"),
            (row.Phase, row.Message));
        Assert.Equal(0, cluster.Calls("CreateSecret"));
    }

    [Fact]
    public async Task A_standalone_Component_resolves_an_object_reference_in_its_namespace()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await cluster.PutComponent("creds",
            JsonNode.Parse("""{"secretName":"own","fields":{"port":{"valueFrom":{"component":"database","output":"port"}}}}""")!.AsObject());
        await cluster.WhenQuiet();
        Assert.Contains("waits for \"database\"", (await cluster.Component("creds")).Status!.Message, StringComparison.Ordinal);

        await cluster.PutComponent("database", [], "rds");
        await Output(cluster, "database", "5432");

        Assert.Equal("""{"port":"5432"}""", (await cluster.ByHand("GetSecretValue", new { SecretId = "own" })).Ok().Text("SecretString"));
        Assert.True((await cluster.Component("creds")).Spec.Config!["fields"]!["port"]!.AsObject().ContainsKey("valueFrom"));
    }

    private static async Task Deploy(EmbeddedCluster cluster, string yaml, string output)
    {
        foreach (var resource in YamlText.Read(yaml, out _))
            await cluster.Put(resource!.AsObject());
        await cluster.WhenQuiet();
        await Output(cluster, "num-database", output);
    }

    private static async Task Output(EmbeddedCluster cluster, string component, string output)
    {
        var database = (await cluster.Store.Get(ResourceType.Component, new("default", component), TestContext.Current.CancellationToken))!;
        database["status"] = JsonNode.Parse($$"""{"phase":"Ready","observedGeneration":1,"providerStatus":{"port":{{output}} } }""");
        await cluster.Store.ReplaceStatus(database, TestContext.Current.CancellationToken);
        await cluster.WhenQuiet();
    }

    private static async Task<string> Data(EmbeddedCluster cluster) =>
        (await cluster.Store.Get(ResourceType.ConfigMap, new("default", "num-env"), TestContext.Current.CancellationToken))!["data"]!.ToJsonString();
}
