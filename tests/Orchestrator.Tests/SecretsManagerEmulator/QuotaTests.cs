using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Operations;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

public sealed class QuotaTests : EmulatorTest
{
    private static readonly Caller Caller = new("123456789012", "us-east-1", "arn:aws:iam::123456789012:user/u");

    private protected override EmulatorOptions Options => new() { Quotas = RequestQuotas.Aws };

    [Fact]
    public async Task A_seconds_worth_may_come_at_once_and_the_rest_is_throttled_before_anything_is_done()
    {
        await AtOnce(50, () => Create(AwsJsonClient.NewName()));
        (await Create("one-too-many")).Refused("ThrottlingException", "Rate exceeded");
        (await Describe("one-too-many")).Refused("ResourceNotFoundException");
        Assert.Single(Server.Calls.Snapshot(), call => call is { Operation: "CreateSecret", ErrorCode: "ThrottlingException" });

        Time.Advance(TimeSpan.FromMilliseconds(20));
        (await Create("one-too-many")).Ok();
        (await Create("two-too-many")).Refused("ThrottlingException");
    }

    [Fact]
    public async Task A_refused_call_counts_too_and_another_account_or_Region_has_quotas_of_its_own()
    {
        await AtOnce(50, () => Client.Call("TagResource"), ok: false);
        (await Client.Call("UntagResource")).Refused("ThrottlingException");
        (await Client.Call("CreateSecret")).Refused("ValidationException");
        (await new AwsJsonClient(Server.Endpoint, "eu-west-1").Call("TagResource")).Refused("ValidationException");
        var theirs = new AwsJsonClient(Server.Endpoint, accessKeyId: await KeyOfAnotherAccount());
        (await theirs.Call("TagResource")).Refused("ValidationException");
    }

    [Fact]
    public async Task Nothing_is_throttled_unless_asked_for()
    {
        await using var server = await SecretsManagerServer.StartAsync(new() { TimeProvider = Time }, TestContext.Current.CancellationToken);
        var client = new AwsJsonClient(server.Endpoint);
        await AtOnce(120, () => client.Call("GetRandomPassword"));
    }

    /// <summary>On a stopped clock the first call over the quota is number quota + 1.</summary>
    [Theory]
    [InlineData(40_000, "DescribeSecret")]
    [InlineData(10_000, "GetSecretValue")]
    [InlineData(100, "ListSecrets")]
    [InlineData(100, "BatchGetSecretValue")]
    [InlineData(50, "CreateSecret")]
    [InlineData(50, "DeleteSecret")]
    [InlineData(50, "RestoreSecret")]
    [InlineData(50, "GetRandomPassword")]
    [InlineData(50, "ListSecretVersionIds")]
    [InlineData(50, "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage", "ReplicateSecretToRegions", "RemoveRegionsFromReplication",
        "StopReplicationToReplica")]
    [InlineData(50, "PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy", "ValidateResourcePolicy")]
    [InlineData(50, "RotateSecret", "CancelRotateSecret")]
    [InlineData(50, "TagResource", "UntagResource")]
    public void Each_quota_has_AWSs_figure(int perSecond, params string[] operations)
    {
        var rate = new RequestRate(RequestQuotas.Aws, Time);
        for (var call = 0; call < perSecond; call++)
            rate.Take(operations[call % operations.Length], Caller);
        Assert.All(operations, operation => Assert.Throws<ApiException>(() => rate.Take(operation, Caller)));
        foreach (var other in OperationTable.Names.Except(operations))
            rate.Take(other, Caller);
    }

    [Fact]
    public void A_bucket_fills_continuously_and_never_over_one_seconds_worth()
    {
        var bucket = new TokenBucket(50, Time);
        Assert.Equal(50, TakeAll());
        Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(25, TakeAll());
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(15));
            bucket.TryTake();
        }
        Time.Advance(TimeSpan.FromMilliseconds(35));
        Assert.Equal(2, TakeAll());
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(50, TakeAll());

        int TakeAll()
        {
            var taken = 0;
            while (bucket.TryTake())
                taken++;
            return taken;
        }
    }

    private async Task<string> KeyOfAnotherAccount()
    {
        using var http = new HttpClient();
        var form = new Dictionary<string, string>
        {
            ["Action"] = "AssumeRole",
            ["RoleArn"] = "arn:aws:iam::210987654321:role/r",
            ["RoleSessionName"] = "s",
        };
        using var content = new FormUrlEncodedContent(form);
        using var answer = await http.PostAsync(Server.Endpoint, content, TestContext.Current.CancellationToken);
        var xml = System.Xml.Linq.XElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return xml.Descendants().Single(element => element.Name.LocalName == "AccessKeyId").Value;
    }

    private static async Task AtOnce(int count, Func<Task<Answer>> call, bool ok = true)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => call()));
        Assert.All(answers, answer => Assert.Equal(ok ? "" : "ValidationException", answer.Error));
    }
}
