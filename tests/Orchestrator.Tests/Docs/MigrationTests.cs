using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.Repository;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>docs/guides/migrate.md on a secret that External Secrets Operator pushed: a takeover keeps its value byte for byte.</summary>
public sealed partial class MigrationTests : IDisposable
{
    private static readonly string Guide = Path.Combine(SourceTree.Root, "docs");

    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    // Simulates External Secrets Operator: it pushes at every edit of a PushSecret, which under Replace with a generator means a new password.
    [Fact]
    public void No_edit_that_the_guide_asks_for_pushes_a_new_password()
    {
        var guide = File.ReadAllText(Path.Combine(Guide, "guides", "migrate.md"));
        var spec = new JsonObject { ["updatePolicy"] = "Replace", ["deletionPolicy"] = "Delete" };
        var pushes = 0;
        foreach (Match edit in Patch().Matches(guide))
        {
            foreach (var (key, value) in JsonNode.Parse(edit.Groups["patch"].Value)!["spec"]!.AsObject())
                spec[key] = value!.DeepClone();
            pushes += (string?)spec["updatePolicy"] == "Replace" ? 1 : 0;
        }

        Assert.Equal(0, pushes);
        Assert.Equal("""{"updatePolicy":"IfNotExists","deletionPolicy":"None"}""", spec.ToJsonString());
    }

    [GeneratedRegex("kubectl patch pushsecret \\S+ --type=merge -p '(?<patch>[^']+)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Patch();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pushed_secret_is_taken_over_with_its_value_and_stays_when_the_Component_goes(bool isBinary)
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var aws = EmbeddedAws.CommandLine(server.Endpoint);
        var client = new AwsJsonClient(server.Endpoint, "us-east-1");
        (await client.Call("CreateSecret", new
        {
            Name = "myapp/prod/credentials",
            SecretString = isBinary ? null : "pushed-by-eso",
            SecretBinary = isBinary ? "cHVzaGVkLWJ5LWVzbw==" : null,
            Tags = new[] { new { Key = "managed-by", Value = "external-secrets" } },
            ClientRequestToken = AwsJsonClient.NewToken(),
        })).Ok();
        var before = (await client.Call("GetSecretValue", new { SecretId = "myapp/prod/credentials" })).Ok().Body;
        var file = example.Write("app.yaml", """
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata:
              name: app-credentials
            spec:
              handler: secret-push
              config:
                region: us-east-1
                secretName: myapp/prod/credentials
                adopt: true
                deletionPolicy: Retain
                fields:
                  password:
                    generator:
                      passwordLength: 32
            """);

        var up = await CommandLineRun.Of(["up", file, "--once", "--aws", "--cluster-id", "ada", "-o", "json"], aws: aws);

        Assert.True(up.ExitCode == 0, up.Error);
        var conditions = JsonNode.Parse(up.Output)!["items"]!.AsArray().Single(i => (string?)i!["kind"] == "Component")!["status"]!["conditions"]!.AsArray();
        Assert.Equal(
            ["Ready True Ready", "SecretPushed False Adopted", "SecretsGenerated False Adopted"],
            conditions.Select(c => $"{c!["type"]} {c["status"]} {c["reason"]}").Order(StringComparer.Ordinal));
        Assert.Equal(0, (await CommandLineRun.Of(["down", file, "--aws", "--cluster-id", "ada"], aws: aws)).ExitCode);
        Assert.Equal(before, (await client.Call("GetSecretValue", new { SecretId = "myapp/prod/credentials" })).Ok().Body);
        Assert.Contains("external-secrets", (await client.Call("DescribeSecret", new { SecretId = "myapp/prod/credentials" })).Ok().Body,
            StringComparison.Ordinal);
    }
}
