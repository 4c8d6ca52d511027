using System.Net.Sockets;
using System.Text;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

/// <summary>Requests byte for byte, as a browser sends them for a page whose name was rebound to 127.0.0.1.</summary>
public sealed class HostTests : EmulatorTest
{
    private const string Body = """{"Name":"rebound","SecretString":"a","ClientRequestToken":"11111111-1111-1111-1111-111111111111"}""";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:{port}")]
    [InlineData("127.0.0.1:443")]
    [InlineData("127.8.8.8:{port}")]
    [InlineData("localhost")]
    [InlineData("LocalHost:{port}")]
    [InlineData("[::1]")]
    [InlineData("[::1]:{port}")]
    [InlineData("[::ffff:127.0.0.1]:{port}")]
    public async Task A_loopback_host_is_answered(string host)
    {
        Assert.StartsWith("HTTP/1.1 200 ", await Send("/", $"Host: {host}\r\n"), StringComparison.Ordinal);
        Assert.Equal("CreateSecret", Assert.Single(Server.Calls.Snapshot()).Operation);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:{port}")]
    [InlineData("127.0.0.1.evil.example:{port}")]
    [InlineData("localhost.evil.example")]
    [InlineData("evil-localhost")]
    [InlineData("localhost.")]
    [InlineData("0.0.0.0:{port}")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("[fe80::1]:{port}")]
    [InlineData("[::ffff:10.0.0.1]")]
    public async Task Another_host_is_refused_and_nothing_is_done(string host)
    {
        Server.Faults.Queue("CreateSecret", Fault.CutBefore);

        var answer = await Send("/", $"Host: {host}\r\n");

        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Contains("the Host header must be 127.0.0.1, [::1] or localhost", answer, StringComparison.Ordinal);
        Assert.Equal(("", "AccessDeniedException"), Server.Calls.Snapshot().Select(c => (c.Operation, c.ErrorCode)).Single());
        // The fault is still queued, so the request did not consume it.
        await Assert.ThrowsAsync<HttpRequestException>(() => Create("n"));
        (await Describe("rebound")).Refused("ResourceNotFoundException");
    }

    [Theory]
    [InlineData("http://evil.example/", "Host: evil.example\r\n", "HTTP/1.1 403 ")]
    [InlineData("http://evil.example:{port}/", "Host: evil.example:{port}\r\n", "HTTP/1.1 403 ")]
    // ASP.NET Core itself refuses these.
    [InlineData("http://evil.example/", "Host: 127.0.0.1\r\n", "HTTP/1.1 400 ")]
    [InlineData("http://127.0.0.1/", "Host: evil.example\r\n", "HTTP/1.1 400 ")]
    [InlineData("/", "", "HTTP/1.1 400 ")]
    [InlineData("/", "Host: [::]:{port}\r\n", "HTTP/1.1 400 ")]
    [InlineData("/", "Host: 127.0.0.1\r\nHost: evil.example\r\n", "HTTP/1.1 400 ")]
    [InlineData("/", "Host: 127.0.0.1@evil.example\r\n", "HTTP/1.1 400 ")]
    // An empty host, and other ways to name one.
    [InlineData("/", "Host: \r\n", "HTTP/1.1 403 ")]
    [InlineData("/", "Host: evil.example\r\nX-Forwarded-Host: 127.0.0.1\r\nForwarded: host=127.0.0.1\r\n", "HTTP/1.1 403 ")]
    [InlineData("http://127.0.0.1:{port}/", "Host: 127.0.0.1:{port}\r\n", "HTTP/1.1 200 ")]
    public async Task No_other_way_to_name_a_host_gets_past_the_check(string target, string headers, string status) =>
        Assert.StartsWith(status, await Send(target, headers), StringComparison.Ordinal);

    [Fact]
    public async Task A_request_of_HTTP_1_0_without_a_host_is_refused() =>
        Assert.Contains(" 403 ", (await Send("/", "", "HTTP/1.0")).Split('\n')[0], StringComparison.Ordinal);

    private async Task<string> Send(string target, string headers, string version = "HTTP/1.1")
    {
        var start = $"POST {target} {version}\r\n{headers}".Replace("{port}", $"{Server.Endpoint.Port}", StringComparison.Ordinal);
        var request = $"{start}X-Amz-Target: secretsmanager.CreateSecret\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {Body.Length}\r\n"
            + $"Connection: close\r\n\r\n{Body}";
        using var client = new TcpClient();
        await client.ConnectAsync(Server.Endpoint.Host, Server.Endpoint.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
