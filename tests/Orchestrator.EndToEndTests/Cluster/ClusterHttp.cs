using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>The test's own access to the API server, which shares nothing with the program under test.</summary>
internal sealed class ClusterHttp : IDisposable
{
    private readonly HttpClient http;

    public ClusterHttp(Uri server, X509Certificate2 authority, string token)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(authority);
        http = new(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } }) { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
    }

    /// <summary>Whether the server reports that it is ready.</summary>
    public Task<bool> IsReady(CancellationToken cancellation) => IsThere("readyz", cancellation);

    /// <summary>Whether a path exists; false if the server cannot be reached.</summary>
    public async Task<bool> IsThere(string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>One call with a JSON answer; fails unless it succeeds.</summary>
    public Task<JsonObject> Call(HttpMethod method, string path, JsonObject? body) =>
        Send(method, path, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    /// <summary>Server-side apply of one YAML document.</summary>
    public Task<JsonObject> Apply(string path, string yaml) => Send(
        HttpMethod.Patch, $"{path}?fieldManager=test&force=true",
        new StringContent(yaml, Encoding.UTF8, new MediaTypeHeaderValue("application/apply-patch+yaml")));

    public void Dispose() => http.Dispose();

    private async Task<JsonObject> Send(HttpMethod method, string path, HttpContent? content)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var answer = await http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}
