using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public sealed partial class InMemoryResourceStoreTests
{
    [Fact]
    public async Task Garbage_is_collected_before_the_delete_returns()
    {
        var store = Store();
        var owner = await store.Create(ConfigMap("owner"), Cancellation);
        var child = await store.Create(ConfigMap("child", OwnedBy(owner)), Cancellation);
        await store.Create(ConfigMap("grandchild", OwnedBy(child)), Cancellation);

        await Delete(store, owner);

        Assert.Empty(await Names(store));
    }

    [Fact]
    public async Task Dependents_stay_while_a_finalizer_holds_their_owner()
    {
        var store = Store();
        var owner = await store.Create(ConfigMap("owner", ""","finalizers":["example.com/hold"]"""), Cancellation);
        await store.Create(ConfigMap("child", OwnedBy(owner)), Cancellation);

        await Delete(store, owner);
        Assert.Equal(["child", "owner"], await Names(store));

        var held = (await store.Get(ResourceType.ConfigMap, new("default", "owner"), Cancellation))!;
        held["metadata"]!.AsObject().Remove("finalizers");
        var released = await store.Replace(held, Cancellation);
        Assert.Empty(await Names(store));
        Assert.Equal((string)held["metadata"]!["resourceVersion"]!, (string)released["metadata"]!["resourceVersion"]!);
    }

    [Fact]
    public async Task A_dependent_whose_new_owners_do_not_exist_is_deleted()
    {
        var store = Store();
        var owner = await store.Create(ConfigMap("owner"), Cancellation);
        var child = await store.Create(ConfigMap("child", OwnedBy(owner)), Cancellation);
        child["metadata"]!["ownerReferences"]![0]!["uid"] = "never";

        await store.Replace(child, Cancellation);

        Assert.Equal(["owner"], await Names(store));
    }

    [Fact]
    public async Task An_owner_in_another_namespace_does_not_count()
    {
        var store = Store();
        await store.Create(Resource("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"other"}}"""), Cancellation);
        var owner = await store.Create(Resource("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"owner","namespace":"other"}}"""), Cancellation);

        await store.Create(ConfigMap("child", OwnedBy(owner)), Cancellation);

        Assert.Empty(await Names(store));
    }

    [Fact]
    public async Task A_cluster_scoped_dependent_of_a_namespaced_owner_is_left_alone()
    {
        var store = Store();
        var owner = await store.Create(ConfigMap("owner"), Cancellation);
        var role = Resource("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"a"}}""");
        role["metadata"]!["ownerReferences"] = new JsonArray(Resource(Reference(owner)));

        await store.Create(role, Cancellation);
        await Delete(store, owner);

        Assert.NotNull(await store.Get(ResourceType.Of(role), ObjectKey.Of(role), Cancellation));
    }

    [Fact]
    public async Task Foreground_deletion_goes_down_a_chain_and_up_again()
    {
        var store = Store();
        var owner = await store.Create(ConfigMap("a"), Cancellation);
        var child = await store.Create(ConfigMap("b", OwnedBy(owner)), Cancellation);
        var held = await store.Create(ConfigMap("c", OwnedBy(child) + ""","finalizers":["example.com/hold"]"""), Cancellation);

        await Delete(store, owner, DeletePropagation.Foreground);
        Assert.Equal(["a", "b", "c"], await Names(store));

        held = (await store.Get(ResourceType.ConfigMap, ObjectKey.Of(held), Cancellation))!;
        held["metadata"]!.AsObject().Remove("finalizers");
        await store.Replace(held, Cancellation);
        Assert.Empty(await Names(store));
    }

    [Fact]
    public async Task Foreground_deletion_of_an_owner_cycle_ends()
    {
        var store = Store();
        var a = await store.Create(ConfigMap("a"), Cancellation);
        var b = await store.Create(ConfigMap("b", OwnedBy(a)), Cancellation);
        var c = await store.Create(ConfigMap("c", OwnedBy(b)), Cancellation);
        a["metadata"]!["ownerReferences"] = new JsonArray(Resource(Reference(c)));
        a = await store.Replace(a, Cancellation);

        await Delete(store, a, DeletePropagation.Foreground);

        Assert.Empty(await Names(store));
    }

    [Fact]
    public async Task A_foreground_deletion_turned_into_a_background_one_stops_waiting()
    {
        var store = Store();
        var owner = await store.Create(ConfigMap("owner"), Cancellation);
        await store.Create(ConfigMap("child", OwnedBy(owner) + ""","finalizers":["example.com/hold"]"""), Cancellation);
        await Delete(store, owner, DeletePropagation.Foreground);
        Assert.Equal(["child", "owner"], await Names(store));

        await Delete(store, owner);

        Assert.Equal(["child"], await Names(store));
    }

    [Fact]
    public async Task A_dependent_that_no_longer_blocks_releases_its_owner()
    {
        var store = Store();
        var owner = await store.Create(ConfigMap("owner"), Cancellation);
        await store.Create(ConfigMap("child", OwnedBy(owner) + ""","finalizers":["example.com/hold"]"""), Cancellation);
        await Delete(store, owner, DeletePropagation.Foreground);
        var child = (await store.Get(ResourceType.ConfigMap, new("default", "child"), Cancellation))!;
        child["metadata"]!["ownerReferences"]![0]!["blockOwnerDeletion"] = false;

        await store.Replace(child, Cancellation);

        Assert.Equal(["child"], await Names(store));
    }

    [Fact]
    public async Task A_dependent_with_another_owner_only_loses_the_one_that_waits_for_it()
    {
        var store = Store();
        var going = await store.Create(ConfigMap("going"), Cancellation);
        var staying = await store.Create(ConfigMap("staying"), Cancellation);
        await store.Create(ConfigMap("child", OwnedBy(going, staying)), Cancellation);

        await Delete(store, going, DeletePropagation.Foreground);

        Assert.Equal(["child", "staying"], await Names(store));
        var child = (await store.Get(ResourceType.ConfigMap, new("default", "child"), Cancellation))!;
        Assert.Equal("staying", (string)Assert.Single(child["metadata"]!["ownerReferences"]!.AsArray())!["name"]!);
    }
}
