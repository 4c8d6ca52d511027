using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.SecretsManager.Sdk;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>Requests on the wire, and the client's handling of answers that no server gives on demand.</summary>
public sealed partial class SecretsManagerWireTests
{
    private const string Token = "00000000-0000-0000-0000-000000000001";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_signed_AWS_JSON_1_1()
    {
        await using var server = await ScriptedServer.Answering(200, """{"ARN":"arn","Name":"db"}""");
        using var clients = Clients(server.Endpoint);
        await clients.For("eu-west-1", null, null).DescribeSecret("db", Stop);

        var call = Assert.Single(server.Calls);
        Assert.Equal("POST", call.Method);
        Assert.Equal("secretsmanager.DescribeSecret", call.Target);
        Assert.Equal("application/x-amz-json-1.1", call.ContentType);
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=AKIAEMBEDDEDEXAMPLE1/[0-9]{8}/eu-west-1/secretsmanager/aws4_request, SignedHeaders=.*x-amz-target",
            call.Authorization);
        Assert.Equal("""{"SecretId":"db"}""", call.Body);
    }

    [Fact]
    public async Task A_null_parameter_is_not_sent_and_an_empty_one_is()
    {
        await using var server = await ScriptedServer.Answering(200, """{"ARN":"arn","Name":"db","RandomPassword":"x"}""");
        using var clients = Clients(server.Endpoint);
        var client = clients.For(null, null, null);
        using var value = new SecretText("""{"a\"":"é"}"""u8);

        await client.CreateSecret(new CreateSecretInput("db", Token, value), Stop);
        await client.CreateSecret(new CreateSecretInput("db", Token, value, "key", "words", new Dictionary<string, string> { ["a"] = "", ["b"] = "\n" }), Stop);
        await client.UpdateSecret(new UpdateSecretInput("db", Token), Stop);
        await client.UpdateSecret(new UpdateSecretInput("db", Token, value, KmsKeyId: "", Description: ""), Stop);
        await client.DeleteSecret("db", 0, Stop);
        await client.DeleteSecret("db", 7, Stop);
        await client.RestoreSecret("db", Stop);
        await client.TagResource("db", new Dictionary<string, string> { ["a"] = "1" }, Stop);
        await client.UntagResource("db", ["a", "b"], Stop);
        (await client.GetRandomPassword(new PasswordOptions(8), Stop)).Dispose();
        (await client.GetRandomPassword(new PasswordOptions(9, "\"\\", true, false, true, false, true, false), Stop)).Dispose();

        var quoted = "\"ClientRequestToken\":\"" + Token + "\"";
        Assert.Equal(
            [
                """CreateSecret {"Name":"db",TOKEN,"SecretString":"{\"a\\\"\":\"é\"}"}""".Replace("TOKEN", quoted),
                """CreateSecret {"Name":"db",TOKEN,"Description":"words","KmsKeyId":"key","Tags":[{"Key":"a","Value":""},"""
                    .Replace("TOKEN", quoted) + """{"Key":"b","Value":"\n"}],"SecretString":"{\"a\\\"\":\"é\"}"}""",
                """UpdateSecret {"SecretId":"db",TOKEN}""".Replace("TOKEN", quoted),
                """UpdateSecret {"SecretId":"db",TOKEN,"Description":"","KmsKeyId":"","SecretString":"{\"a\\\"\":\"é\"}"}""".Replace("TOKEN", quoted),
                """DeleteSecret {"SecretId":"db","ForceDeleteWithoutRecovery":true}""",
                """DeleteSecret {"SecretId":"db","RecoveryWindowInDays":7}""",
                """RestoreSecret {"SecretId":"db"}""",
                """TagResource {"SecretId":"db","Tags":[{"Key":"a","Value":"1"}]}""",
                """UntagResource {"SecretId":"db","TagKeys":["a","b"]}""",
                """GetRandomPassword {"PasswordLength":8}""",
                """GetRandomPassword {"PasswordLength":9,"ExcludeCharacters":"\"\\","ExcludeNumbers":true,"ExcludePunctuation":false,"ExcludeUppercase":"""
                    + """true,"ExcludeLowercase":false,"IncludeSpace":true,"RequireEachIncludedType":false}""",
            ],
            server.Calls.Select(call => $"{call.Target["secretsmanager.".Length..]} {call.Body}"));
        Assert.All(server.Calls, call => Assert.NotNull(JsonNode.Parse(call.Body)));
    }

    [Fact]
    public async Task Every_field_of_a_description_is_read()
    {
        await using var server = await ScriptedServer.Answering(
            200,
            """
            {"ARN":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf","Name":"db","Description":"words","KmsKeyId":"key",
             "RotationEnabled":true,"DeletedDate":1756720000.5,"LastChangedDate":1756710000.123,"CreatedDate":1756700000,"LastAccessedDate":1,
             "Tags":[{"Key":"a","Value":"1"}],"VersionIdsToStages":{"v1":["AWSCURRENT","x"],"v0":["AWSPREVIOUS"]},"Unheard":{"of":[]}}
            """,
            ("Date", "Tue, 01 Sep 2026 10:00:00 GMT"));
        using var clients = Clients(server.Endpoint);
        var secret = await clients.For(null, null, null).DescribeSecret("db", Stop);

        Assert.NotNull(secret);
        Assert.Equal("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", secret.Arn);
        Assert.Equal(("db", "words", "key", true), (secret.Name, secret.Description, secret.KmsKeyId, secret.RotationEnabled));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1756720000500), secret.DeletedDate);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1756710000123), secret.LastChangedDate);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1756700000), secret.CreatedDate);
        Assert.Equal(new DateTimeOffset(2026, 9, 1, 10, 0, 0, TimeSpan.Zero), secret.Date);
        Assert.Equal("1", Assert.Single(secret.Tags, tag => tag.Key == "a").Value);
        Assert.Equal(["AWSCURRENT", "x"], secret.VersionIdsToStages["v1"]);
        Assert.Equal(["AWSPREVIOUS"], secret.VersionIdsToStages["v0"]);
    }

    [Theory]
    [InlineData("""{"ARN":"arn","Name":"db"}""")]
    [InlineData(
        """{"ARN":"arn","Name":"db","Description":null,"KmsKeyId":null,"RotationEnabled":null,"DeletedDate":null,"Tags":null,"VersionIdsToStages":null}""")]
    public async Task A_field_missing_from_a_description_is_null_or_empty(string body)
    {
        await using var server = await ScriptedServer.Answering(200, body, ("Date", "some day"));
        using var clients = Clients(server.Endpoint);
        var secret = await clients.For(null, null, null).DescribeSecret("db", Stop);
        Assert.NotNull(secret);
        Assert.Null(secret.Description ?? secret.KmsKeyId);
        Assert.Null(secret.DeletedDate ?? secret.LastChangedDate ?? secret.CreatedDate ?? secret.Date);
        Assert.False(secret.RotationEnabled);
        Assert.Empty(secret.Tags);
        Assert.Empty(secret.VersionIdsToStages);
    }

    [Theory]
    [InlineData("""{"RandomPassword":"plain"}""", "plain")]
    [InlineData("""{"Other":{"RandomPassword":"inner"},"RandomPassword":"\"\\\/\u0041\u00e9\ud83d\ude00\b"}""", "\"\\/Aé😀\b")]
    public async Task A_password_is_unescaped(string body, string password)
    {
        await using var server = await ScriptedServer.Answering(200, body);
        using var clients = Clients(server.Endpoint);
        using var secret = await clients.For(null, null, null).GetRandomPassword(new PasswordOptions(8), Stop);
        Assert.Equal(password, System.Text.Encoding.UTF8.GetString(secret.Utf8()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"RandomPassword":""}""")]
    [InlineData("""{"RandomPassword":null}""")]
    [InlineData("""{"RandomPassword":["hunter2"]}""")]
    [InlineData("""{"RandomPassword":"hunter2""")]
    [InlineData("<html>hunter2</html>")]
    public async Task An_answer_without_a_password_is_never_taken_for_one(string body)
    {
        await using var server = await ScriptedServer.Answering(200, body);
        using var clients = Clients(server.Endpoint);
        var error = await Failure(() => clients.For(null, null, null).GetRandomPassword(new PasswordOptions(8), Stop));
        Assert.Equal(AwsErrorKind.Network, error.Kind);
        Assert.Equal($"GetRandomPassword: no usable answer from {server.Endpoint.Authority}: the answer is not from AWS", error.Message);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    private static Task<ScriptedServer> Stalling(TaskCompletionSource arrived, bool begin) => ScriptedServer.Start(async (context, _) =>
    {
        if (begin)
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("""{"ARN":""");
            await context.Response.Body.FlushAsync();
        }
        arrived.SetResult();
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    });

    private static SecretsManagerClients Clients(Uri endpoint, SecretsManagerOptions? options = null) =>
        new((options ?? new SecretsManagerOptions { MaxAttempts = 1 }) with { Endpoint = endpoint, Region = "eu-west-1", Credentials = EmbeddedAws.Key });

    private static Task<SecretsManagerException> Failure(Func<Task> call) => Assert.ThrowsAsync<SecretsManagerException>(call);
}
