using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

/// <summary>Which calls a policy allows. Each test starts a server with its own policy.</summary>
public sealed class AuthorizationTests : IAsyncDisposable
{
    private const string Denied = "AccessDeniedException";
    private const string NoKey = "Access to KMS is not allowed";
    private const string Secrets = "arn:aws:secretsmanager:us-east-1:123456789012:secret";
    private const string Key = "arn:aws:kms:us-east-1:123456789012:key/k";
    private const string AllSecrets = """{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}""";
    private SecretsManagerServer? server;

    private AwsJsonClient Client => new(server!.Endpoint);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task The_first_right_that_is_missing_is_named_in_AWSs_words()
    {
        await Start($$"""{{Allow("secretsmanager:CreateSecret", "*")}},{"Effect":"Deny","Action":"*","Resource":"{{Secrets}}:no*"}""");
        (await Create("yes")).Ok();
        (await Describe("yes")).Refused(
            Denied,
            "User: arn:aws:iam::123456789012:user/emulator is not authorized to perform: secretsmanager:DescribeSecret on resource: yes "
            + "because no identity-based policy allows the secretsmanager:DescribeSecret action");
        (await Create("no")).Refused(Denied, "secretsmanager:CreateSecret on resource: no with an explicit deny in an identity-based policy");
        (await Client.Call("GetRandomPassword")).Refused(Denied, "secretsmanager:GetRandomPassword on resource: *");
    }

    [Theory]
    [InlineData("secret:db-??????", true)]
    [InlineData("secret:db-*", true)]
    [InlineData("secret:db*", true)]
    [InlineData("secret:db", false)]
    [InlineData("secret:db-AbCdEf", false)]
    public async Task A_secret_to_be_created_is_matched_by_its_future_ARN(string resource, bool allowed)
    {
        await Start(Allow("secretsmanager:CreateSecret", $"arn:aws:secretsmanager:us-east-1:123456789012:{resource}"));
        Assert.Equal(allowed ? "" : Denied, (await Create("db")).Error);
    }

    [Fact]
    public async Task The_full_ARN_decides_however_the_secret_is_named()
    {
        await Start($"{Allow("secretsmanager:CreateSecret", "*")},{Allow("secretsmanager:DescribeSecret", $"{Secrets}:mine/*-??????")}");
        var mine = (await Create("mine/a")).Ok().Arn;
        var theirs = (await Create("theirs/a")).Ok().Arn;
        foreach (var id in (string[])[mine, mine[..^7], "mine/a"])
            (await Describe(id)).Ok();
        foreach (var id in (string[])[theirs, theirs[..^7], "theirs/a"])
            (await Describe(id)).Refused(Denied);
    }

    [Fact]
    public async Task The_policy_is_evaluated_before_the_secret_is_looked_up()
    {
        await Start(Allow("secretsmanager:*", $"{Secrets}:mine/*"));
        (await Describe("theirs/missing")).Refused(Denied);
        (await Describe("mine/missing")).Refused("ResourceNotFoundException");
        (await Client.Call("DeleteSecret", new { SecretId = "theirs/missing", ForceDeleteWithoutRecovery = true })).Refused(Denied);
        (await Client.Call("PutSecretValue", new { SecretId = "theirs/missing" })).Refused(Denied);
    }

    [Theory]
    [InlineData("GetRandomPassword")]
    [InlineData("ListSecrets")]
    public async Task An_action_without_a_resource_is_allowed_on_a_star_only(string operation)
    {
        await Start(Allow($"secretsmanager:{operation}", "arn:aws:secretsmanager:*:*:secret:*"));
        (await Client.Call(operation)).Refused(Denied);
        await Start(Allow($"secretsmanager:{operation}", "*"));
        (await Client.Call(operation)).Ok();
    }

    [Fact]
    public async Task Tags_and_replicas_of_a_new_secret_need_their_own_rights()
    {
        await Start(Allow("secretsmanager:CreateSecret", "*"));
        var tags = new[] { new { Key = "a", Value = "1" } };
        (await Client.Call("CreateSecret", new { Name = "t", Tags = tags, ClientRequestToken = AwsJsonClient.NewToken() }))
            .Refused(Denied, "secretsmanager:TagResource on resource: t");
        var regions = new[] { new { Region = "eu-west-1" } };
        (await Client.Call("CreateSecret", new { Name = "r", AddReplicaRegions = regions, ClientRequestToken = AwsJsonClient.NewToken() }))
            .Refused(Denied, "secretsmanager:ReplicateSecretToRegions on resource: r");
        (await Create("neither")).Ok();
    }

    [Fact]
    public async Task A_batch_needs_the_right_to_read_each_secret_and_with_filters_to_list()
    {
        await Start(
            $"{Allow("secretsmanager:CreateSecret", "*")},{Allow("secretsmanager:BatchGetSecretValue", "*")},"
            + Allow("secretsmanager:GetSecretValue", $"{Secrets}:mine*"));
        (await Create("mine")).Ok();
        (await Create("theirs")).Ok();
        var batch = (await Client.Call("BatchGetSecretValue", new { SecretIdList = new[] { "mine", "theirs" } })).Ok();
        Assert.Equal("mine", (string)Assert.Single(batch["SecretValues"]!.AsArray())!["Name"]!);
        Assert.Equal(Denied, (string)Assert.Single(batch["Errors"]!.AsArray())!["ErrorCode"]!);
        var filters = new[] { new { Key = "name", Values = new[] { "mine" } } };
        (await Client.Call("BatchGetSecretValue", new { Filters = filters })).Refused(Denied, "secretsmanager:ListSecrets on resource: *");
    }

    /// <summary>The specification's policy uses StringEquals, which matches no wildcard: it never allows a key.</summary>
    [Theory]
    [InlineData("StringEquals", false)]
    [InlineData("StringLike", true)]
    public async Task The_specifications_policy_on_keys_works_with_StringLike_only(string condition, bool works)
    {
        await Start($$"""
            { "Effect": "Allow", "Action": ["secretsmanager:CreateSecret", "secretsmanager:UpdateSecret", "secretsmanager:DescribeSecret"], "Resource": "*" },
            { "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "arn:aws:kms:*:*:key/*",
              "Condition": { "{{condition}}": { "kms:ViaService": "secretsmanager.*.amazonaws.com" } } }
            """);
        var created = await Create("n", "alias/k");
        if (works)
            created.Ok();
        else
            created.Refused(Denied, NoKey);
        Assert.Equal(works ? 200 : 400, (await Describe("n")).Status);
        (await Create("default")).Ok();
        (await Create("default-by-name", "alias/aws/secretsmanager")).Ok();
    }

    [Theory]
    [InlineData("k")]
    [InlineData(Key)]
    [InlineData("alias/k")]
    [InlineData("arn:aws:kms:us-east-1:123456789012:alias/k")]
    public async Task A_value_under_a_key_needs_both_rights_on_it(string keyId)
    {
        await Start($"{AllSecrets},{Allow("kms:*", $"{Key[..^1]}old")}");
        (await Create("n", "old")).Ok();
        foreach (var right in (string[])["kms:Decrypt", "kms:GenerateDataKey"])
        {
            await Start($"{AllSecrets},{Allow(right, Key)}");
            (await Create("n", keyId)).Refused(Denied, NoKey);
            (await Create("n")).Ok();
            (await Client.Call("UpdateSecret", new { SecretId = "n", KmsKeyId = keyId, ClientRequestToken = AwsJsonClient.NewToken() }))
                .Refused(Denied, NoKey);
            Assert.Null((await Describe("n")).Ok()["KmsKeyId"]);
        }
        await Start($"{AllSecrets},{Allow("kms:Decrypt", Key)},{Allow("kms:GenerateDataKey", Key)}");
        (await Create("n", keyId)).Ok();
    }

    /// <summary>A promoted replica is under the same key, but in a Region from which this policy does not allow its use.</summary>
    [Theory]
    [InlineData("PutSecretValue", "b")]
    [InlineData("UpdateSecret", "b")]
    [InlineData("GetSecretValue", null)]
    public async Task The_value_of_a_secret_under_a_key_needs_the_key(string operation, string? value)
    {
        const string Here = """{ "StringEquals": { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } }""";
        await Start($$"""{{AllSecrets}}, { "Effect": "Allow", "Action": "kms:*", "Resource": "{{Key}}", "Condition": {{Here}} }""");
        var there = new AwsJsonClient(server!.Endpoint, "eu-west-1");
        (await Create("n", Key)).Ok();
        (await Client.Call("ReplicateSecretToRegions", new { SecretId = "n", AddReplicaRegions = new[] { new { Region = "eu-west-1" } } })).Ok();
        (await there.Call("StopReplicationToReplica", new { SecretId = "n" })).Ok();

        var parameters = new { SecretId = "n", SecretString = value, ClientRequestToken = value is null ? null : AwsJsonClient.NewToken() };
        (await Client.Call(operation, parameters)).Ok();
        (await there.Call(operation, parameters)).Refused(Denied, NoKey);
        (await there.Call("UpdateSecret", new { SecretId = "n", Description = "d", ClientRequestToken = AwsJsonClient.NewToken() })).Ok();
    }

    [Theory]
    [InlineData("kms:Encrypt", Key)]
    [InlineData("kms:Nothing", "DefaultEncryptionKey")]
    public async Task Without_the_right_to_encrypt_another_key_counts_for_new_values_only(string right, string keyOfTheOldVersion)
    {
        await Start($"{AllSecrets},{Allow("kms:Decrypt", Key)},{Allow("kms:GenerateDataKey", Key)},{Allow(right, Key)}");
        var old = (await Create("n")).Ok().Text("VersionId");
        var changed = new { SecretId = "n", SecretString = "b", KmsKeyId = Key, ClientRequestToken = AwsJsonClient.NewToken() };
        (await Client.Call("UpdateSecret", changed)).Ok();
        var versions = (await Client.Call("ListSecretVersionIds", new { SecretId = "n" })).Ok()["Versions"]!.AsArray();
        var keys = versions.ToDictionary(version => (string)version!["VersionId"]!, version => (string)version!["KmsKeyIds"]![0]!);
        Assert.Equal(keyOfTheOldVersion, keys[old]);
        Assert.Equal(Key, Assert.Single(keys, version => version.Key != old).Value);
    }

    [Fact]
    public async Task A_call_is_throttled_before_its_policy_is_evaluated()
    {
        server = await SecretsManagerServer.StartAsync(
            new() { IamPolicy = IamPolicy.Parse("""{"Statement":[]}"""), Quotas = RequestQuotas.Aws, TimeProvider = new FakeTimeProvider() },
            TestContext.Current.CancellationToken);
        for (var call = 0; call < 50; call++)
            (await Client.Call("RestoreSecret", new { SecretId = "n" })).Refused(Denied);
        (await Client.Call("RestoreSecret", new { SecretId = "n" })).Refused("ThrottlingException");
    }

    [Fact]
    public async Task Of_STS_only_AssumeRole_needs_a_right()
    {
        await Start(Allow("sts:AssumeRole", "arn:aws:iam::*:role/mine"));
        Assert.Equal(200, await Sts("GetCallerIdentity", "none"));
        Assert.Equal(200, await Sts("AssumeRoleWithWebIdentity", "arn:aws:iam::210987654321:role/theirs"));
        Assert.Equal(200, await Sts("AssumeRole", "arn:aws:iam::210987654321:role/mine"));
        Assert.Equal(403, await Sts("AssumeRole", "arn:aws:iam::210987654321:role/theirs"));
    }

    private static string Allow(string action, string resource) => $$"""{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}""";

    private async Task Start(string statements)
    {
        await DisposeAsync();
        server = await SecretsManagerServer.StartAsync(
            new() { AccountId = "123456789012", IamPolicy = IamPolicy.Parse($$"""{"Statement":[{{statements}}]}""") },
            TestContext.Current.CancellationToken);
    }

    private Task<Answer> Create(string name, string? kmsKeyId = null) => Client.Call(
        "CreateSecret", new { Name = name, SecretString = "a", KmsKeyId = kmsKeyId, ClientRequestToken = AwsJsonClient.NewToken() });

    private Task<Answer> Describe(string id) => Client.Call("DescribeSecret", new { SecretId = id });

    private async Task<int> Sts(string operation, string role)
    {
        using var http = new HttpClient();
        using var content = new FormUrlEncodedContent(
            [new("Action", operation), new("RoleArn", role), new("RoleSessionName", "s"), new("WebIdentityToken", "t")]);
        using var answer = await http.PostAsync(server!.Endpoint, content, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
