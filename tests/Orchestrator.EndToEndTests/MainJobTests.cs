using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>The promise of README's first lines: the specification's Composition becomes Ready with the embedded defaults.</summary>
public sealed class MainJobTests
{
    private static readonly string[] ProviderStatusKeys =
        ["fieldCount", "lastSyncTime", "region", "secretArn", "secretName", "secretPath", "versionId"];

    [Fact]
    public async Task Up_once_brings_the_specifications_composition_to_Ready_word_for_word()
    {
        var items = (await Dorch.Run("up", "examples/myapp", "--once", "-o", "json")).Exited(0).Items();

        Assert.Equal("Ready", (string?)items.Named("Composition", "myapp")["status"]!["phase"]);
        var secret = items.Named("Component", "myapp-app-credentials");
        var outputs = secret["status"]!["providerStatus"]!.AsObject();
        Assert.Equal(ProviderStatusKeys, outputs.Select(o => o.Key).Order(StringComparer.Ordinal));
        Assert.Equal(3, (int)outputs["fieldCount"]!);
        Assert.Equal("myapp/prod/credentials", (string?)outputs["secretPath"]);
        Assert.Matches("^arn:aws:secretsmanager:us-east-1:[0-9]{12}:secret:myapp/prod/credentials-[A-Za-z0-9]{6}$", (string?)outputs["secretArn"]);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", (string?)outputs["lastSyncTime"]);

        foreach (var (type, message) in new[]
        {
            ("SecretsGenerated", "Generated passwords via AWS GetRandomPassword"),
            ("SecretPushed", "Pushed to AWS Secrets Manager"),
            ("Ready", null),
        })
        {
            var condition = secret.Condition(type);
            Assert.Equal("True", (string?)condition["status"]);
            Assert.True(message is null || message == (string?)condition["message"], (string?)condition["message"]);
        }

        // We resolve this key; the rest of the templates is for External Secrets Operator.
        var spec = items.Named("ExternalSecret", "app-credentials")["spec"]!;
        Assert.Equal("myapp/prod/credentials", (string?)spec["dataFrom"]![0]!["extract"]!["key"]);
        var data = spec["target"]!["template"]!["data"]!;
        Assert.Equal("{{ .username }}", (string?)data["app-username"]);
        Assert.Equal("{{ .password }}", (string?)data["app-password"]);
        Assert.Equal("{\n  \"host\": \"{{ .db_host }}\",\n  \"user\": \"{{ .username }}\"\n}\n", (string?)data["db-config"]);
    }

    [Fact]
    public async Task While_up_runs_any_client_reads_the_secret()
    {
        await using var up = Dorch.Start("up", "examples/myapp", "--secrets-manager-port", "0");
        await using var secretsManager = await SecretsManagerProcess.Of(up);
        await up.Line(l => l.StartsWith("myapp Ready", StringComparison.Ordinal));

        var secret = await secretsManager.Value("myapp/prod/credentials");
        Check(secret);
        var ended = (await up.Interrupt()).Exited(130);
        Assert.DoesNotContain((string)secret["password"]!, ended.Output + ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_up_runs_the_AWS_CLI_reads_the_secret()
    {
        Assert.SkipUnless(Tools.Has("aws"), "the AWS CLI is not on PATH");
        await using var up = Dorch.Start("up", "examples/myapp", "--secrets-manager-port", "0");
        await using var secretsManager = await SecretsManagerProcess.Of(up);
        await up.Line(l => l.StartsWith("myapp Ready", StringComparison.Ordinal));

        var read = (await RunningProcess.Run(
            [
                "aws", "--endpoint-url", secretsManager.Endpoint.ToString(), "secretsmanager", "get-secret-value",
                "--secret-id", "myapp/prod/credentials", "--region", "us-east-1", "--query", "SecretString", "--output", "text",
            ],
            secretsManager.Environment)).Exited(0);

        Check(JsonNode.Parse(read.Output)!.AsObject());
    }

    private static void Check(JsonObject secret)
    {
        Assert.Equal(["username", "password", "db_host"], secret.Select(f => f.Key));
        Assert.Equal("admin", (string?)secret["username"]);
        Assert.Equal("db.us-east-1.rds.amazonaws.com", (string?)secret["db_host"]);
        var password = (string)secret["password"]!;
        Assert.Equal(32, password.Length);
        Assert.Contains(password, char.IsAsciiLetterLower);
        Assert.Contains(password, char.IsAsciiLetterUpper);
        Assert.Contains(password, char.IsAsciiDigit);
        Assert.Contains(password, c => !char.IsAsciiLetterOrDigit(c) && c is > ' ' and <= '~');
    }
}
