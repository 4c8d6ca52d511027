using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

/// <summary>A store whose lists and watches the test answers, one by one.</summary>
internal sealed class ScriptedStore : IResourceStore
{
    private readonly Channel<ListCall> lists = Channel.CreateUnbounded<ListCall>();
    private readonly Channel<WatchCall> watches = Channel.CreateUnbounded<WatchCall>();

    public Task<ListCall> NextList() => lists.Next();

    public Task<WatchCall> NextWatch() => watches.Next();

    public Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation)
    {
        var call = new ListCall(@namespace);
        lists.Writer.TryWrite(call);
        return call.Source.Task.WaitAsync(cancellation);
    }

    public IAsyncEnumerable<WatchEvent> Watch(ResourceType type, string? @namespace, string resourceVersion, CancellationToken cancellation)
    {
        var call = new WatchCall(@namespace, resourceVersion);
        watches.Writer.TryWrite(call);
        return call.Events.Reader.ReadAllAsync(cancellation);
    }

    public Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation) => throw new NotSupportedException();

    public Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<MissingRights> MissingRights(ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public IResourceStore As(ServiceAccount account) => throw new NotSupportedException();

    internal sealed record ListCall(string? Namespace)
    {
        public TaskCompletionSource<ResourceList> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(string version, params JsonObject[] items) => Source.SetResult(new(items, version));

        public void Fail(ResourceError error) => Source.SetException(new ResourceException(error, "as scripted"));
    }

    internal sealed record WatchCall(string? Namespace, string From)
    {
        public Channel<WatchEvent> Events { get; } = Channel.CreateUnbounded<WatchEvent>();

        public void Send(WatchEventType type, JsonObject resource) => Events.Writer.TryWrite(new(type, resource));

        public void End() => Events.Writer.Complete();

        public void Fail(ResourceError error) => Events.Writer.Complete(new ResourceException(error, "as scripted"));
    }
}
