using System.Net;
using System.Net.Sockets;
using DeploymentOrchestrator.Cli.Operating;

namespace DeploymentOrchestrator.Tests.Cli.Operating;

public sealed class ExportFailuresTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_outage_of_the_collector_is_logged_once_and_so_is_its_end()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}/";
        var log = new TestLog();
        using var failures = new ExportFailures([address, null, "no address"], log);
        using var client = new HttpClient();

        await Export("HTTP/1.1 200 OK");
        Assert.Empty(log.Lines);
        await Export("HTTP/1.1 503 Service Unavailable");
        await Export("HTTP/1.1 503 Service Unavailable");
        Assert.StartsWith("Warning: metrics and traces are not exported to 127.0.0.1:", Assert.Single(log.Lines), StringComparison.Ordinal);
        await Export("HTTP/1.1 200 OK");
        Assert.StartsWith("Information: metrics and traces are exported to 127.0.0.1:", log.Lines.Last(), StringComparison.Ordinal);
        Assert.Equal(2, log.Lines.Count);

        async Task Export(string answer)
        {
            var call = client.GetAsync(new Uri(address), Stop);
            using var connection = await collector.AcceptTcpClientAsync(Stop);
            await connection.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Stop);
            using var answered = await call;
        }
    }
}
