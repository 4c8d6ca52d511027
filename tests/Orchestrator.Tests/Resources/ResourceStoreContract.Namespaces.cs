using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public abstract partial class ResourceStoreContract
{
    [Theory]
    [InlineData("default")]
    [InlineData("kube-system")]
    public async Task The_default_namespaces_exist(string name)
    {
        var uid = Uid((await Get(NewResource.Namespace(name)))!);

        await Refused(ResourceError.Conflict, Store.Delete(ResourceType.Namespace, new(null, name), new(Uid: "another"), Cancellation));
        await Refused(ResourceError.Forbidden, Store.Delete(ResourceType.Namespace, new(null, name), new(Uid: uid), Cancellation));
    }

    [Fact]
    public async Task A_create_in_a_missing_namespace_is_refused()
    {
        var name = Unique("absent");

        var refusal = await Refused(ResourceError.NotFound, Store.Create(ConfigMap(name, "a"), Cancellation));

        Assert.Contains($"namespaces \"{name}\" not found", refusal.Message, StringComparison.Ordinal);
        await Refused(ResourceError.NotFound, Store.Apply(ConfigMap(name, "a"), new("applier"), Cancellation));
    }

    [Fact]
    public async Task A_deleted_namespace_deletes_its_contents()
    {
        var name = await NewNamespace();
        var created = (await Get(NewResource.Namespace(name)))!;
        Assert.Equal("Active", (string)created["status"]!["phase"]!);
        var free = await Store.Create(ConfigMap(name, "free"), Cancellation);

        await Delete(created);

        await Gone(free);
        await Gone(created);
    }

    [Fact]
    public async Task A_terminating_namespace_waits_for_its_contents_and_accepts_nothing_new()
    {
        var name = await NewNamespace();
        var created = (await Get(NewResource.Namespace(name)))!;
        var held = await Store.Create(WithFinalizers(ConfigMap(name, "held"), Hold), Cancellation);

        await Delete(created);

        var marked = await Eventually(held, IsTerminating);
        var terminating = (await Get(created))!;
        Assert.True(IsTerminating(terminating));
        Assert.Equal("Terminating", (string)terminating["status"]!["phase"]!);
        await Refused(ResourceError.Forbidden, Store.Create(ConfigMap(name, "late"), Cancellation));
        await Refused(ResourceError.Forbidden, Store.Apply(ConfigMap(name, "late"), new("applier"), Cancellation));

        await Store.Replace(WithFinalizers(marked!), Cancellation);
        await Gone(created);
    }

    [Fact]
    public async Task A_namespaced_kind_needs_a_namespace_and_a_cluster_scoped_one_refuses_it()
    {
        var nowhere = With(ConfigMap("x", "a"), c => c["metadata"]!.AsObject().Remove("namespace"));
        var somewhere = With(NewResource.Namespace(Unique("inside")), n => n["metadata"]!["namespace"] = "default");

        await Refused(ResourceError.Invalid, Store.Create(nowhere, Cancellation));
        await Refused(ResourceError.Invalid, Store.Create(somewhere, Cancellation));
    }
}
