using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public abstract partial class ResourceStoreContract
{
    private Task<JsonObject> Apply(string manager, JsonObject resource, bool force = false) =>
        Store.Apply(resource, new(manager, force), Cancellation);

    private async Task<ResourceException> ApplyConflicts(string manager, JsonObject resource) =>
        await Refused(ResourceError.FieldConflict, Apply(manager, resource));

    private static string? Data(JsonObject? configMap, string key) => (string?)configMap?["data"]?[key];

    [Fact]
    public async Task Apply_creates_a_missing_object_and_records_its_manager()
    {
        var applied = await Apply("red", WithLabel(ConfigMap(await NewNamespace(), "a", ("k", "1")), "l", "v"));

        Assert.NotEmpty(Uid(applied));
        var entry = Assert.Single(applied["metadata"]!["managedFields"]!.AsArray())!;
        Assert.Equal("red", (string)entry["manager"]!);
        Assert.Equal("Apply", (string)entry["operation"]!);
        Assert.Equal("v1", (string)entry["apiVersion"]!);
        Assert.Equal("FieldsV1", (string)entry["fieldsType"]!);
        Assert.NotNull(entry["fieldsV1"]!["f:data"]!["f:k"]);
        Assert.NotNull(entry["fieldsV1"]!["f:metadata"]!["f:labels"]!["f:l"]);
        Assert.True(JsonNode.DeepEquals(applied, await Get(applied)));
    }

    [Fact]
    public async Task A_dry_run_answers_as_an_apply_and_writes_nothing()
    {
        var name = await NewNamespace();
        var dry = new ApplyOptions("red", DryRun: true);
        var created = await Store.Apply(ConfigMap(name, "a", ("k", "1")), dry, Cancellation);
        Assert.Equal("1", Data(created, "k"));
        Assert.Null(await Get(created));

        var there = await Apply("red", ConfigMap(name, "a", ("k", "1")));
        Assert.Equal("2", Data(await Store.Apply(ConfigMap(name, "a", ("k", "2")), dry, Cancellation), "k"));
        Assert.True(JsonNode.DeepEquals(there, await Get(there)));
        await Refused(ResourceError.FieldConflict, Store.Apply(ConfigMap(name, "a", ("k", "3")), dry with { FieldManager = "blue" }, Cancellation));
        await Refused(ResourceError.NotFound, Store.Apply(ConfigMap("nowhere", "a", ("k", "1")), dry, Cancellation));
    }

    [Fact]
    public async Task Apply_leaves_other_managers_keys_alone()
    {
        var name = await NewNamespace();
        await Apply("red", WithLabel(ConfigMap(name, "a", ("red", "1")), "red", "v"));

        var applied = await Apply("blue", WithLabel(ConfigMap(name, "a", ("blue", "2")), "blue", "v"));

        Assert.Equal("1", Data(applied, "red"));
        Assert.Equal("2", Data(applied, "blue"));
        Assert.Equal(2, applied["metadata"]!["labels"]!.AsObject().Count);
        Assert.Equal(2, applied["metadata"]!["managedFields"]!.AsArray().Count);
    }

    [Fact]
    public async Task Apply_of_another_value_is_a_conflict_that_names_field_and_manager()
    {
        var name = await NewNamespace();
        var first = await Apply("red", ConfigMap(name, "a", ("k", "1"), ("l", "1")));

        var refusal = await ApplyConflicts("blue", ConfigMap(name, "a", ("k", "2"), ("l", "1"), ("m", "2")));

        var detail = Assert.Single(refusal.Details);
        Assert.Contains("\"red\"", detail, StringComparison.Ordinal);
        Assert.Contains(".data.k", detail, StringComparison.Ordinal);
        Assert.Equal(VersionOf(first), VersionOf((await Get(first))!));
    }

    [Fact]
    public async Task Forced_apply_takes_over_the_field()
    {
        var name = await NewNamespace();
        await Apply("red", ConfigMap(name, "a", ("k", "1"), ("l", "1")));

        var applied = await Apply("blue", ConfigMap(name, "a", ("k", "2")), force: true);
        Assert.Equal("2", Data(applied, "k"));
        Assert.Equal("1", Data(applied, "l"));

        await ApplyConflicts("red", ConfigMap(name, "a", ("k", "1"), ("l", "1")));
        var without = await Apply("red", ConfigMap(name, "a", ("l", "1")));
        Assert.Equal("2", Data(without, "k"));
    }

    [Fact]
    public async Task A_field_applied_with_the_same_value_is_shared_and_removed_with_its_last_manager()
    {
        var name = await NewNamespace();
        await Apply("red", ConfigMap(name, "a", ("k", "1"), ("red", "1")));
        await Apply("blue", ConfigMap(name, "a", ("k", "1"), ("blue", "1")));

        await ApplyConflicts("red", ConfigMap(name, "a", ("k", "2"), ("red", "1")));
        Assert.Equal("1", Data(await Apply("red", ConfigMap(name, "a", ("red", "1"))), "k"));
        Assert.Null(Data(await Apply("blue", ConfigMap(name, "a", ("blue", "1"))), "k"));
    }

    [Fact]
    public async Task A_field_that_is_no_longer_applied_is_removed()
    {
        var name = await NewNamespace();
        await Apply("red", WithLabel(ConfigMap(name, "a", ("k", "1"), ("l", "1")), "x", "v"));

        var applied = await Apply("red", ConfigMap(name, "a", ("l", "2")));

        Assert.Null(Data(applied, "k"));
        Assert.Equal("2", Data(applied, "l"));
        Assert.Null(applied["metadata"]!["labels"]?["x"]);
    }

    [Fact]
    public async Task The_same_apply_again_changes_nothing()
    {
        var name = await NewNamespace();
        var first = await Apply("red", Component(name, "a"));

        var second = await Apply("red", Component(name, "a"));

        Assert.Equal(VersionOf(first), VersionOf(second));
    }

    [Fact]
    public async Task Only_an_apply_of_the_spec_increments_the_generation()
    {
        var name = await NewNamespace();
        var first = await Apply("red", Component(name, "a"));
        var labelled = await Apply("red", WithLabel(Component(name, "a"), "k", "v"));
        var changed = await Apply("red", WithLabel(Component(name, "a", "6m"), "k", "v"));

        Assert.Equal(1, Generation(first));
        Assert.Equal(1, Generation(labelled));
        Assert.Equal(2, Generation(changed));
    }

    [Fact]
    public async Task Apply_leaves_status_alone()
    {
        var name = await NewNamespace();
        var created = await Apply("red", WithPhase(Component(name, "a"), "Failed"));
        Assert.Null(created["status"]);
        await Store.ReplaceStatus(WithPhase(created, "Ready"), Cancellation);

        var applied = await Apply("red", WithPhase(Component(name, "a", "6m"), "Failed"));

        Assert.Equal("Ready", (string)applied["status"]!["phase"]!);
        Assert.Equal("6m", (string)applied["spec"]!["deploymentTimeout"]!);
    }

    [Fact]
    public async Task A_list_without_a_schema_is_one_value()
    {
        var name = await NewNamespace();
        await Apply("red", WithItems("a", "b"));

        var refusal = await ApplyConflicts("blue", WithItems("b", "c"));
        Assert.Contains(".spec.config.items", Assert.Single(refusal.Details), StringComparison.Ordinal);

        var applied = await Apply("red", WithItems("c"));
        Assert.Equal(["c"], applied["spec"]!["config"]!["items"]!.AsArray().Select(i => (string)i!));

        JsonObject WithItems(params string[] items) => With(Component(name, "a"), c =>
            c["spec"]!["config"] = new JsonObject { ["items"] = new JsonArray([.. items.Select(i => JsonValue.Create(i))]) });
    }

    [Fact]
    public async Task Finalizers_merge_one_by_one()
    {
        var name = await NewNamespace();
        var created = await Apply("red", WithFinalizers(Component(name, "a"), "red"));
        await Store.Replace(WithFinalizers(created, "red", "other"), Cancellation);

        var applied = await Apply("red", WithFinalizers(Component(name, "a", "6m"), "red"));
        Assert.True(HasFinalizer(applied, $"test.{ApiGroup.Name}/red"));
        Assert.True(HasFinalizer(applied, $"test.{ApiGroup.Name}/other"));

        var without = await Apply("red", Component(name, "a", "6m"));
        Assert.False(HasFinalizer(without, $"test.{ApiGroup.Name}/red"));
        Assert.True(HasFinalizer(without, $"test.{ApiGroup.Name}/other"));
    }

    [Fact]
    public async Task The_creator_or_replacer_of_an_object_owns_the_changed_fields()
    {
        var name = await NewNamespace();
        await Store.Create(ConfigMap(name, "a", ("created", "1")), Cancellation);
        var applied = await Apply("red", ConfigMap(name, "a", ("replaced", "1")));
        await Store.Replace(WithData(applied, "replaced", "2"), Cancellation);

        var refusal = await ApplyConflicts("red", ConfigMap(name, "a", ("created", "3"), ("replaced", "3")));

        Assert.Equal(2, refusal.Details.Count);
        Assert.Contains(refusal.Details, d => d.Contains(".data.created", StringComparison.Ordinal));
        Assert.Contains(refusal.Details, d => d.Contains(".data.replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_manager_that_replaced_a_field_owns_it_alone()
    {
        var name = await NewNamespace();
        var applied = await Apply("red", ConfigMap(name, "a", ("k", "1")));
        await Store.Replace(WithData(applied, "k", "2"), Cancellation);

        var refusal = await ApplyConflicts("blue", ConfigMap(name, "a", ("k", "3")));

        Assert.DoesNotContain("\"red\"", Assert.Single(refusal.Details), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_another_replaced_stays_when_it_is_no_longer_applied()
    {
        var name = await NewNamespace();
        var applied = await Apply("red", ConfigMap(name, "a", ("k", "1"), ("l", "1")));
        await Store.Replace(WithData(applied, "k", "2"), Cancellation);

        Assert.Equal("2", Data(await Apply("red", ConfigMap(name, "a", ("l", "1"))), "k"));
    }

    [Fact]
    public async Task Apply_of_an_old_version_is_a_conflict()
    {
        var name = await NewNamespace();
        var first = await Apply("red", ConfigMap(name, "a", ("k", "1")));
        await Apply("red", ConfigMap(name, "a", ("k", "2")));

        await Refused(ResourceError.Conflict, Apply("red", With(ConfigMap(name, "a", ("k", "3")), c => c["metadata"]!["resourceVersion"] = VersionOf(first))));
    }

    [Fact]
    public async Task Apply_can_remove_the_last_finalizer_of_a_terminating_object()
    {
        var name = await NewNamespace();
        var created = await Apply("red", WithFinalizers(Component(name, "a"), "red"));
        await Delete(created);

        await Apply("red", Component(name, "a"));

        Assert.Null(await Get(created));
    }
}
