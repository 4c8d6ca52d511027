using System.Xml.Linq;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

public sealed class StsTests : EmulatorTest
{
    private static readonly HttpClient Http = new();
    private static readonly XNamespace Sts = "https://sts.amazonaws.com/doc/2011-06-15/";

    private protected override EmulatorOptions Options => new() { AccountId = "123456789012" };

    [Fact]
    public async Task The_caller_is_of_the_configured_account()
    {
        var identity = await Call(("Action", "GetCallerIdentity"));
        Assert.Equal("123456789012", Value(identity, "Account"));
        Assert.Equal("arn:aws:iam::123456789012:user/emulator", Value(identity, "Arn"));
    }

    [Theory]
    [InlineData("AssumeRole")]
    [InlineData("AssumeRoleWithWebIdentity")]
    public async Task Credentials_of_a_role_act_in_the_roles_account(string operation)
    {
        var assumed = await Call(
            ("Action", operation),
            ("RoleArn", "arn:aws:iam::210987654321:role/path/deployer"),
            ("RoleSessionName", "session"),
            ("WebIdentityToken", "token"));
        Assert.Equal(Start.AddHours(1), DateTimeOffset.Parse(Value(assumed, "Expiration")));
        var key = Value(assumed, "AccessKeyId");

        var identity = await Call(key, ("Action", "GetCallerIdentity"));
        Assert.Equal("210987654321", Value(identity, "Account"));
        Assert.Equal("arn:aws:sts::210987654321:assumed-role/deployer/session", Value(identity, "Arn"));

        var theirs = new AwsJsonClient(Server.Endpoint, accessKeyId: key);
        var created = await theirs.Call("CreateSecret", new { Name = "n", SecretString = "a", ClientRequestToken = AwsJsonClient.NewToken() });
        Assert.StartsWith("arn:aws:secretsmanager:us-east-1:210987654321:secret:n-", created.Ok().Arn, StringComparison.Ordinal);
        (await Describe("n")).Refused("ResourceNotFoundException");
        (await Describe(created.Arn)).Refused("AccessDeniedException", "no resource-based policy allows the secretsmanager:DescribeSecret action");
    }

    [Theory]
    [InlineData("AssumeRole", "not an arn", "ValidationError", 400)]
    [InlineData("AssumeRole", null, "ValidationError", 400)]
    [InlineData("AssumeRoleWithWebIdentity", "arn:aws:iam::210987654321:role/r", "ValidationError", 400)]
    [InlineData("Nonsense", null, "InvalidAction", 400)]
    public async Task A_call_that_STS_cannot_answer_is_an_XML_error(string operation, string? role, string code, int status)
    {
        var (answered, error) = await Send(
            null, ("Action", operation), ("RoleSessionName", "session"), (role is null ? "Unused" : "RoleArn", role ?? ""));
        Assert.Equal((status, code), (answered, Value(error, "Code")));
    }

    [Fact]
    public async Task Faults_have_the_error_messages_of_STS()
    {
        Server.Faults.Queue("GetCallerIdentity", Fault.Throttle);
        Server.Faults.Queue("GetCallerIdentity", Fault.AccessDenied);
        var (status, error) = await Send(null, ("Action", "GetCallerIdentity"));
        Assert.Equal((400, "Throttling"), (status, Value(error, "Code")));
        (status, error) = await Send(null, ("Action", "GetCallerIdentity"));
        Assert.Equal((403, "AccessDenied"), (status, Value(error, "Code")));
        Assert.Contains("is not authorized to perform: sts:GetCallerIdentity", Value(error, "Message"), StringComparison.Ordinal);
    }

    private Task<XElement> Call(params (string, string)[] form) => Call(null, form);

    private async Task<XElement> Call(string? accessKeyId, params (string, string)[] form)
    {
        var (status, answer) = await Send(accessKeyId, form);
        Assert.True(status == 200, answer.ToString());
        return answer;
    }

    private async Task<(int Status, XElement Answer)> Send(string? accessKeyId, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Server.Endpoint);
        request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        if (accessKeyId is not null)
            request.Headers.TryAddWithoutValidation(
                "Authorization", $"AWS4-HMAC-SHA256 Credential={accessKeyId}/20260301/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, XElement.Parse(text));
    }

    private static string Value(XElement answer, string name) => answer.Descendants(Sts + name).Single().Value;
}
