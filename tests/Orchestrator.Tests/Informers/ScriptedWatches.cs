using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Tests.Informers;

/// <summary>Watches on a store whose lists and events the test writes, in a time that only the test advances.</summary>
internal sealed class ScriptedWatches : IAsyncDisposable
{
    private readonly Channel<ObjectKey> notified = Channel.CreateUnbounded<ObjectKey>();

    public ScriptedWatches()
    {
        Watches = new(Store, Time, NullLogger.Instance);
        Watches.Subscribe((follower, _) => notified.Writer.TryWrite(follower));
    }

    public ScriptedStore Store { get; } = new();

    public SignallingTime Time { get; } = new();

    public ResourceWatches Watches { get; }

    /// <summary>Answers the first list.</summary>
    /// <returns>The watch that follows it.</returns>
    public async Task<ScriptedStore.WatchCall> Started(string version, params JsonObject[] items)
    {
        (await Store.NextList()).Answer(version, items);
        return await Store.NextWatch();
    }

    /// <summary>Ends when followers were notified of everything up to this version, and every lookup was answered.</summary>
    public Task Quiet(string version) => Watches.WhenSeen((_, _) => version).Soon();

    /// <summary>The next follower to be notified.</summary>
    public Task<ObjectKey> Next() => notified.Next();

    /// <summary>The other followers notified so far.</summary>
    public IReadOnlyList<ObjectKey> Notified()
    {
        var all = new List<ObjectKey>();
        while (notified.Reader.TryRead(out var follower))
            all.Add(follower);
        return all;
    }

    public ValueTask DisposeAsync() => Watches.DisposeAsync();
}
