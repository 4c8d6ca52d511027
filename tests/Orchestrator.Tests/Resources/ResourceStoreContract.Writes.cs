using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public abstract partial class ResourceStoreContract
{
    [Fact]
    public async Task Create_gives_uid_time_version_and_the_first_generation()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        Assert.NotEmpty(Uid(created));
        Assert.Equal(1, Generation(created));
        Assert.True(Number(created) > 0);
        Assert.EndsWith("Z", (string)created["metadata"]!["creationTimestamp"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_returns_what_Get_and_List_return_afterwards()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        var list = await Store.List(ResourceType.Component, ObjectKey.Of(created).Namespace, Cancellation);
        Assert.True(JsonNode.DeepEquals(created, await Get(created)));
        Assert.True(JsonNode.DeepEquals(WithoutType(created), WithoutType(Assert.Single(list.Items))));

        // Real lists may omit apiVersion and kind of their items.
        static JsonObject WithoutType(JsonObject resource) => With(resource, r =>
        {
            r.Remove("apiVersion");
            r.Remove("kind");
        });
    }

    [Fact]
    public async Task Create_takes_no_status_and_no_system_fields()
    {
        var sent = WithPhase(Component(await NewNamespace(), "a"), "Ready");
        sent["metadata"]!["uid"] = "00000000-0000-0000-0000-000000000000";
        sent["metadata"]!["generation"] = 7;
        sent["metadata"]!["creationTimestamp"] = "2001-01-01T00:00:00Z";
        sent["metadata"]!["deletionTimestamp"] = "2001-01-01T00:00:00Z";

        var created = await Store.Create(sent, Cancellation);

        Assert.Null(created["status"]);
        Assert.NotEqual(Uid(sent), Uid(created));
        Assert.Equal(1, Generation(created));
        Assert.NotEqual("2001-01-01T00:00:00Z", (string)created["metadata"]!["creationTimestamp"]!);
        Assert.False(IsTerminating(created));
    }

    [Fact]
    public async Task Create_refuses_a_taken_name()
    {
        var created = await Store.Create(ConfigMap(await NewNamespace(), "a", ("k", "1")), Cancellation);

        await Refused(ResourceError.AlreadyExists, Store.Create(ConfigMap(ObjectKey.Of(created).Namespace!, "a", ("k", "2")), Cancellation));

        Assert.Equal("1", (string)(await Get(created))!["data"]!["k"]!);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-begins-with-a-dash")]
    [InlineData("two..dots")]
    [InlineData("")]
    public async Task Create_refuses_a_name_that_is_not_a_DNS_subdomain(string name)
    {
        var refusal = await Refused(ResourceError.Invalid, Store.Create(ConfigMap(await NewNamespace(), name), Cancellation));

        Assert.Contains("name", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_of_a_missing_object_is_null() =>
        Assert.Null(await Store.Get(ResourceType.ConfigMap, new(await NewNamespace(), "a"), Cancellation));

    [Fact]
    public async Task Kinds_and_namespaces_keep_names_apart()
    {
        var (first, second) = (await NewNamespace(), await NewNamespace());
        await Store.Create(ConfigMap(first, "a", ("k", "1")), Cancellation);
        await Store.Create(ConfigMap(second, "a", ("k", "2")), Cancellation);
        await Store.Create(Component(first, "a"), Cancellation);

        Assert.Equal("1", (string)(await Get(ConfigMap(first, "a")))!["data"]!["k"]!);
        Assert.Equal("2", (string)(await Get(ConfigMap(second, "a")))!["data"]!["k"]!);
        Assert.Equal(["a"], (await Store.List(ResourceType.Component, first, Cancellation)).Items.Select(r => ObjectKey.Of(r).Name));
        Assert.Empty((await Store.List(ResourceType.Component, second, Cancellation)).Items);
    }

    [Fact]
    public async Task List_returns_one_namespace_or_all()
    {
        var (first, second) = (await NewNamespace(), await NewNamespace());
        await Store.Create(ConfigMap(first, "b"), Cancellation);
        await Store.Create(ConfigMap(first, "a"), Cancellation);
        await Store.Create(ConfigMap(second, "c"), Cancellation);

        var all = (await Store.List(ResourceType.ConfigMap, null, Cancellation)).Items.Select(ObjectKey.Of).ToList();

        // A real Namespace may get kube-root-ca.crt.
        Assert.Equal(["a", "b"], (await Store.List(ResourceType.ConfigMap, first, Cancellation)).Items.Select(r => ObjectKey.Of(r).Name)
            .Where(n => n.Length == 1));
        Assert.Contains(new(first, "a"), all);
        Assert.Contains(new(second, "c"), all);
    }

    [Fact]
    public async Task Versions_increase_across_all_kinds()
    {
        var name = await NewNamespace();
        var first = await Store.Create(ConfigMap(name, "a"), Cancellation);
        var second = await Store.Create(Component(name, "a"), Cancellation);
        var third = await Store.Replace(WithData(With(first, f => f["data"] = new JsonObject()), "k", "v"), Cancellation);

        Assert.True(Number(first) < Number(second));
        Assert.True(Number(second) < Number(third));
    }

    [Fact]
    public async Task Replace_of_the_spec_increments_the_generation()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        var replaced = await Store.Replace(WithTimeout(created, "6m"), Cancellation);

        Assert.Equal("6m", (string)replaced["spec"]!["deploymentTimeout"]!);
        Assert.Equal(2, Generation(replaced));
        Assert.Equal(Uid(created), Uid(replaced));
    }

    [Fact]
    public async Task Replace_of_metadata_does_not_increment_the_generation()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        var replaced = await Store.Replace(WithLabel(created, "k", "v"), Cancellation);

        Assert.Equal("v", (string)replaced["metadata"]!["labels"]!["k"]!);
        Assert.Equal(1, Generation(replaced));
        Assert.True(Number(replaced) > Number(created));
    }

    [Fact]
    public async Task Replace_leaves_status_alone()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);
        var ready = await Store.ReplaceStatus(WithPhase(created, "Ready"), Cancellation);

        var replaced = await Store.Replace(WithTimeout(WithPhase(ready, "Failed"), "6m"), Cancellation);
        var withoutStatus = await Store.Replace(WithTimeout(With(replaced, r => r.Remove("status")), "7m"), Cancellation);

        Assert.Equal("Ready", (string)replaced["status"]!["phase"]!);
        Assert.Equal("Ready", (string)withoutStatus["status"]!["phase"]!);
    }

    [Fact]
    public async Task ReplaceStatus_changes_status_alone()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        var replaced = await Store.ReplaceStatus(WithPhase(WithTimeout(WithLabel(created, "k", "v"), "6m"), "Ready"), Cancellation);

        Assert.Equal("Ready", (string)replaced["status"]!["phase"]!);
        Assert.Equal("5m", (string)replaced["spec"]!["deploymentTimeout"]!);
        Assert.Null(replaced["metadata"]!["labels"]);
        Assert.Equal(1, Generation(replaced));
        Assert.True(Number(replaced) > Number(created));
    }

    [Fact]
    public async Task A_write_without_a_change_keeps_the_resourceVersion()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);
        var ready = await Store.ReplaceStatus(WithPhase(created, "Ready"), Cancellation);

        var sameSpec = await Store.Replace(ready, Cancellation);
        var sameStatus = await Store.ReplaceStatus(ready, Cancellation);
        var changed = await Store.Replace(WithTimeout(ready, "6m"), Cancellation);

        Assert.Equal(VersionOf(ready), VersionOf(sameSpec));
        Assert.Equal(VersionOf(ready), VersionOf(sameStatus));
        var next = Assert.Single(await Events(ResourceType.Component, ObjectKey.Of(created).Namespace, VersionOf(ready), 1));
        Assert.Equal(VersionOf(changed), VersionOf(next.Resource));
    }

    [Fact]
    public async Task A_write_of_an_old_version_is_a_conflict()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);
        var replaced = await Store.Replace(WithTimeout(created, "6m"), Cancellation);

        await Refused(ResourceError.Conflict, Store.Replace(WithTimeout(created, "7m"), Cancellation));
        await Refused(ResourceError.Conflict, Store.ReplaceStatus(WithPhase(created, "Ready"), Cancellation));

        Assert.True(JsonNode.DeepEquals(replaced, await Get(created)));
    }

    [Fact]
    public async Task A_write_without_a_resourceVersion_is_refused()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);
        var unversioned = With(WithTimeout(created, "6m"), c => c["metadata"]!.AsObject().Remove("resourceVersion"));

        await Refused(ResourceError.Invalid, Store.Replace(unversioned, Cancellation));
    }

    [Fact]
    public async Task A_write_to_a_missing_object_is_NotFound()
    {
        var absent = With(Component(await NewNamespace(), "a"), c => c["metadata"]!["resourceVersion"] = "1");

        await Refused(ResourceError.NotFound, Store.Replace(absent, Cancellation));
        await Refused(ResourceError.NotFound, Store.ReplaceStatus(WithPhase(absent, "Ready"), Cancellation));
    }

    [Fact]
    public async Task A_write_of_another_object_of_the_same_name_is_a_conflict()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);
        var other = With(WithTimeout(created, "6m"), c => c["metadata"]!["uid"] = "00000000-0000-0000-0000-000000000000");

        await Refused(ResourceError.Conflict, Store.Replace(other, Cancellation));
    }

    [Fact]
    public async Task Replace_refuses_a_deletionTimestamp()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);
        var deleted = With(created, c => c["metadata"]!["deletionTimestamp"] = "2001-01-01T00:00:00Z");

        var refusal = await Refused(ResourceError.Invalid, Store.Replace(deleted, Cancellation));

        Assert.Contains("deletionTimestamp", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replace_leaves_the_creationTimestamp_unchanged()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        var replaced = await Store.Replace(With(WithTimeout(created, "6m"), c => c["metadata"]!["creationTimestamp"] = "2001-01-01T00:00:00Z"), Cancellation);

        Assert.Equal((string)created["metadata"]!["creationTimestamp"]!, (string)replaced["metadata"]!["creationTimestamp"]!);
    }

    [Fact]
    public async Task Replace_ignores_a_given_generation()
    {
        var created = await Store.Create(Component(await NewNamespace(), "a"), Cancellation);

        var replaced = await Store.Replace(With(WithTimeout(created, "6m"), c => c["metadata"]!["generation"] = 40), Cancellation);

        Assert.Equal(2, Generation(replaced));
    }

    [Fact]
    public async Task Objects_passed_in_and_out_are_copies()
    {
        var sent = ConfigMap(await NewNamespace(), "a", ("k", "1"));
        var created = await Store.Create(sent, Cancellation);
        sent["data"]!["k"] = "2";
        created["data"]!["k"] = "3";
        (await Get(created))!["data"]!["k"] = "4";
        (await Store.List(ResourceType.ConfigMap, ObjectKey.Of(sent).Namespace, Cancellation)).Items[0]["data"] = null;

        Assert.Equal("1", (string)(await Get(created))!["data"]!["k"]!);
    }
}
