using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>Forwards connections to a server. It can stop without closing them, as a network that drops packets does, and it can break them.</summary>
internal sealed class FreezingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> pumps = [];
    private readonly Uri server;
    private readonly Task accepting;
    private CancellationTokenSource frozen = new();
    private CancellationTokenSource cut = new();
    private TaskCompletionSource open = Opened();
    private volatile bool refuses;

    public FreezingProxy(Uri server)
    {
        this.server = server;
        listener.Start();
        accepting = Accept();
    }

    /// <summary>Its address; the server's certificate is valid for it, too.</summary>
    public Uri Address => new UriBuilder(server) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;

    /// <summary>Existing connections forward nothing any more, and are not closed. New ones work.</summary>
    public async Task Freeze() => await Interlocked.Exchange(ref frozen, new()).CancelAsync();

    /// <summary>No connection, old or new, forwards anything until <see cref="Thaw"/>; none is closed, and nothing is lost.</summary>
    public void FreezeAll() => open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Forwards everything that was held back.</summary>
    public void Thaw() => open.TrySetResult();

    /// <summary>Breaks every connection and refuses new ones until <see cref="Join"/>.</summary>
    public async Task Cut()
    {
        refuses = true;
        await Interlocked.Exchange(ref cut, new()).CancelAsync();
    }

    /// <summary>New connections work again.</summary>
    public void Join() => refuses = false;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Stop();
        await Task.WhenAll(pumps);
        stop.Dispose();
        frozen.Dispose();
        cut.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
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
        using (var ends = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, cut.Token))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(ends.Token, frozen.Token))
        {
            if (refuses)
                return;
            try
            {
                await upstream.ConnectAsync(IPAddress.Loopback, server.Port, either.Token);
                var (there, back) =
                    (Copy(client.GetStream(), upstream.GetStream(), either.Token), Copy(upstream.GetStream(), client.GetStream(), either.Token));
                await Task.WhenAny(there, back).Unwrap();
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // One side closed the connection or does not exist: close the other.
            }
            catch (OperationCanceledException)
            {
                // Frozen: both sides stay open and nothing passes until the test ends. Cut: both are closed.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ends.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task Copy(NetworkStream from, NetworkStream to, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            await open.Task.WaitAsync(cancellation);
            await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }
    }
}
