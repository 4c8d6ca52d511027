using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>A Secrets Manager on loopback, called as by any AWS client.</summary>
internal sealed class SecretsManagerProcess(RunningProcess process, Uri endpoint) : IAsyncDisposable
{
    private readonly HttpClient http = new() { BaseAddress = endpoint };

    /// <summary>Its address.</summary>
    public Uri Endpoint => endpoint;

    /// <summary>The environment in which an AWS client finds it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = endpoint.ToString(),
        ["AWS_ENDPOINT_URL_STS"] = endpoint.ToString(),
        ["AWS_ACCESS_KEY_ID"] = "local",
        ["AWS_SECRET_ACCESS_KEY"] = "local",
        ["AWS_REGION"] = "us-east-1",
    };

    /// <summary><c>dorch secrets-manager</c> on a free port.</summary>
    public static async Task<SecretsManagerProcess> Start(params string[] options)
    {
        var process = Dorch.Start(["secrets-manager", "--port", "0", .. options]);
        return await Of(process);
    }

    /// <summary>The one whose address a process prints.</summary>
    public static async Task<SecretsManagerProcess> Of(RunningProcess process)
    {
        var line = await process.Line(l => l.Contains("http://127.0.0.1:", StringComparison.Ordinal));
        var start = line.IndexOf("http://127.0.0.1:", StringComparison.Ordinal);
        var end = line.IndexOfAny([' ', ',', ';'], start);
        return new(process, new(end < 0 ? line[start..] : line[start..end]));
    }

    /// <summary>One call; null if AWS answers that the secret does not exist.</summary>
    public async Task<JsonNode?> Call(string operation, JsonObject input)
    {
        var answer = await Try(operation, input);
        if (answer["__type"] is not { } code)
            return answer;
        Assert.Equal("ResourceNotFoundException", (string?)code);
        return null;
    }

    /// <summary>One call's answer; a refusal has <c>__type</c>.</summary>
    public async Task<JsonNode> Try(string operation, JsonObject input)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.Add("X-Amz-Target", $"secretsmanager.{operation}");
        request.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0");
        request.Content = new StringContent(input.ToJsonString(), Encoding.UTF8);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(answer.IsSuccessStatusCode, body["__type"] is null);
        return body;
    }

    /// <summary>One call by the AWS CLI.</summary>
    public Task<Ended> Aws(params string[] arguments) => RunningProcess.Run(
        ["aws", "--endpoint-url", endpoint.ToString(), "--region", "us-east-1", "--output", "json", "secretsmanager", .. arguments], Environment);

    /// <summary>The metadata of a secret.</summary>
    public Task<JsonNode?> Describe(string name) => Call("DescribeSecret", new() { ["SecretId"] = name });

    /// <summary>The flat JSON in a secret, in its current or another version.</summary>
    public async Task<JsonObject> Value(string name, string? version = null)
    {
        var asked = new JsonObject { ["SecretId"] = name };
        if (version is not null)
            asked["VersionId"] = version;
        var answer = await Call("GetSecretValue", asked);
        return JsonNode.Parse((string)answer!["SecretString"]!)!.AsObject();
    }

    /// <summary>The names of secrets with this prefix that are not scheduled for deletion.</summary>
    public async Task<IReadOnlyList<string>> Live(string prefix)
    {
        var names = new List<string>();
        JsonNode? page = null;
        do
        {
            // The service's own name filter splits words; this one compares the prefix.
            var input = new JsonObject { ["MaxResults"] = 100 };
            if (page is not null)
                input["NextToken"] = page["NextToken"]!.DeepClone();
            page = (await Call("ListSecrets", input))!;
            names.AddRange(page["SecretList"]!.AsArray().Select(s => (string)s!["Name"]!).Where(n => n.StartsWith(prefix, StringComparison.Ordinal)));
        }
        while (page["NextToken"] is not null);
        return names;
    }

    /// <summary>The ids of all versions that a secret ever had, as far as the service keeps them.</summary>
    public async Task<IReadOnlyList<string>> Versions(string name)
    {
        var answer = await Call("ListSecretVersionIds", new() { ["SecretId"] = name, ["IncludeDeprecated"] = true, ["MaxResults"] = 100 });
        return [.. answer!["Versions"]!.AsArray().Select(v => (string)v!["VersionId"]!)];
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }
}
