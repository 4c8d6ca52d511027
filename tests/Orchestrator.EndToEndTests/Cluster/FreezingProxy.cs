using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>Passes connections on to a server, and can stop doing so without closing them, as a network does that drops packets.</summary>
internal sealed class FreezingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> pumps = [];
    private readonly Uri server;
    private readonly Task accepting;
    private CancellationTokenSource frozen = new();

    public FreezingProxy(Uri server)
    {
        this.server = server;
        listener.Start();
        accepting = Accept();
    }

    /// <summary>Where it listens; the server's certificate is good for it too.</summary>
    public Uri Address => new UriBuilder(server) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;

    /// <summary>No connection that exists now passes anything on any more; none is closed. New ones work.</summary>
    public async Task Freeze() => await Interlocked.Exchange(ref frozen, new()).CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(pumps);
        stop.Dispose();
        frozen.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                pumps.Add(Pass(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task Pass(TcpClient client)
    {
        using (client)
        using (var upstream = new TcpClient())
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, frozen.Token))
        {
            try
            {
                await upstream.ConnectAsync(IPAddress.Loopback, server.Port, either.Token);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(upstream.GetStream(), either.Token),
                    upstream.GetStream().CopyToAsync(client.GetStream(), either.Token)).Unwrap();
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // One side closed it, or is not there: the other is closed.
            }
            catch (OperationCanceledException)
            {
                // Frozen: both sides stay open, and nothing passes, until the test is over.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }
}
