using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary><c>dorch secrets-manager</c> with the flags that inject throttles, denials, faults and delays.</summary>
public sealed class SecretsManagerFlagsTests
{
    private const string Policy = """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": ["secretsmanager:CreateSecret", "secretsmanager:DescribeSecret"],
              "Resource": "arn:aws:secretsmanager:*:*:secret:mine/*"
            }
          ]
        }
        """;

    [Fact]
    public async Task Calls_over_the_quotas_of_AWS_are_throttled()
    {
        await using var secretsManager = await SecretsManagerProcess.Start("--quotas", "aws");
        var clock = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => secretsManager.Try("RestoreSecret", new() { ["SecretId"] = "n" })));
        var most = 50 + 50 * clock.Elapsed.TotalSeconds;
        Assert.InRange((double)answers.Count(answer => (string?)answer["__type"] == "ResourceNotFoundException"), 50, most);
        Assert.All(answers, answer => Assert.Contains((string?)answer["__type"], (string[])["ResourceNotFoundException", "ThrottlingException"]));
    }

    [Fact]
    public async Task A_call_that_the_IAM_policy_does_not_allow_is_denied()
    {
        using var folder = new TemporaryFolder();
        await using var secretsManager = await SecretsManagerProcess.Start("--iam-policy", folder.Write("policy.json", Policy));

        Assert.Null((await secretsManager.Try("CreateSecret", Secret("mine/a")))["__type"]);
        Assert.Null((await secretsManager.Try("DescribeSecret", new() { ["SecretId"] = "mine/a" }))["__type"]);
        var denied = await secretsManager.Try("CreateSecret", Secret("theirs/a"));

        Assert.Equal("AccessDeniedException", (string?)denied["__type"]);
        Assert.EndsWith(
            "is not authorized to perform: secretsmanager:CreateSecret on resource: theirs/a "
            + "because no identity-based policy allows the secretsmanager:CreateSecret action",
            (string?)denied["Message"],
            StringComparison.Ordinal);
        Assert.Equal("AccessDeniedException", (string?)(await secretsManager.Try("GetSecretValue", new() { ["SecretId"] = "mine/a" }))["__type"]);

        if (Tools.Has("aws"))
        {
            var cli = await secretsManager.Aws("get-secret-value", "--secret-id", "mine/a");
            Assert.NotEqual(0, cli.ExitCode);
            Assert.Contains("An error occurred (AccessDeniedException) when calling the GetSecretValue operation", cli.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_IAM_policy_that_cannot_be_evaluated_is_refused_with_its_place()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("policy.json", Policy.Replace("\"Resource\"", "\"Principal\": \"*\", \"Resource\"", StringComparison.Ordinal));

        var ended = (await Dorch.Run("secrets-manager", "--port", "0", "--iam-policy", file)).Exited(2);

        Assert.Equal(
            $"{file}: error: Statement[0].Principal: cannot be evaluated here: only Sid, Effect, Action, NotAction, Resource, NotResource, Condition can\n",
            ended.Errors);
        var missing = (await Dorch.Run("secrets-manager", "--port", "0", "--iam-policy", $"{file}.not")).Exited(2);
        Assert.StartsWith($"dorch: cannot read --iam-policy {file}.not: ", missing.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_injected_in_the_order_given_and_then_calls_succeed()
    {
        await using var secretsManager = await SecretsManagerProcess.Start(
            "--fault", "CreateSecret=pass", "--fault", "CreateSecret=cut-before", "--fault", "CreateSecret=cut-after",
            "--fault", "DescribeSecret=throttle:2", "--fault", "DescribeSecret=error", "--fault", "DescribeSecret=denied",
            "--fault", "DescribeSecret=slow:1ms:2");

        Assert.Null((await secretsManager.Try("CreateSecret", Secret("first")))["__type"]);
        await Assert.ThrowsAsync<HttpRequestException>(() => secretsManager.Try("CreateSecret", Secret("before")));
        await Assert.ThrowsAsync<HttpRequestException>(() => secretsManager.Try("CreateSecret", Secret("after")));
        List<string?> codes = [];
        for (var call = 0; call < 7; call++)
            codes.Add((string?)(await secretsManager.Try("DescribeSecret", new() { ["SecretId"] = "after" }))["__type"]);

        Assert.Equal(["ThrottlingException", "ThrottlingException", "InternalServiceError", "AccessDeniedException", null, null, null], codes);
        Assert.Null(await secretsManager.Describe("before"));
    }

    /// <summary>A client's own retries, with one token for all of them, get through a throttle, a server error and a lost answer.</summary>
    [Fact]
    public async Task The_AWS_CLI_retries_through_faults_and_leaves_one_version()
    {
        Assert.SkipUnless(Tools.Has("aws"), "the AWS CLI is not on PATH");
        await using var secretsManager = await SecretsManagerProcess.Start("--fault", "CreateSecret=throttle", "--fault", "CreateSecret=cut-after");

        var created = (await secretsManager.Aws("create-secret", "--name", "n", "--secret-string", "a")).Exited(0);

        var version = (string?)JsonNode.Parse(created.Output)!["VersionId"];
        Assert.Equal(version, Assert.Single((await secretsManager.Describe("n"))!["VersionIdsToStages"]!.AsObject()).Key);
    }

    [Fact]
    public async Task A_new_secret_is_hidden_and_a_deleted_one_blocks_its_name_for_the_delays_given()
    {
        await using var secretsManager = await SecretsManagerProcess.Start("--read-after-create-lag", "1h", "--force-delete-delay", "1h");
        Assert.Null((await secretsManager.Try("CreateSecret", Secret("n")))["__type"]);
        Assert.Null(await secretsManager.Describe("n"));
        await secretsManager.Call("DeleteSecret", new() { ["SecretId"] = "n", ["ForceDeleteWithoutRecovery"] = true });
        Assert.Equal("InvalidRequestException", (string?)(await secretsManager.Try("CreateSecret", Secret("n")))["__type"]);
    }

    private static JsonObject Secret(string name) => new() { ["Name"] = name, ["SecretString"] = "a", ["ClientRequestToken"] = new string('t', 32) };
}
