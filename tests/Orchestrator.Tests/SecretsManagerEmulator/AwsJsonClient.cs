using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

/// <summary>Makes calls of Secrets Manager in one Region.</summary>
internal interface ISecretsManagerCaller
{
    /// <param name="operation">For example CreateSecret.</param>
    /// <param name="parameters">An object whose members are the parameters; those that are null are left out.</param>
    Task<Answer> Call(string operation, object? parameters = null);
}

/// <summary>Calls Secrets Manager without an SDK, so that a test sees the wire format and can omit what an SDK adds.</summary>
internal sealed class AwsJsonClient(
    Uri endpoint, string region = "us-east-1", string accessKeyId = "AKIDEXAMPLE", int notFoundStatus = 400) : ISecretsManagerCaller
{
    private static readonly HttpClient Http = new();

    /// <summary>A new ClientRequestToken.</summary>
    public static string NewToken() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    public static string NewName(string prefix = "test") => $"{prefix}/{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    /// <summary>An access key of another account, as STS issues it for a role there.</summary>
    public static async Task<string> AccessKeyOf(Uri endpoint, string account)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["Action"] = "AssumeRoleWithWebIdentity",
            ["Version"] = "2011-06-15",
            ["RoleArn"] = $"arn:aws:iam::{account}:role/somebody",
            ["RoleSessionName"] = "by-hand",
            ["WebIdentityToken"] = "token",
        });
        using var answer = await Http.PostAsync(endpoint, form, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return text.Split("<AccessKeyId>")[1].Split('<')[0];
    }

    public Task<Answer> Call(string operation, object? parameters = null) =>
        Send($"secretsmanager.{operation}", Json(parameters));

    /// <summary>The parameters as Secrets Manager takes them.</summary>
    public static string Json(object? parameters) => JsonSerializer.Serialize(parameters ?? new { }, Omit);

    public async Task<Answer> Send(string? target, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        if (target is not null)
            request.Headers.Add("X-Amz-Target", target);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={accessKeyId}/20260101/{region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=00");
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, response.Headers, text, notFoundStatus);
    }

    private static readonly JsonSerializerOptions Omit = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };
}

/// <summary>An answer. NotFoundStatus is this service's status for "not found": 400, unless it has a known gap.</summary>
internal sealed record Answer(int Status, HttpResponseHeaders Headers, string Body, int NotFoundStatus)
{
    private readonly Lazy<JsonObject> json = new(() => Body.Length == 0 ? [] : JsonNode.Parse(Body)!.AsObject());

    public JsonObject Json => json.Value;

    public JsonNode? this[string name] => Json[name];

    public string Arn => Text("ARN");

    /// <summary>The service's clock, to the second.</summary>
    public DateTimeOffset Date => Headers.Date!.Value;

    public string Error => Text("__type");

    /// <summary>Errors of the service's model have Message, those of the layer in front of it message.</summary>
    public string Message => (string?)(this["Message"] ?? this["message"]) ?? "";

    public string Text(string name) => (string?)this[name] ?? "";

    public DateTimeOffset Time(string name) => DateTimeOffset.FromUnixTimeMilliseconds((long)(this[name]!.GetValue<double>() * 1000));

    public string[] Texts(string name) => [.. (this[name]?.AsArray() ?? []).Select(item => (string)item!)];

    /// <summary>VersionIdsToStages, each version's labels in alphabetical order and joined by commas.</summary>
    public Dictionary<string, string> Stages() => (this["VersionIdsToStages"]?.AsObject() ?? []).ToDictionary(
        version => version.Key,
        version => string.Join(',', version.Value!.AsArray().Select(label => (string)label!).Order(StringComparer.Ordinal)));

    public Answer Ok()
    {
        Assert.True(Status == 200, $"{Status}: {Body}");
        return this;
    }

    /// <summary>Fails unless refused with one of these codes (separated by |) and with HTTP 400, as all client errors are.</summary>
    public Answer Refused(string codes, string message = "")
    {
        var status = Error == "ResourceNotFoundException" ? NotFoundStatus : 400;
        Assert.True(Status == status, $"{Status} instead of {status} {codes}: {Body}");
        Assert.Contains(Error, codes.Split('|'));
        Assert.Contains(message, Message, StringComparison.Ordinal);
        return this;
    }
}
