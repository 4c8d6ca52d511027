using System.Net;
using System.Text;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>
/// What the runtime's HTTP client leaves in its buffers, on both sides of the stream that clears them. The end-to-end test of process memory covers TLS
/// and the AWS SDK.
/// </summary>
public sealed class ClearingStreamTests
{
    private const string Value = "S3cret-Value";

    private readonly List<byte[]> buffers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Answers => new()
    {
        { $"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{Value}", Value },
        { $"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{Value}", Value },
        { $"HTTP/1.1 400 Bad Request\nContent-Length: 12\n\n{Value}", Value },
        { $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{Value}", Value },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "" },
        { $"HTTP/1.1 200 OK\r\nX-Long: {new string('a', 9_000)}\r\nContent-Length: 60000\r\n\r\n{Many(60_000)}", Many(60_000) },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task No_buffer_keeps_an_answer_once_it_is_read(string answer, string body)
    {
        foreach (var piece in (int[])[1, 7, 100_000])
        {
            await using var server = new RawHttpServer(answer, piece);
            using var client = Client();

            Assert.Equal(body, await Post(client, server.Address, "{}"));

            AssertCleared();
        }
    }

    [Theory]
    [InlineData(12)]
    [InlineData(3_000)]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public async Task No_buffer_but_the_callers_own_keeps_a_request(int length)
    {
        await using var server = new RawHttpServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 100);
        using var client = Client();
        var body = Encoding.ASCII.GetBytes(Many(length));

        foreach (var _ in (int[])[1, 2])
        {
            using var content = new ByteArrayContent(body);
            using var answer = await client.PostAsync(server.Address, content, Cancellation);
            // A retry sends the same array again.
            Assert.Equal(Many(length), Encoding.ASCII.GetString(body));
        }

        Assert.Equal([Many(length), Many(length)], server.Bodies);
        Assert.Equal(1, server.Connections);
        lock (buffers)
            buffers.RemoveAll(buffer => ReferenceEquals(buffer, body));
        AssertCleared();
    }

    [Fact]
    public async Task A_connection_is_used_again_until_the_server_sends_what_nobody_asked_for()
    {
        await using var server = new RawHttpServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", 100_000);
        using var client = Client();

        Assert.Equal("{}", await Post(client, server.Address, "{}"));
        Assert.Equal("{}", await Post(client, server.Address, "{}"));

        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_proxy_gets_the_request_with_its_whole_address()
    {
        await using var proxy = new RawHttpServer($"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{Value}", 100);
        using var client = Client(new WebProxy(proxy.Address));

        Assert.Equal(Value, await Post(client, new("http://secretsmanager.example/"), Value));

        Assert.StartsWith("POST http://secretsmanager.example/ HTTP/1.1", proxy.Heads[0], StringComparison.Ordinal);
        AssertCleared();
    }

    [Fact]
    public async Task A_tunnel_through_a_proxy_carries_calls()
    {
        await using var server = new RawHttpServer($"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n{Many(60_000)}", 20_000, isTls: true);
        await using var proxy = new TunnelProxy(server.Address.Port);
        using var client = Client(new WebProxy(proxy.Address));

        foreach (var _ in (int[])[1, 2])
            Assert.Equal(Many(60_000), await Post(client, server.Address, Many(10_000)));

        Assert.Equal([Many(10_000), Many(10_000)], server.Bodies);
        Assert.Equal(1, server.Connections);
    }

    private static string Many(int length) => string.Concat(Enumerable.Repeat(Value, (length / Value.Length) + 1))[..length];

    private static async Task<string> Post(HttpClient client, Uri address, string body)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        // Read as the AWS SDK reads: synchronously, in parts, into the caller's memory.
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        var read = new List<byte>();
        Span<byte> part = stackalloc byte[300];
        while (stream.Read(part) is > 0 and var count)
            read.AddRange(part[..count]);
        return Encoding.ASCII.GetString([.. read]);
    }

    private HttpClient Client(IWebProxy? proxy = null) => new(new SocketsHttpHandler
    {
        Proxy = proxy,
        UseProxy = proxy is not null,
        SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=127.0.0.1" },
        PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(
            new RecordingStream(new ClearingStream(new RecordingStream(context.PlaintextStream, buffers)), buffers)),
    });

    private void AssertCleared()
    {
        // An idle connection has a pending read, which may be recorded meanwhile.
        lock (buffers)
        {
            Assert.NotEmpty(buffers);
            // Four letters suffice: a buffer may hold only a part.
            Assert.DoesNotContain(buffers, buffer => Encoding.ASCII.GetString(buffer).Contains("S3cr", StringComparison.Ordinal));
        }
    }
}
