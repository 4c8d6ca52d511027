using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Resources;

/// <summary>Guarantees of the in-memory store only: any kind, a bounded history, garbage collected before a write returns.</summary>
public sealed partial class InMemoryResourceStoreTests
{
    private readonly FakeTimeProvider time = new(new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero));
    private int uids;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private InMemoryResourceStore Store(int historyLimit = InMemoryResourceStore.DefaultHistoryLimit) =>
        new(time, (_, _) => $"uid-{Interlocked.Increment(ref uids)}", historyLimit);

    private static JsonObject Resource(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonObject ConfigMap(string name, string rest = "") =>
        Resource($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"default"{{{rest}}}}}""");

    private static string OwnedBy(params JsonObject[] owners) =>
        $""","ownerReferences":[{string.Join(',', owners.Select(Reference))}]""";

    private static string Reference(JsonObject owner) =>
        $$"""{"apiVersion":"v1","kind":"ConfigMap","name":"{{owner["metadata"]!["name"]}}","uid":"{{owner["metadata"]!["uid"]}}","blockOwnerDeletion":true}""";

    private static async Task<ResourceException> Refused(ResourceError error, Task write)
    {
        var refusal = await Assert.ThrowsAsync<ResourceException>(() => write);
        Assert.Equal(error, refusal.Error);
        return refusal;
    }

    private static async Task<IReadOnlyList<string>> Names(InMemoryResourceStore store) =>
        [.. (await store.List(ResourceType.ConfigMap, "default", Cancellation)).Items.Select(r => ObjectKey.Of(r).Name)];

    private static Task Delete(InMemoryResourceStore store, JsonObject resource, DeletePropagation propagation = DeletePropagation.Background) =>
        store.Delete(ResourceType.Of(resource), ObjectKey.Of(resource), new(Propagation: propagation), Cancellation);

    [Fact]
    public async Task Times_and_uids_are_those_passed_in()
    {
        var created = await Store().Create(ConfigMap("a"), Cancellation);

        Assert.Equal("2031-05-06T07:08:09Z", (string)created["metadata"]!["creationTimestamp"]!);
        Assert.Equal("uid-3", (string)created["metadata"]!["uid"]!);
    }

    [Fact]
    public async Task A_watch_resumes_within_the_history_and_expires_before_it()
    {
        var store = Store(historyLimit: 3);
        var from = (await store.List(ResourceType.ConfigMap, null, Cancellation)).ResourceVersion;
        var first = await store.Create(ConfigMap("a"), Cancellation);
        foreach (var name in (string[])["b", "c", "d"])
            await store.Create(ConfigMap(name), Cancellation);

        await using var resumed = store.Watch(ResourceType.ConfigMap, null, (string)first["metadata"]!["resourceVersion"]!, Cancellation)
            .GetAsyncEnumerator(Cancellation);
        Assert.True(await resumed.MoveNextAsync());
        Assert.Equal("b", ObjectKey.Of(resumed.Current.Resource).Name);

        await using var expired = store.Watch(ResourceType.ConfigMap, null, from, Cancellation).GetAsyncEnumerator(Cancellation);
        await Refused(ResourceError.Expired, expired.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task A_watch_from_no_version_is_refused()
    {
        await using var watch = Store().Watch(ResourceType.ConfigMap, null, "yesterday", Cancellation).GetAsyncEnumerator(Cancellation);

        await Refused(ResourceError.Invalid, watch.MoveNextAsync().AsTask());
    }

    [Fact]
    public void A_history_limit_of_zero_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Store(historyLimit: 0));

    [Fact]
    public async Task A_slow_watcher_blocks_nobody_and_misses_nothing()
    {
        var store = Store(historyLimit: 1);
        await using var watch = store.Watch(ResourceType.ConfigMap, null, store.ResourceVersion(ResourceType.Namespace), Cancellation)
            .GetAsyncEnumerator(Cancellation);
        var next = watch.MoveNextAsync();
        for (var i = 0; i < 100; i++)
            await store.Create(ConfigMap($"a{i}"), Cancellation);

        for (var i = 0; i < 100; i++)
        {
            Assert.True(await next);
            Assert.Equal($"a{i}", ObjectKey.Of(watch.Current.Resource).Name);
            next = i < 99 ? watch.MoveNextAsync() : next;
        }
    }

    [Fact]
    public async Task The_last_version_is_known_by_kind_and_namespace()
    {
        var store = Store();
        Assert.Equal("0", store.ResourceVersion(ResourceType.ConfigMap));
        var created = await store.Create(ConfigMap("a"), Cancellation);
        await store.Create(Resource("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"other"}}"""), Cancellation);

        Assert.Equal((string)created["metadata"]!["resourceVersion"]!, store.ResourceVersion(ResourceType.ConfigMap));
        Assert.Equal(store.ResourceVersion(ResourceType.ConfigMap), store.ResourceVersion(ResourceType.ConfigMap, "default"));
        Assert.Equal("0", store.ResourceVersion(ResourceType.ConfigMap, "other"));

        await Delete(store, created);
        Assert.Equal((await store.List(ResourceType.ConfigMap, null, Cancellation)).ResourceVersion, store.ResourceVersion(ResourceType.ConfigMap, "default"));
    }

    [Theory]
    [InlineData("rbac.authorization.k8s.io/v1", "ClusterRole", null, true)]
    [InlineData("rbac.authorization.k8s.io/v1", "ClusterRole", "default", false)]
    [InlineData("external-secrets.io/v1beta1", "ClusterSecretStore", null, true)]
    [InlineData("apps/v1", "Deployment", "default", true)]
    [InlineData("apps/v1", "Deployment", null, false)]
    [InlineData("deployment-orchestrator.io/v1alpha1", "Composition", null, false)]
    [InlineData("example.com/v1", "Widget", "default", true)]
    [InlineData("example.com/v1", "Widget", null, true)]
    public async Task Every_kind_is_served_in_its_scope_only(string apiVersion, string kind, string? @namespace, bool isTaken)
    {
        var resource = Resource($$$"""{"apiVersion":"{{{apiVersion}}}","kind":"{{{kind}}}","metadata":{"name":"a"}}""");
        if (@namespace is not null)
            resource["metadata"]!["namespace"] = @namespace;

        var create = Store().Create(resource, Cancellation);

        if (isTaken)
            Assert.Equal(@namespace, ObjectKey.Of(await create).Namespace);
        else
            await Refused(ResourceError.Invalid, create);
    }

    [Fact]
    public async Task Versions_of_a_kind_are_one_kind()
    {
        var store = Store();
        await store.Create(Resource("""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"}}"""), Cancellation);

        var found = await store.Get(new("example.com", "v2", "Widget"), new(null, "a"), Cancellation);

        Assert.Equal("example.com/v1", (string)found!["apiVersion"]!);
    }

    [Fact]
    public async Task Names_of_roles_are_looser_than_others()
    {
        var store = Store();
        await store.Create(Resource("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"system:Node"}}"""), Cancellation);

        await Refused(ResourceError.Invalid,
            store.Create(Resource("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"a/b"}}"""), Cancellation));
    }

    [Theory]
    [InlineData("""{"kind":"ConfigMap","metadata":{"name":"a","namespace":"default"}}""", "apiVersion: Required value")]
    [InlineData("""{"apiVersion":"v1","metadata":{"name":"a","namespace":"default"}}""", "kind: Required value")]
    [InlineData("""{"apiVersion":"v1","kind":7,"metadata":{"name":"a","namespace":"default"}}""", "kind: Required value")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap"}""", "metadata: Required value")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":[]}""", "metadata")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"A","namespace":"B"}}""", "metadata.namespace: Invalid value: \"B\"")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default","labels":{"l":1}}}""", "labels")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default","ownerReferences":[{"name":"b"}]}}""", "OwnerReference")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default","resourceVersion":"1"}}""", "resourceVersion")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"},"data":{"k":"1","k":"2"}}""", "k")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"},"data":{"port":5432}}""",
        "data.port: Invalid value: 5432: must be a string")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"},"data":{"x":null}}""",
        "data.x: Invalid value: null: must be a string")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"},"binaryData":[]}""",
        "binaryData: Invalid value: a list: must be an object")]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","namespace":"default"},"stringData":{"x":true}}""",
        "stringData.x: Invalid value: true: must be a string")]
    public async Task An_invalid_resource_is_refused_with_the_reason(string json, string reason)
    {
        var refusal = await Refused(ResourceError.Invalid, Store().Create(Resource(json), Cancellation));

        Assert.Contains(refusal.Details, d => d.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Numbers_read_as_any_numeric_type_however_they_were_created()
    {
        var resource = ConfigMap("a");
        resource["spec"] = new JsonObject { ["replicas"] = JsonValue.Create(3) };

        var created = await Store().Create(resource, Cancellation);

        Assert.Equal(3L, (long)created["spec"]!["replicas"]!);
        Assert.Equal(1, (int)created["metadata"]!["generation"]!);
        Assert.Equal(1L, (long)created["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var store = Store();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Create(ConfigMap("a"), new CancellationToken(canceled: true)));

        Assert.Empty(await Names(store));
    }

    [Fact]
    public async Task Writes_from_many_threads_all_arrive_in_one_order()
    {
        var store = Store();
        var from = store.ResourceVersion(ResourceType.Namespace);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(
            async () =>
            {
                for (var i = 0; i < 50; i++)
                    await store.Create(ConfigMap($"a{t}-{i}"), Cancellation);
            },
            Cancellation)));

        var versions = new List<long>();
        await foreach (var happened in store.Watch(ResourceType.ConfigMap, null, from, Cancellation))
        {
            versions.Add(long.Parse((string)happened.Resource["metadata"]!["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture));
            if (versions.Count == 400)
                break;
        }

        Assert.Equal(versions.Distinct().Order(), versions);
        Assert.Equal(400, (await Names(store)).Count);
    }
}
