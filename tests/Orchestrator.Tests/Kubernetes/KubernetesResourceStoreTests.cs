using System.Collections.Concurrent;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Informers;
using DeploymentOrchestrator.Tests.SecretsManager;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>Answers that a real API server does not give on demand. The end-to-end tests cover the rest on a real one.</summary>
public sealed class KubernetesResourceStoreTests : IDisposable
{
    private const string Discovery = """{"kind":"APIResourceList","resources":[{"name":"configmaps","namespaced":true,"kind":"ConfigMap"}]}""";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dorch-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_list_whose_next_page_has_expired_is_read_again_at_once()
    {
        await using var server = await Server(context => context.Request.Query switch
        {
            var q when q.ContainsKey("continue") => (410, """{"kind":"Status","status":"Failure","reason":"Expired","code":410}"""),
            var q when q.ContainsKey("limit") => (200, List("1", "a", next: "more")),
            _ => (200, List("2", "b")),
        });
        using var store = Store(server);

        var list = await store.List(ResourceType.ConfigMap, "x", TestContext.Current.CancellationToken);

        Assert.Equal("2", list.ResourceVersion);
        Assert.Equal("b", ObjectKey.Of(Assert.Single(list.Items)).Name);
    }

    [Fact]
    public async Task A_single_resource_is_watched_by_name_and_by_metadata_only()
    {
        var asked = new ConcurrentQueue<(string Query, string? Accept)>();
        await using var server = await Server(context =>
        {
            asked.Enqueue((context.Request.QueryString.Value!, context.Request.Headers.Accept));
            return (200, context.Request.Query.ContainsKey("watch") ? "" : List("7", "a"));
        });
        using var store = Store(server);
        var feed = store.MetadataOf("a");

        await feed.List(ResourceType.ConfigMap, "x", TestContext.Current.CancellationToken);
        await foreach (var _ in feed.Watch(ResourceType.ConfigMap, "x", "7", TestContext.Current.CancellationToken))
            Assert.Fail("nothing happened");

        Assert.Equal(3, asked.Count);
        Assert.All(asked, call => Assert.Contains("fieldSelector=metadata.name%3Da", call.Query, StringComparison.Ordinal));
        Assert.All(asked, call => Assert.Contains("as=PartialObjectMetadata", call.Accept, StringComparison.Ordinal));
    }

    // Each watch would otherwise start by reading a resource, perhaps a megabyte, just for the list's version.
    [Fact]
    public async Task The_check_for_a_reached_version_reads_no_resource()
    {
        var asked = new ConcurrentQueue<(bool IsWatch, string? Accept)>();
        await using var server = await Server(context =>
        {
            var isWatch = context.Request.Query.ContainsKey("watch");
            asked.Enqueue((isWatch, context.Request.Headers.Accept));
            return (200, isWatch ? "" : List("7", "a"));
        });
        using var store = Store(server);

        await foreach (var _ in store.Watch(ResourceType.ConfigMap, "x", "7", TestContext.Current.CancellationToken))
            Assert.Fail("nothing happened");

        Assert.Equal([false, true], asked.Select(call => call.IsWatch));
        Assert.Contains("as=PartialObjectMetadataList", asked.First().Accept, StringComparison.Ordinal);
        Assert.Equal("application/json", asked.Last().Accept);
    }

    [Fact]
    public async Task Credentials_are_read_again_once_and_then_they_are_refused()
    {
        await using var server = await Server(_ => (401, """{"kind":"Status","status":"Failure","reason":"Unauthorized","code":401}"""));
        using var store = Store(server);

        var refusal = await Assert.ThrowsAsync<ResourceException>(() => store.List(ResourceType.ConfigMap, "x", TestContext.Current.CancellationToken));

        Assert.Equal(ResourceError.Forbidden, refusal.Error);
        Assert.Equal(3, server.Calls.Count);
    }

    [Fact]
    public async Task No_answer_in_time_is_unavailable()
    {
        var time = new SignallingTime();
        await using var server = await ScriptedServer.Start((context, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var store = Store(server, time);

        var get = store.Get(ResourceType.ConfigMap, new("x", "a"), TestContext.Current.CancellationToken);
        await time.PassNextTimer();

        Assert.Equal(ResourceError.Unavailable, (await Assert.ThrowsAsync<ResourceException>(() => get)).Error);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_not_a_failure_of_the_server()
    {
        var time = new SignallingTime();
        await using var server = await ScriptedServer.Start((context, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var store = Store(server, time);
        using var cancel = new CancellationTokenSource();

        var get = store.Get(ResourceType.ConfigMap, new("x", "a"), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task An_answer_that_is_not_an_object_is_unavailable(string answer)
    {
        await using var server = await Server(_ => (200, answer));
        using var store = Store(server);

        var refusal =
            await Assert.ThrowsAsync<ResourceException>(() => store.Get(ResourceType.ConfigMap, new("x", "a"), TestContext.Current.CancellationToken));

        Assert.Equal(ResourceError.Unavailable, refusal.Error);
    }

    [Theory]
    [InlineData("""{"resources":5}""", "resources is not a list")]
    [InlineData("""{"resources":[null]}""", "resources[].name is not a text")]
    [InlineData("""{"resources":["configmaps"]}""", "resources[].name is not a text")]
    [InlineData("""{"resources":[{"name":7,"kind":"ConfigMap","namespaced":true}]}""", "resources[].name is not a text")]
    [InlineData("""{"resources":[{"name":"configmaps","namespaced":true}]}""", "resources[].kind is not a text")]
    [InlineData("""{"resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":"yes"}]}""", "resources[].namespaced is not true or false")]
    public async Task A_malformed_discovery_is_unavailable_and_says_what_is_wrong(string discovery, string problem)
    {
        await using var server = await ScriptedServer.Start((context, _) => context.Response.WriteAsync(discovery));
        using var store = Store(server);

        var refusal =
            await Assert.ThrowsAsync<ResourceException>(() => store.Get(ResourceType.ConfigMap, new("x", "a"), TestContext.Current.CancellationToken));

        Assert.Equal(ResourceError.Unavailable, refusal.Error);
        Assert.Equal($"GET api/v1: the API server does not say which kinds it serves: {problem}", refusal.Message);
    }

    [Theory]
    [InlineData("/api", "v1", """{"versions":{}}""", "versions is not a list")]
    [InlineData("/api", "v1", """{"versions":[1]}""", "versions[] is not a text")]
    [InlineData("/apis/example.org", "example.org/v1", """{"versions":["v1"]}""", "versions[].version is not a text")]
    public async Task Malformed_versions_of_a_group_are_unavailable_too(string path, string apiVersion, string answer, string problem)
    {
        await using var server = await ScriptedServer.Start((context, _) =>
            context.Response.WriteAsync(context.Request.Path == path ? answer : """{"resources":[]}"""));
        using var store = Store(server);

        var refusal =
            await Assert.ThrowsAsync<ResourceException>(() =>
            store.Get(ResourceType.Of(apiVersion, "Absent"), new("x", "a"), TestContext.Current.CancellationToken));

        Assert.Equal((ResourceError.Unavailable, $"GET {path[1..]}: the API server does not say which kinds it serves: {problem}"),
            (refusal.Error, refusal.Message));
    }

    // As Go writes an empty list.
    [Fact]
    public async Task A_discovery_without_a_list_serves_nothing()
    {
        await using var server = await ScriptedServer.Start((context, _) => context.Response.WriteAsync("""{"resources":null,"versions":null}"""));
        using var store = Store(server);

        var refusal =
            await Assert.ThrowsAsync<ResourceException>(() => store.Get(ResourceType.ConfigMap, new("x", "a"), TestContext.Current.CancellationToken));

        Assert.Equal(ResourceError.NotServed, refusal.Error);
    }

    [Fact]
    public async Task A_TLS_failure_says_what_is_wrong()
    {
        await using var plain = await Server(_ => (200, ""));
        using var store = Store(new UriBuilder(plain.Endpoint) { Scheme = "https" }.Uri);

        var refusal =
            await Assert.ThrowsAsync<ResourceException>(() => store.Get(ResourceType.ConfigMap, new("x", "a"), TestContext.Current.CancellationToken));

        Assert.Equal(ResourceError.Unavailable, refusal.Error);
        Assert.StartsWith("GET /api/v1: The SSL connection could not be established: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<ScriptedServer> Server(Func<HttpContext, (int Status, string Body)> answer) => ScriptedServer.Start(async (context, _) =>
    {
        var (status, body) = context.Request.Path == "/api/v1" ? (200, Discovery) : answer(context);
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
    });

    private static string List(string version, string name, string next = "") =>
        $$$"""{"metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{"metadata":{"name":"{{{name}}}","namespace":"x"}}]}""";

    private KubernetesResourceStore Store(ScriptedServer server, TimeProvider? time = null) => Store(server.Endpoint, time);

    private KubernetesResourceStore Store(Uri server, TimeProvider? time = null)
    {
        var kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
        File.WriteAllText(kubeconfig, KubeconfigText.Of(server, "token: test"));
        return new(ClusterAccess.Kubeconfig(kubeconfig), time ?? TimeProvider.System, new TestLog());
    }
}
