using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Cli.Commands;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>
/// Where credentials, region and endpoints come from. The AWS SDK reads the environment of its process, which tests share; so these tests run <c>dorch
/// up</c> as a process with its own environment and home.
/// </summary>
public sealed partial class CredentialTests : IAsyncLifetime
{
    private const string Manifest = """
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Component
        metadata: {name: credentials}
        spec:
          handler: secret-push
          config:
            secretName: app/credentials
            fields: {password: {generator: {passwordLength: 20}}, token: {generator: {passwordLength: 20}}}

        """;

    private static readonly string[] Push = ["DescribeSecret", "GetRandomPassword", "GetRandomPassword", "CreateSecret"];

    private readonly Example home = new();
    private SecretsManagerServer server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        server = await SecretsManagerServer.StartAsync(new() { RememberGenerated = true, AccountId = "111111111111" }, Stop);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task Credentials_of_the_environment_are_used()
    {
        await Ready(new() { ["AWS_DEFAULT_REGION"] = "ap-south-1", ["AWS_ACCESS_KEY_ID"] = "AKIDTEST", ["AWS_SECRET_ACCESS_KEY"] = "made-up" });
        Assert.Equal(Push.Select(operation => $"{operation} ap-south-1 111111111111"), Calls());
    }

    [Fact]
    public async Task Credentials_of_a_shared_profile_are_used()
    {
        await Ready(Profile("[work]\naws_access_key_id = AKIDTEST\naws_secret_access_key = made-up\n", "[profile work]\nregion = eu-central-1\n"));
        Assert.Equal(Push.Select(operation => $"{operation} eu-central-1 111111111111"), Calls());
    }

    [Fact]
    public async Task The_role_of_a_shared_profile_in_another_account_is_assumed()
    {
        await Ready(Profile(
            "[base]\naws_access_key_id = AKIDTEST\naws_secret_access_key = made-up\n",
            "[profile work]\nrole_arn = arn:aws:iam::222222222222:role/work\nsource_profile = base\nregion = eu-central-1\n"));
        Assert.Equal(["AssumeRole 111111111111", .. Push.Select(operation => $"{operation} 222222222222")], Calls(withRegion: false));
    }

    [Fact]
    public async Task A_web_identity_is_used_with_an_endpoint_for_each_service_as_on_EKS()
    {
        await using var secretsManager = await SecretsManagerServer.StartAsync(new(), Stop);
        await Ready(new()
        {
            ["AWS_REGION"] = "ap-south-1",
            ["AWS_WEB_IDENTITY_TOKEN_FILE"] = home.Write("token", "made-up"),
            ["AWS_ROLE_ARN"] = "arn:aws:iam::222222222222:role/irsa",
            ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = secretsManager.Endpoint.AbsoluteUri,
        });
        Assert.Equal("AssumeRoleWithWebIdentity", Assert.Single(server.Calls.Snapshot()).Operation);
        Assert.Equal(Push, secretsManager.Calls.Snapshot().Select(call => call.Operation));
    }

    [Fact]
    public async Task An_EKS_Pod_Identity_agent_is_asked_once()
    {
        await using var agent = await ScriptedServer.Answering(200, JsonSerializer.Serialize(new
        {
            AccessKeyId = "ASIATEST",
            SecretAccessKey = "made-up",
            Token = "made-up",
            Expiration = TimeProvider.System.GetUtcNow().AddHours(6).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        }));
        await Ready(new()
        {
            ["AWS_REGION"] = "ap-south-1",
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(agent.Endpoint, "/v1/credentials").AbsoluteUri,
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = home.Write("token", "made-up-pod-token"),
        });
        var asked = Assert.Single(agent.Calls);
        Assert.Equal(("GET", "made-up-pod-token"), (asked.Method, asked.Authorization));
        Assert.Equal(Push.Select(operation => $"{operation} ap-south-1 111111111111"), Calls());
    }

    [Fact]
    public async Task A_role_in_the_config_is_assumed_once()
    {
        await using var secretsManager = await SecretsManagerServer.StartAsync(new(), Stop);
        await Ready(
            new()
            {
                ["AWS_REGION"] = "ap-south-1",
                ["AWS_ACCESS_KEY_ID"] = "AKIDTEST",
                ["AWS_SECRET_ACCESS_KEY"] = "made-up",
                ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = secretsManager.Endpoint.AbsoluteUri,
            },
            "    roleArn: arn:aws:iam::333333333333:role/pusher\n    externalId: made-up\n");
        Assert.Equal(["AssumeRole ap-south-1 111111111111"], Calls());
        Assert.Equal(Push, secretsManager.Calls.Snapshot().Select(call => call.Operation));
    }

    [Fact]
    public async Task A_missing_region_is_reported_before_AWS_is_called()
    {
        var (code, output, errors) = await Up(new() { ["AWS_ACCESS_KEY_ID"] = "AKIDTEST", ["AWS_SECRET_ACCESS_KEY"] = "made-up" }, "");
        Assert.True(code == 1, output + errors);
        Assert.Contains("region: no AWS region: name one in the config, in AWS_REGION or in the profile", output, StringComparison.Ordinal);
        Assert.Empty(server.Calls.Snapshot());
    }

    [Fact]
    public async Task Missing_credentials_are_Denied_and_the_message_lists_where_dorch_looked()
    {
        var denied = await Failed(new() { ["AWS_REGION"] = "ap-south-1" });
        foreach (var place in new[] { "no AWS credentials", "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_PROFILE", "EKS Pod Identity",
            "instance metadata" })
            Assert.Contains(place, denied, StringComparison.Ordinal);
        Assert.Empty(server.Calls.Snapshot());
    }

    [Fact]
    public async Task Expired_credentials_are_Denied_and_the_message_lists_where_dorch_looked()
    {
        await using var expired = await ScriptedServer.Answering(
            400, """{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}""");
        var denied = await Failed(new()
        {
            ["AWS_REGION"] = "ap-south-1",
            ["AWS_ACCESS_KEY_ID"] = "ASIATEST",
            ["AWS_SECRET_ACCESS_KEY"] = "made-up",
            ["AWS_SESSION_TOKEN"] = "made-up",
            ["AWS_ENDPOINT_URL"] = expired.Endpoint.AbsoluteUri,
        });
        Assert.Contains("The security token included in the request is expired", denied, StringComparison.Ordinal);
        Assert.Contains("AWS_ACCESS_KEY_ID", denied, StringComparison.Ordinal);
        Assert.Contains("EKS Pod Identity", denied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_of_the_config_is_assumed_with_its_external_id_and_again_before_its_session_ends()
    {
        var time = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var aws = await ScriptedServer.Start((context, _) => context.Request.HasFormContentType
            ? context.Response.WriteAsync($"""
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIATEST</AccessKeyId>
                <SecretAccessKey>made-up</SecretAccessKey><SessionToken>made-up</SessionToken>
                <Expiration>{time.GetUtcNow().AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
                """)
            : context.Response.WriteAsync("""{"ARN":"arn","Name":"db"}"""));
        using var clients = new SecretsManagerClients(EmbeddedAws.Client(aws.Endpoint) with { Region = "eu-west-1", TimeProvider = time });
        var client = clients.For(null, "arn:aws:iam::333333333333:role/pusher", "their-id");
        for (var minute = 0; minute < 44; minute += 4)
        {
            await client.DescribeSecret("db", Stop);
            time.Advance(TimeSpan.FromMinutes(4));
        }

        Assert.Contains("ExternalId=their-id", Assert.Single(Assumed()).Body, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(2));
        await client.DescribeSecret("db", Stop);
        Assert.Equal(2, Assumed().Count());
        Assert.Equal(12, aws.Calls.Count(call => call.Target == "secretsmanager.DescribeSecret"));

        IEnumerable<ReceivedCall> Assumed() => aws.Calls.Where(call => call.Body.Contains("Action=AssumeRole", StringComparison.Ordinal));
    }

    /// <summary>Credentials that end in a line break, from a file by way of a Secret and the environment: tests/field/line-break-in-credentials.</summary>
    [Theory]
    [InlineData("AKIDTEST\n", "made-up", "", "the AWS access key id contains a line break")]
    [InlineData("AKIDTEST", "made-up\r\n", "", "the AWS secret access key contains a line break")]
    [InlineData("AKIDTEST", "made-up", "made\nup", "the AWS session token contains a line break")]
    [InlineData("AKID TEST", "made-up", "", "the AWS access key id contains a space")]
    [InlineData("AKIDTÉST", "made-up", "", "the AWS access key id contains a character that no AWS credential has")]
    public async Task Credentials_that_cannot_be_sent_are_told_apart_and_not_shown(string id, string key, string token, string says)
    {
        var environment = new Dictionary<string, string> { ["AWS_REGION"] = "ap-south-1", ["AWS_ACCESS_KEY_ID"] = id, ["AWS_SECRET_ACCESS_KEY"] = key };
        if (token.Length > 0)
            environment["AWS_SESSION_TOKEN"] = token;

        var message = await Failed(environment);

        Assert.StartsWith($"DescribeSecret: {says}: remove it; looked in the environment", message, StringComparison.Ordinal);
        Assert.DoesNotContain("TEST", message, StringComparison.Ordinal);
        Assert.Empty(server.Calls.Snapshot());
    }

    /// <summary>An endpoint without its scheme: tests/field/endpoint-without-scheme.</summary>
    [Theory]
    [InlineData("AWS_ENDPOINT_URL", "localhost:4566")]
    [InlineData("AWS_ENDPOINT_URL", "localhost")]
    [InlineData("AWS_ENDPOINT_URL_SECRETS_MANAGER", "tcp://localhost:4566")]
    [InlineData("AWS_ENDPOINT_URL_STS", "localhost:4566")]
    public async Task An_endpoint_that_is_not_an_address_is_reported(string variable, string endpoint)
    {
        var message = await Failed(new()
        {
            ["AWS_REGION"] = "ap-south-1",
            ["AWS_ACCESS_KEY_ID"] = "AKIDTEST",
            ["AWS_SECRET_ACCESS_KEY"] = "made-up",
            [variable] = endpoint,
        });

        Assert.StartsWith("the endpoint for AWS must be an http or https address such as http://localhost:4566: correct AWS_ENDPOINT_URL", message,
            StringComparison.Ordinal);
    }

    private Dictionary<string, string> Profile(string credentials, string config) => new()
    {
        ["AWS_PROFILE"] = "work",
        ["AWS_SHARED_CREDENTIALS_FILE"] = home.Write("credentials", credentials),
        ["AWS_CONFIG_FILE"] = home.Write("config", config),
    };

    private IEnumerable<string> Calls(bool withRegion = true) =>
        server.Calls.Snapshot().Select(call => withRegion ? $"{call.Operation} {call.Region} {call.Account}" : $"{call.Operation} {call.Account}");

    private async Task Ready(Dictionary<string, string> environment, string more = "")
    {
        var (code, output, errors) = await Up(environment, more);
        Assert.True(code == 0, output + errors);
    }

    private async Task<string> Failed(Dictionary<string, string> environment)
    {
        var (code, output, errors) = await Up(environment, "");
        Assert.True(code == 1, output + errors);
        var status = JsonNode.Parse(output)!["items"]!.AsArray().Single(i => (string?)i!["kind"] == "Component")!["status"]!;
        Assert.Equal("Failed", (string?)status["phase"]);
        var ready = status["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "Ready")!;
        Assert.Equal("Denied", (string?)ready["reason"]);
        return (string)ready["message"]!;
    }

    private async Task<(int Code, string Output, string Errors)> Up(Dictionary<string, string> environment, string more)
    {
        using var process =
            Process.Start(Start(environment, "up", home.Write("app.yaml", Manifest + more), "--once", "--aws", "--cluster-id", "test", "-o", "json"))!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        var scan = new LeakScan(server.Generated);
        scan.AssertAbsent("standard output", await output);
        scan.AssertAbsent("standard error", await errors);
        scan.AssertAbsentFrom(home.Folder);
        Assert.DoesNotContain(server.Calls.Snapshot(), call => call.Operation is "GetSecretValue" or "BatchGetSecretValue");
        return (process.ExitCode, await output, await errors);
    }

    private ProcessStartInfo Start(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = DorchProcess.Start(home.Folder, server.Endpoint, arguments);
        start.WorkingDirectory = home.Folder;
        // No profile of the developer, no waiting for instance metadata, and all files in this folder.
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = start.Environment["AWS_CONFIG_FILE"] = Path.Combine(home.Folder, "none");
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }
}
