using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>Terminates TLS on loopback in front of a server without TLS, with its own certificate.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly TemporaryFolder folder = new();
    private readonly X509Certificate2 certificate = Certificate();
    private readonly Uri behind;
    private readonly Task serving;

    public TlsFront(Uri behind)
    {
        this.behind = behind;
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        listener.Start();
        Endpoint = new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        serving = Serve();
    }

    /// <summary>Its address.</summary>
    public Uri Endpoint { get; }

    /// <summary>The certificate, for clients that must trust it.</summary>
    public string CertificateFile => Path.Combine(folder.Path, "ca.pem");

    /// <summary>The number of connections so far.</summary>
    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        listener.Dispose();
        stopping.Dispose();
        certificate.Dispose();
        folder.Dispose();
    }

    private async Task Serve()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(Carry(await listener.AcceptTcpClientAsync(stopping.Token)));
                Connections++;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task Carry(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(behind.Host, behind.Port, stopping.Token);
            await using var tls = new SslStream(near.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stopping.Token);
            await Task.WhenAny(tls.CopyToAsync(far.GetStream(), stopping.Token), far.GetStream().CopyToAsync(tls, stopping.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // One of the three is done.
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
