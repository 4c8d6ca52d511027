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
    private readonly Channel<ObjectKey> told = Channel.CreateUnbounded<ObjectKey>();

    public ScriptedWatches()
    {
        Watches = new(Store, Time, NullLogger.Instance);
        Watches.Subscribe((follower, _) => told.Writer.TryWrite(follower));
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

    /// <summary>Ends when everything up to this version was told, and what is looked up was answered.</summary>
    public Task Quiet(string version) => Watches.WhenSeen((_, _) => version).Soon();

    /// <summary>The next who is told.</summary>
    public Task<ObjectKey> Next() => told.Next();

    /// <summary>Who else was told until now.</summary>
    public IReadOnlyList<ObjectKey> Told()
    {
        var all = new List<ObjectKey>();
        while (told.Reader.TryRead(out var follower))
            all.Add(follower);
        return all;
    }

    public ValueTask DisposeAsync() => Watches.DisposeAsync();
}
