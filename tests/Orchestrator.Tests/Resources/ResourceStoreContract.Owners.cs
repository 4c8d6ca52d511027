using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public abstract partial class ResourceStoreContract
{
    private const string Hold = "hold";

    private Task<System.Text.Json.Nodes.JsonObject> Owner(string @namespace, string name = "owner") => Store.Create(ConfigMap(@namespace, name), Cancellation);

    [Fact]
    public async Task Background_deletion_deletes_dependents_too()
    {
        var owner = await Owner(await NewNamespace());
        var child = await Store.Create(WithOwners(ConfigMap(ObjectKey.Of(owner).Namespace!, "child"), (owner, true)), Cancellation);
        var grandchild = await Store.Create(WithOwners(ConfigMap(ObjectKey.Of(owner).Namespace!, "grandchild"), (child, true)), Cancellation);

        await Delete(owner);

        Assert.Null(await Get(owner));
        await Gone(child);
        await Gone(grandchild);
    }

    [Fact]
    public async Task A_dependent_is_deleted_with_the_last_of_its_owners()
    {
        var first = await Owner(await NewNamespace(), "first");
        var second = await Owner(ObjectKey.Of(first).Namespace!, "second");
        var child = await Store.Create(WithOwners(ConfigMap(ObjectKey.Of(first).Namespace!, "child"), (first, false), (second, false)), Cancellation);

        await Delete(first);
        var left = await Eventually(child, c => c?["metadata"]!["ownerReferences"]!.AsArray().Count == 1);
        Assert.Equal(Uid(second), (string)left!["metadata"]!["ownerReferences"]![0]!["uid"]!);

        await Delete(second);
        await Gone(child);
    }

    [Fact]
    public async Task Orphaned_dependents_stay_without_their_owner()
    {
        var owner = await Owner(await NewNamespace());
        var child = await Store.Create(WithOwners(ConfigMap(ObjectKey.Of(owner).Namespace!, "child"), (owner, true)), Cancellation);

        await Delete(owner, DeletePropagation.Orphan);

        await Gone(owner);
        var free = await Get(child);
        Assert.Equal(Uid(child), Uid(free!));
        Assert.Null(free!["metadata"]!["ownerReferences"]);
        Assert.False(IsTerminating(free));
    }

    [Fact]
    public async Task Foreground_deletion_waits_for_dependents_that_block()
    {
        var owner = await Owner(await NewNamespace());
        var child = await Store.Create(WithFinalizers(WithOwners(ConfigMap(ObjectKey.Of(owner).Namespace!, "child"), (owner, true)), Hold), Cancellation);

        await Delete(owner, DeletePropagation.Foreground);

        var held = await Eventually(child, IsTerminating);
        var waiting = (await Get(owner))!;
        Assert.True(IsTerminating(waiting));
        Assert.True(HasFinalizer(waiting, "foregroundDeletion"));

        await Store.Replace(WithFinalizers(held!), Cancellation);
        await Gone(child);
        await Gone(owner);
    }

    [Fact]
    public async Task Foreground_deletion_does_not_wait_for_dependents_that_do_not_block()
    {
        var owner = await Owner(await NewNamespace());
        var child = await Store.Create(WithFinalizers(WithOwners(ConfigMap(ObjectKey.Of(owner).Namespace!, "child"), (owner, false)), Hold), Cancellation);

        await Delete(owner, DeletePropagation.Foreground);

        await Gone(owner);
        Assert.NotNull(await Eventually(child, IsTerminating));
    }

    [Fact]
    public async Task A_dependent_of_an_owner_that_never_existed_is_deleted()
    {
        var owner = await Owner(await NewNamespace());
        var other = With(owner, o => o["metadata"]!["uid"] = "00000000-0000-0000-0000-000000000000");
        var child = await Store.Create(WithOwners(ConfigMap(ObjectKey.Of(owner).Namespace!, "child"), (other, false)), Cancellation);

        await Gone(child);
        Assert.NotNull(await Get(owner));
    }

    [Fact]
    public async Task An_object_with_two_controlling_owners_is_refused()
    {
        var first = await Owner(await NewNamespace(), "first");
        var second = await Owner(ObjectKey.Of(first).Namespace!, "second");
        var child = WithOwners(ConfigMap(ObjectKey.Of(first).Namespace!, "child"), (first, false), (second, false));
        foreach (var reference in child["metadata"]!["ownerReferences"]!.AsArray())
            reference!["controller"] = true;

        await Refused(ResourceError.Invalid, Store.Create(child, Cancellation));
    }
}
