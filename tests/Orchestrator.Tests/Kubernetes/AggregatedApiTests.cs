using System.Threading.Channels;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Informers;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>Kinds of an aggregated API: their versions have no order, and the API may answer anything (field case aggregated-api).</summary>
public sealed class AggregatedApiTests : IAsyncLifetime
{
    private static readonly ObjectKey Follower = new("x", "follower");
    private static readonly ObjectKey Key = new("x", "followed");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dorch-test-");
    private readonly SignallingTime time = new();
    private readonly TestLog log = new();
    private readonly Channel<ObjectKey> told = Channel.CreateUnbounded<ObjectKey>();
    private AggregatedApi api = null!;
    private KubernetesResourceStore store = null!;
    private ResourceWatches watches = null!;

    public async ValueTask InitializeAsync()
    {
        api = await AggregatedApi.Start();
        var kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, KubeconfigText.Of(api.Endpoint, "token: test"));
        store = new(ClusterAccess.Kubeconfig(kubeconfig), TimeProvider.System, log);
        watches = new(store, time, log);
        watches.Subscribe((follower, _) => told.Writer.TryWrite(follower));
    }

    public async ValueTask DisposeAsync()
    {
        await watches.DisposeAsync();
        store.Dispose();
        await api.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_watch_of_one_object_reports_each_version_but_the_one_already_seen()
    {
        watches.Set(Follower, [new(ResourceType.ConfigMap, Key, "rev-b")]);
        Assert.Equal("rev-1", await api.NextWatch());

        api.Send("ADDED", Key.Name, "rev-b");
        api.Send("MODIFIED", Key.Name, "rev-a");

        Assert.Equal(Follower, await told.Next());
        watches.Set(Follower, [new(ResourceType.ConfigMap, Key, "rev-a")]);
        api.Send("DELETED", Key.Name, "rev-a");
        Assert.Equal(Follower, await told.Next());
        Assert.False(told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_watch_goes_on_from_the_last_version_whatever_it_looks_like()
    {
        watches.Set(Follower, [new(ResourceType.ConfigMap, Key, "0")]);
        await api.NextWatch();
        api.Send("ADDED", Key.Name, "rev-z");
        Assert.Equal(Follower, await told.Next());

        api.End();

        Assert.Equal("rev-z", await api.NextWatch());
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"metadata":"none"}}""")]
    [InlineData("""{"type":["ADDED"],"object":{}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":{},"namespace":7}}}""")]
    public async Task An_event_that_a_watch_cannot_read_is_logged_and_the_watch_retried(string line)
    {
        watches.Set(Follower, [new(ResourceType.ConfigMap, Key, "0")]);
        await api.NextWatch();
        api.Send(line);
        api.End();

        await time.PassNextTimer();
        await api.NextWatch();
        api.Send("ADDED", Key.Name, "rev-2");

        Assert.Equal(Follower, await told.Next());
    }

    [Theory]
    [InlineData("""{"items":[]}""", "")]
    [InlineData("""{"metadata":{},"items":[{"metadata":{"name":"followed","namespace":"x"}}]}""", "")]
    public async Task A_list_without_a_version_is_watched_from_the_present(string list, string from)
    {
        api.Listed = list;
        watches.Set(Follower, [new(ResourceType.ConfigMap, Key, "0")]);

        Assert.Equal(from, await api.NextWatch());
        api.Send("ADDED", Key.Name, "rev-2");
        Assert.Equal(Follower, await told.Next());
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"1"},"items":[7]}""")]
    [InlineData("""{"metadata":{"resourceVersion":"1"},"items":[{"kind":"ConfigMap"}]}""")]
    [InlineData("""{"metadata":{"resourceVersion":{}},"items":[]}""")]
    public async Task A_list_that_cannot_be_read_is_logged_and_retried(string list)
    {
        api.Listed = list;
        watches.Set(Follower, [new(ResourceType.ConfigMap, Key, "0")]);
        Assert.Equal(TimeSpan.FromSeconds(1), await time.NextTimer());
        Assert.Contains(log.Lines, l => l.Contains("Following ConfigMap.v1", StringComparison.Ordinal)
            && l.Contains("next try in 00:00:01", StringComparison.Ordinal));

        api.Listed = """{"metadata":{"resourceVersion":"rev-1"},"items":[]}""";
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("rev-1", await api.NextWatch());
    }
}
