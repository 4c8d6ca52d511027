namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

public abstract partial class SecretsManagerContract
{
    private const string OnReplica = "Operation not permitted on a replica secret. Call must be made in primary secret's region.";

    [Fact]
    public async Task Case47_A_secret_is_not_replicated_to_its_own_Region()
    {
        Case(47);
        var (name, _) = await Created();
        (await Replicate(name, "us-east-1")).Refused(InvalidParameter);
        Assert.Null((await Describe(name)).Ok()["ReplicationStatus"]);
    }

    [Fact]
    public async Task Case47_A_name_taken_in_the_other_Region_fails_the_replica_and_not_the_call()
    {
        Case(47);
        var (name, _) = await Created();
        (await OtherRegion.Call("CreateSecret", new { Name = name, SecretString = "theirs", ClientRequestToken = NewToken() })).Ok();
        var status = Assert.Single((await Replicate(name, "eu-west-1")).Ok()["ReplicationStatus"]!.AsArray())!;
        Assert.Equal(("eu-west-1", "Failed"), ((string)status["Region"]!, (string)status["Status"]!));
        Assert.Equal("theirs", (await OtherRegion.Call("GetSecretValue", new { SecretId = name })).Ok().Text("SecretString"));
        (await Replicate(name, "eu-west-1", overwrite: true)).Ok();
        Assert.Equal("a", (await OtherRegion.Call("GetSecretValue", new { SecretId = name })).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case47_A_primary_with_replicas_is_not_deleted()
    {
        Case(47);
        var (name, _) = await Created();
        (await Replicate(name, "eu-west-1")).Ok();
        (await Delete(name)).Refused(InvalidParameter, "that still has replica regions [eu-west-1]");
        (await Client.Call("RemoveRegionsFromReplication", new { SecretId = name, RemoveReplicaRegions = new[] { "eu-west-1" } })).Ok();
        (await OtherRegion.Call("DescribeSecret", new { SecretId = name })).Refused(NotFound, NoSuchSecret);
        (await Delete(name)).Ok();
    }

    [Theory]
    [InlineData("PutSecretValue")]
    [InlineData("TagResource")]
    [InlineData("DeleteSecret")]
    public async Task Case48_A_replica_is_read_but_not_written(string operation)
    {
        Case(48);
        var (name, _) = await Created("a");
        (await Replicate(name, "eu-west-1")).Ok();
        Assert.Equal("a", (await OtherRegion.Call("GetSecretValue", new { SecretId = name })).Ok().Text("SecretString"));
        object parameters = operation switch
        {
            "PutSecretValue" => new { SecretId = name, SecretString = "b", ClientRequestToken = NewToken() },
            "TagResource" => new { SecretId = name, Tags = new[] { new { Key = "a", Value = "1" } } },
            _ => new { SecretId = name },
        };
        (await OtherRegion.Call(operation, parameters)).Refused($"{InvalidRequest}|{InvalidParameter}", OnReplica);
    }

    [Fact]
    public async Task Case62_A_promoted_replica_is_a_standalone_secret()
    {
        Case(62);
        var (name, _) = await Created("a");
        (await Replicate(name, "eu-west-1")).Ok();
        var stopped = (await OtherRegion.Call("StopReplicationToReplica", new { SecretId = name })).Ok();
        Assert.StartsWith("arn:aws:secretsmanager:eu-west-1:", stopped.Arn, StringComparison.Ordinal);
        (await OtherRegion.Call("PutSecretValue", new { SecretId = name, SecretString = "b", ClientRequestToken = NewToken() })).Ok();
        Assert.Equal("b", (await OtherRegion.Call("GetSecretValue", new { SecretId = name })).Ok().Text("SecretString"));
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
        (await Delete(name)).Ok();
    }

    [Fact]
    public async Task Case49_Rotation_without_a_Lambda_is_refused()
    {
        Case(49);
        var (name, _) = await Created();
        (await Client.Call("RotateSecret", new { SecretId = name, ClientRequestToken = NewToken() }))
            .Refused(InvalidRequest, "No Lambda rotation function ARN is associated with this secret.");
    }

    [Fact]
    public async Task Case49_Rotation_over_a_pending_version_is_refused()
    {
        Case(49);
        var (name, _) = await Created();
        await PutVersion(name, "b", "AWSPENDING");
        (await Client.Call("RotateSecret", new
        {
            SecretId = name,
            ClientRequestToken = NewToken(),
            RotationLambdaARN = "arn:aws:lambda:us-east-1:123456789012:function:rotate",
        })).Refused(InvalidRequest, "A previous rotation isn't complete. That rotation will be reattempted.");
    }

    [Fact]
    public async Task Case50_A_resource_policy_is_returned_as_it_was_put()
    {
        Case(50);
        var (name, _) = await Created();
        Assert.Null((await Client.Call("GetResourcePolicy", new { SecretId = name })).Ok()["ResourcePolicy"]);
        (await Client.Call("PutResourcePolicy", new { SecretId = name, ResourcePolicy = "{not json" }))
            .Refused("MalformedPolicyDocumentException");
        var policy = Policy("arn:aws:iam::123456789012:root");
        (await Client.Call("PutResourcePolicy", new { SecretId = name, ResourcePolicy = policy })).Ok();
        Assert.Equal(policy, (await Client.Call("GetResourcePolicy", new { SecretId = name })).Ok().Text("ResourcePolicy"));
        (await Client.Call("DeleteResourcePolicy", new { SecretId = name })).Ok();
        Assert.Null((await Client.Call("GetResourcePolicy", new { SecretId = name })).Ok()["ResourcePolicy"]);
    }

    [Fact]
    public async Task Case63_A_public_policy_is_refused_on_request()
    {
        Case(63);
        var (name, _) = await Created();
        (await Client.Call("PutResourcePolicy", new { SecretId = name, ResourcePolicy = Policy("*"), BlockPublicPolicy = true }))
            .Refused("PublicPolicyException");
        Assert.Null((await Client.Call("GetResourcePolicy", new { SecretId = name })).Ok()["ResourcePolicy"]);
        Assert.False((bool)(await Client.Call("ValidateResourcePolicy", new { ResourcePolicy = Policy("*") })).Ok()["PolicyValidationPassed"]!);
        var fine = await Client.Call("ValidateResourcePolicy", new { ResourcePolicy = Policy("arn:aws:iam::123456789012:root") });
        Assert.True((bool)fine.Ok()["PolicyValidationPassed"]!);
    }

    [Theory]
    [InlineData("secretsmanager.NoSuchOperation", "{}", "UnknownOperationException")]
    [InlineData("otherservice.CreateSecret", "{}", "UnknownOperationException")]
    [InlineData(null, "{}", "UnknownOperationException")]
    [InlineData("secretsmanager.CreateSecret", "{", "SerializationException")]
    [InlineData("secretsmanager.CreateSecret", "[]", "SerializationException")]
    [InlineData("secretsmanager.CreateSecret", "{\"Name\":7}", "SerializationException")]
    [InlineData("secretsmanager.DescribeSecret", "{\"SecretId\":\"\\ud800\"}", "SerializationException")]
    [InlineData("secretsmanager.DescribeSecret", "{\"\\udc00\":1}", "SerializationException")]
    [InlineData("secretsmanager.DescribeSecret", "{}", "ValidationException")]
    public async Task Case52_A_malformed_request_is_a_client_error(string? target, string body, string code)
    {
        Case(52);
        (await Raw().Send(target, body)).Refused(code);
    }

    [Fact]
    public async Task Case64_Every_answer_is_JSON_1_1_with_one_date_and_a_request_id()
    {
        Case(64);
        var (name, _) = await Created();
        foreach (var answer in (Answer[])[await Describe(name), await Describe(NewName())])
        {
            Assert.Single(answer.Headers.GetValues("Date"));
            Assert.NotEmpty(Assert.Single(answer.Headers.GetValues("x-amzn-RequestId")));
        }
        Assert.Matches("\"CreatedDate\":[0-9]{10}[.][0-9]{3}[,}]", (await Describe(name)).Ok().Body);
    }

    private Task<Answer> Replicate(string name, string region, bool? overwrite = null) => Client.Call(
        "ReplicateSecretToRegions",
        new { SecretId = name, AddReplicaRegions = new[] { new { Region = region } }, ForceOverwriteReplicaSecret = overwrite });

    private static string Policy(string principal) =>
        $$$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"""
        + $$$"""{"AWS":"{{{principal}}}"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}]}""";
}
