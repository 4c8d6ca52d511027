using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Tests.Resources;

public sealed class LeasedResourceStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Writes => ["Create", "Replace", "ReplaceStatus", "Apply", "Delete"];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_store_without_the_lease_writes_nothing(string write)
    {
        var store = new InMemoryResourceStore(TimeProvider.System, (_, _) => "00000000-0000-0000-0000-000000000001");
        var there = await store.Create(ConfigMap("there"), Stop);
        var lease = new ScriptedLease();
        var leased = new LeasedResourceStore(store, lease);
        lease.Lose();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var writing = Write(leased, write, there, stop.Token);
        await lease.Refused;
        Assert.NotNull(await leased.Get(ResourceType.ConfigMap, new("default", "there"), Stop));
        var list = await leased.List(ResourceType.ConfigMap, "default", Stop);
        Assert.Equal((1, (string?)there["metadata"]!["resourceVersion"]), (list.Items.Count, (string?)list.Items[0]["metadata"]!["resourceVersion"]));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_store_with_the_lease_writes_everything(string write)
    {
        var store = new InMemoryResourceStore(TimeProvider.System, (_, _) => "00000000-0000-0000-0000-000000000001");
        var there = await store.Create(ConfigMap("there"), Stop);
        var before = store.ResourceVersion(ResourceType.ConfigMap, null);
        there["data"]!["a"] = "2";
        await Write(new LeasedResourceStore(store, new ScriptedLease()), write, there, Stop);
        if (write != "ReplaceStatus")
            Assert.NotEqual(before, store.ResourceVersion(ResourceType.ConfigMap, null));
    }

    private static Task Write(LeasedResourceStore store, string write, JsonObject there, CancellationToken cancellation) => write switch
    {
        "Create" => store.Create(ConfigMap("new"), cancellation),
        "Replace" => store.Replace(there, cancellation),
        "ReplaceStatus" => store.ReplaceStatus(there, cancellation),
        "Apply" => store.Apply(ConfigMap("new"), new("test"), cancellation),
        _ => store.Delete(ResourceType.ConfigMap, new("default", "there"), new(), cancellation),
    };

    private static JsonObject ConfigMap(string name) => NewResource.ConfigMap("default", name, ("a", "1"));
}
