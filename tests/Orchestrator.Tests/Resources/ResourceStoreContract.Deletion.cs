using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public abstract partial class ResourceStoreContract
{
    [Fact]
    public async Task Delete_removes_an_object_without_finalizers()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        await Delete(created);

        Assert.Null(await Get(created));
        await Refused(ResourceError.NotFound, Delete(created));
        await Refused(ResourceError.Conflict, Store.Replace(WithTimeout(created, "6m"), Cancellation));
        await Refused(ResourceError.Conflict, Store.ReplaceStatus(WithPhase(created, "Ready"), Cancellation));
    }

    [Fact]
    public async Task A_name_can_be_used_again_by_another_object()
    {
        var first = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);
        await Delete(first);

        var second = await Store.Create(Component(ObjectKey.Of(first).Namespace!, "a"), Cancellation);

        Assert.NotEqual(Uid(first), Uid(second));
        Assert.Equal(1, Generation(second));
    }

    [Fact]
    public async Task Delete_honours_its_uid_and_version_preconditions()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        await Refused(ResourceError.Conflict, Store.Delete(ResourceType.Component, ObjectKey.Of(created), new(Uid: "another"), Cancellation));
        await Refused(ResourceError.Conflict, Store.Delete(ResourceType.Component, ObjectKey.Of(created), new(ResourceVersion: "1"), Cancellation));
        Assert.NotNull(await Get(created));

        await Store.Delete(ResourceType.Component, ObjectKey.Of(created), new(Uid: Uid(created)), Cancellation);
        Assert.Null(await Get(created));
    }

    [Fact]
    public async Task Delete_of_an_object_with_a_finalizer_sets_its_deletionTimestamp()
    {
        var created = await Store.Create(WithFinalizers(Component(await NewNamespace(), "a"), "hold"), Cancellation);

        await Delete(created);

        var marked = (await Get(created))!;
        Assert.True(IsTerminating(marked));
        Assert.Equal(0, (int)marked["metadata"]!["deletionGracePeriodSeconds"]!);
        Assert.Equal(2, Generation(marked));
        Assert.True(Number(marked) > Number(created));
        Assert.True(HasFinalizer(marked, $"test.{ApiGroup.Name}/hold"));
    }

    [Fact]
    public async Task A_second_delete_changes_nothing()
    {
        var created = await Store.Create(WithFinalizers(Component(await NewNamespace(), "a"), "hold"), Cancellation);
        await Delete(created);
        var marked = (await Get(created))!;

        await Delete(created);

        Assert.Equal(VersionOf(marked), VersionOf((await Get(created))!));
    }

    [Fact]
    public async Task Removing_the_last_finalizer_of_a_terminating_object_removes_it()
    {
        var created = await Store.Create(WithFinalizers(Component(await NewNamespace(), "a"), "one", "two"), Cancellation);
        await Delete(created);

        var one = await Store.Replace(WithFinalizers((await Get(created))!, "one"), Cancellation);
        Assert.NotNull(await Get(created));
        await Store.Replace(WithFinalizers(one), Cancellation);

        Assert.Null(await Get(created));
    }

    [Fact]
    public async Task Removing_the_last_finalizer_of_a_living_object_removes_nothing()
    {
        var created = await Store.Create(WithFinalizers(Component(await NewNamespace(), "a"), "hold"), Cancellation);

        var replaced = await Store.Replace(WithFinalizers(created), Cancellation);

        Assert.Null(replaced["metadata"]!["finalizers"]);
        Assert.NotNull(await Get(created));
    }

    [Fact]
    public async Task A_terminating_object_accepts_no_new_finalizer()
    {
        var created = await Store.Create(WithFinalizers(Component(await NewNamespace(), "a"), "hold"), Cancellation);
        await Delete(created);

        await Refused(ResourceError.Invalid, Store.Replace(WithFinalizers((await Get(created))!, "hold", "more"), Cancellation));
    }

    [Fact]
    public async Task A_terminating_object_can_be_written_but_not_undeleted()
    {
        var created = await Store.Create(WithFinalizers(Component(await NewNamespace(), "a"), "hold"), Cancellation);
        await Delete(created);
        var marked = (await Get(created))!;

        var called = With(WithTimeout(marked, "6m"), c => c["metadata"]!.AsObject().Remove("deletionTimestamp"));
        var replaced = await Store.Replace(called, Cancellation);
        var status = await Store.ReplaceStatus(WithPhase(replaced, "Terminating"), Cancellation);

        Assert.Equal("6m", (string)replaced["spec"]!["deploymentTimeout"]!);
        Assert.Equal((string)marked["metadata"]!["deletionTimestamp"]!, (string)status["metadata"]!["deletionTimestamp"]!);
        Assert.Equal("Terminating", (string)status["status"]!["phase"]!);
        Assert.Equal(3, Generation(status));
    }
}
