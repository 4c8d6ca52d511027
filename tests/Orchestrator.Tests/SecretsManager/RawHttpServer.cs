using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>Answers every request on loopback with the same bytes, in pieces of one size.</summary>
internal sealed class RawHttpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly X509Certificate2? certificate;
    private readonly byte[] answer;
    private readonly int piece;
    private readonly Task serving;

    public RawHttpServer(string answer, int piece, bool isTls = false)
    {
        (this.answer, this.piece) = (Encoding.ASCII.GetBytes(answer), piece);
        certificate = isTls ? SelfSigned() : null;
        listener.Start();
        Address = new($"{(isTls ? "https" : "http")}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        serving = Serve();
    }

    public Uri Address { get; }

    public int Connections { get; private set; }

    public List<string> Heads { get; } = [];

    public List<string> Bodies { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        listener.Dispose();
        stopping.Dispose();
        certificate?.Dispose();
    }

    private async Task Serve()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
                clients.Add(Answer(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task Answer(TcpClient client)
    {
        Connections++;
        using var ended = client;
        try
        {
            client.NoDelay = true;
            Stream stream = client.GetStream();
            if (certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stopping.Token);
                stream = tls;
            }

            while (await Request(stream))
            {
                for (var at = 0; at < answer.Length; at += piece)
                    await stream.WriteAsync(answer.AsMemory(at, Math.Min(piece, answer.Length - at)), stopping.Token);
                if (Encoding.ASCII.GetString(answer).Contains("Connection: close", StringComparison.Ordinal))
                    break;
            }

            await stream.DisposeAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client or the test is done.
        }
    }

    private async Task<bool> Request(Stream stream)
    {
        var text = new StringBuilder();
        var bytes = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(bytes, stopping.Token);
            if (read == 0)
                return false;
            text.Append(Encoding.ASCII.GetString(bytes, 0, read));
            var so = text.ToString();
            var end = so.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;
            var length = int.Parse(so[(so.IndexOf("Content-Length: ", StringComparison.Ordinal) + 16)..].Split('\r')[0]);
            if (so.Length < end + 4 + length)
                continue;
            Heads.Add(so[..end]);
            Bodies.Add(so[(end + 4)..]);
            return true;
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
