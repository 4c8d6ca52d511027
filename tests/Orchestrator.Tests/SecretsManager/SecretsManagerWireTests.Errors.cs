using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.SecretsManager.Sdk;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>How errors, lost connections and cancellations surface.</summary>
public sealed partial class SecretsManagerWireTests
{
    [Theory]
    [InlineData("""{"__type":"InvalidRequestException","Message":"Not now."}""", "InvalidRequestException", "Not now.")]
    [InlineData("""{"__type":"com.amazonaws.secretsmanager#InvalidRequestException","Message":"Not now."}""", "InvalidRequestException", "Not now.")]
    [InlineData("""{"__type":"InvalidRequestException:http://internal/","message":"Not now."}""", "InvalidRequestException", "Not now.")]
    [InlineData("""{"__type":"InvalidRequestException"}""", "InvalidRequestException", null)]
    public async Task An_error_has_the_code_and_message_of_AWS(string body, string code, string? words)
    {
        await using var server = await ScriptedServer.Answering(400, body);
        using var clients = Clients(server.Endpoint);
        var error = await Failure(() => clients.For(null, null, null).RestoreSecret("db", Stop));
        Assert.Equal(("RestoreSecret", AwsErrorKind.InvalidRequest, code), (error.Operation, error.Kind, error.Code));
        Assert.Equal(words is null ? $"RestoreSecret: {code}" : $"RestoreSecret: {code}: {words}", error.Message);
    }

    [Theory]
    [InlineData(400, "", "ResourceNotFoundException:http://internal/", AwsErrorKind.NotFound)]
    [InlineData(400, """{"Message":"gone"}""", "ResourceNotFoundException", AwsErrorKind.NotFound)]
    [InlineData(503, "<html>Busy</html>", null, AwsErrorKind.Internal)]
    [InlineData(403, "", null, AwsErrorKind.Denied)]
    [InlineData(400, "<html>", null, AwsErrorKind.Unknown)]
    public async Task Without_a_code_in_the_body_the_header_counts_and_then_the_status(int status, string body, string? header, object kind)
    {
        await using var server = header is null
            ? await ScriptedServer.Answering(status, body)
            : await ScriptedServer.Answering(status, body, ("x-amzn-ErrorType", header));
        using var clients = Clients(server.Endpoint);
        var error = await Failure(() => clients.For(null, null, null).RestoreSecret("db", Stop));
        Assert.Equal(kind, (object)error.Kind);
        if (header is null)
            Assert.Equal($"RestoreSecret: HTTP {status}", error.Message);
    }

    [Fact]
    public async Task The_same_failure_has_the_same_message()
    {
        await using var server = await ScriptedServer.Start(async (context, call) =>
        {
            context.Response.StatusCode = 400;
            context.Response.Headers["x-amzn-RequestId"] = $"7f3c9f2a-0000-4000-8000-00000000000{call}";
            await context.Response.WriteAsync($$"""
                {"__type":"InvalidSignatureException","message":"Signature expired: 20260901T10000{{call}}Z is earlier
                than 2026-09-01T10:05:0{{call}}Z (7f3c9f2a-0000-4000-8000-00000000000{{call}}; Service: AWSKMS; Request ID: a1b2c3d4-000{{call}})"}
                """.ReplaceLineEndings("\\n"));
        });
        using var clients = Clients(server.Endpoint);
        var client = clients.For(null, null, null);
        var first = await Failure(() => client.RestoreSecret("db", Stop));
        var second = await Failure(() => client.RestoreSecret("db", Stop));
        Assert.Equal(first.Message, second.Message);
        Assert.StartsWith(
            "RestoreSecret: InvalidSignatureException: Signature expired: … is earlier than … (…; Service: AWSKMS; Request ID: …); looked in the "
                + "environment (AWS_",
            first.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"__type":"ValidationException","message":"Value '{\"password\":\"hunter2\"}' at 'secretString' is wrong"}""",
        "CreateSecret: ValidationException")]
    [InlineData("""{"__type":"ValidationException","message":"Value {password: hunter2} is wrong"}""", "CreateSecret: ValidationException")]
    [InlineData("""{"__type":"ValidationException","message":"Value at 'secretString' is too long"}""",
        "CreateSecret: ValidationException: Value at 'secretString' is too long")]
    [InlineData("""Internal error near {"password":"hunter2"}""", "CreateSecret: HTTP 400")]
    public async Task An_echo_of_the_value_does_not_reach_the_message(string body, string message)
    {
        await using var server = await ScriptedServer.Answering(400, body);
        using var clients = Clients(server.Endpoint);
        using var value = new SecretText("""{"password":"hunter2"}"""u8);
        var error = await Failure(() => clients.For(null, null, null).CreateSecret(new CreateSecretInput("db", Token, value), Stop));
        Assert.Equal(message, error.Message);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The secret key is written in place of the key id: tests/field/credentials-in-a-refusal.</summary>
    [Theory]
    [InlineData("IncompleteSignature",
        "'SEKRIT/20260101/us-east-1/secretsmanager/aws4_request' not a valid key=value pair (missing equal-sign) in Authorization header: "
        + "'AWS4-HMAC-SHA256 Credential= SEKRIT/20260101'.", "")]
    [InlineData("IncompleteSignature",
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'SEKRIT/x/20260101/us-east-1'",
        "Credential must have exactly 5 slash-delimited elements")]
    [InlineData("IncompleteSignatureException", "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256 Credential=SEKRIT",
        "Authorization header requires")]
    [InlineData("MissingAuthenticationToken", "wrong: AWS4-HMAC-SHA256 Credential=SEKRIT/20260101", "wrong:")]
    [InlineData("AuthorizationHeaderMalformed", "SEKRIT/20260101/us-east-1/secretsmanager/aws4_request is malformed", "")]
    [InlineData("InvalidSignatureException", "The signature does not match. The Canonical String was 'POST\\n/\\nx-amz-security-token:SEKRIT\\n'",
        "The signature does not match.")]
    public async Task Credentials_that_a_refusal_quotes_do_not_reach_the_message(string code, string said, string kept)
    {
        await using var server = await ScriptedServer.Answering(400, $$"""{"__type":"{{code}}","message":"{{said}}"}""");
        using var clients = Clients(server.Endpoint);

        var error = await Failure(() => clients.For(null, null, null).RestoreSecret("db", Stop));

        Assert.StartsWith($"RestoreSecret: {code}: {kept}", error.Message, StringComparison.Ordinal);
        Assert.Contains("…", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SEKRIT", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exhausted_quota_is_not_retried()
    {
        await using var server = await ScriptedServer.Answering(400, """{"__type":"LimitExceededException","Message":"no more versions"}""");
        using var clients = Clients(server.Endpoint, new SecretsManagerOptions { MaxAttempts = 3 });
        var error = await Failure(() => clients.For(null, null, null).UpdateSecret(new UpdateSecretInput("db", Token), Stop));
        Assert.Equal(AwsErrorKind.LimitExceeded, error.Kind);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_retry_sends_the_same_body_and_leaves_no_trace()
    {
        await using var server = await ScriptedServer.Start(async (context, call) =>
        {
            if (call == 1)
                context.Response.StatusCode = 500;
            if (call == 2)
                context.Abort();
            else
                await context.Response.WriteAsync("""{"ARN":"arn","Name":"db","VersionId":"v"}""");
        });
        using var clients = Clients(server.Endpoint, new SecretsManagerOptions { MaxAttempts = 3 });
        using var value = new SecretText("""{"password":"hunter2"}"""u8);
        var written = await clients.For(null, null, null).UpdateSecret(new UpdateSecretInput("db", Token, value), Stop);
        Assert.Equal(("arn", "db", "v"), (written.Arn, written.Name, written.VersionId));
        Assert.Equal(3, server.Calls.Count);
        Assert.Single(server.Calls.Select(call => call.Body).Distinct());
        Assert.Equal("{\"password\":\"hunter2\"}"u8, value.Utf8());
    }

    [Fact]
    public async Task MaxAttempts_includes_the_first_attempt()
    {
        await using var server = await ScriptedServer.Answering(500, "");
        using var clients = Clients(server.Endpoint, new SecretsManagerOptions { MaxAttempts = 2 });
        Assert.Equal(AwsErrorKind.Internal, (await Failure(() => clients.For(null, null, null).RestoreSecret("db", Stop))).Kind);
        Assert.Equal(2, server.Calls.Count);
    }

    [Fact]
    public async Task A_cut_connection_is_one_attempt()
    {
        await using var server = await ScriptedServer.Start((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var clients = Clients(server.Endpoint);
        var error = await Failure(() => clients.For(null, null, null).RestoreSecret("db", Stop));
        Assert.Equal((AwsErrorKind.Network, null), (error.Kind, error.Code));
        Assert.StartsWith($"RestoreSecret: no usable answer from {server.Endpoint.Authority}: ", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_refused_connection_is_a_network_error()
    {
        Uri endpoint;
        await using (var server = await ScriptedServer.Answering(200, ""))
            endpoint = server.Endpoint;
        using var clients = Clients(endpoint);
        var error = await Failure(() => clients.For(null, null, null).RestoreSecret("db", Stop));
        Assert.Equal(AwsErrorKind.Network, error.Kind);
        Assert.Equal($"RestoreSecret: no usable answer from {endpoint.Authority}: ConnectionRefused", error.Message);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = await ScriptedServer.Answering(200, """{"ARN":"arn","Name":"db"}""");
        await using var server = await ScriptedServer.Answering(307, "", ("Location", other.Endpoint.AbsoluteUri));
        using var clients = Clients(server.Endpoint);
        Assert.Equal(AwsErrorKind.Network, (await Failure(() => clients.For(null, null, null).RestoreSecret("db", Stop))).Kind);
        Assert.Empty(other.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Our_own_timeout_is_a_network_error(bool answerHasBegun)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Stalling(arrived, answerHasBegun);
        var time = new FakeTimeProvider();
        using var clients = Clients(server.Endpoint, new SecretsManagerOptions { MaxAttempts = 1, TimeProvider = time });
        var call = clients.For(null, null, null).RestoreSecret("db", Stop);
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var error = await Failure(() => call);
        Assert.Equal(AwsErrorKind.Network, error.Kind);
        Assert.Equal($"RestoreSecret: no usable answer from {server.Endpoint.Authority}: timed out after 10 s", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_callers_cancellation_is_not_a_network_error(bool answerHasBegun)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Stalling(arrived, answerHasBegun);
        using var clients = Clients(server.Endpoint, new SecretsManagerOptions { MaxAttempts = 3 });
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var call = clients.For(null, null, null).RestoreSecret("db", caller.Token);
        await arrived.Task;
        await caller.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(caller.Token, error.CancellationToken);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_cancelled_caller_calls_nothing()
    {
        await using var server = await ScriptedServer.Answering(200, "");
        using var clients = Clients(server.Endpoint);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => clients.For(null, null, null).RestoreSecret("db", new CancellationToken(canceled: true)));
        Assert.Empty(server.Calls);
    }
}
