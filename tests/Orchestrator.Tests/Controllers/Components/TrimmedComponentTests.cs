using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>The informer keeps a small part of a Component: enough to decide, and never written back.</summary>
public sealed class TrimmedComponentTests
{
    private static readonly string Filler = new('x', 300_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_Component_of_a_foreign_handler_keeps_names_needs_and_outputs()
    {
        var whole = Component("rds", """{"size":"large"}""") with
        {
            Status = new() { Phase = Phase.Ready, ProviderStatus = new() { ["host"] = "h" }, Applied = new() { ["theirs"] = 1 } },
        };

        var kept = Trim(whole);

        Assert.True(kept.Spec.IsTrimmed);
        Assert.Null(kept.Spec.Config);
        Assert.Null(kept.Status!.Applied);
        Assert.Equal(("rds", "other", "h"), (kept.Spec.Handler, kept.Spec.DependsOn![0], (string)kept.Status.ProviderStatus!["host"]!));
        Assert.Equal(whole.Spec.Digest(), kept.Spec.Digest());
    }

    [Fact]
    public void A_large_Component_of_our_handlers_keeps_names_and_references()
    {
        var whole = Component("make", $$$"""
            {"secretName":"team/{{ .a.providerStatus.name }}","region":"eu-west-1","filler":"{{{Filler}}}","fields":{"user":{"value":"admin"},
            "host":{"value":"{{ .b.providerStatus.host }}"},"port":{"valueFrom":{"component":"c","output":"port"}},
            "list":[1,{"$valueFrom":{"component":"d","output":"x"}}]}}
            """);

        var kept = Trim(whole);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"secretName":"team/{{ .a.providerStatus.name }}","region":"eu-west-1","fields":{
            "host":{"value":"{{ .b.providerStatus.host }}"},"port":{"valueFrom":{"component":"c","output":"port"}},
            "list":[null,{"$valueFrom":{"component":"d","output":"x"}}]}}
            """), kept.Spec.Config));
        Assert.Equal(
            ConfigReferences.Find(whole.Spec.Config, ConfigSchema.Unknown).Select(r => r.Reference.Component),
            ConfigReferences.Find(kept.Spec.Config, ConfigSchema.Unknown).Select(r => r.Reference.Component));
    }

    [Theory]
    [InlineData("rds")]
    [InlineData("make")]
    public void A_spec_is_trimmed_once_for_each_generation(string handler)
    {
        var whole = Large(handler);
        var kept = Trim(whole);
        var later = Large(handler) with { Metadata = whole.Metadata with { ResourceVersion = "9" }, Status = new() { Phase = "x" } };

        var again = Trim(later, kept);

        Assert.Same(kept.Spec, again.Spec);
        Assert.Equal(("9", "x"), (again.Metadata.ResourceVersion, again.Status!.Phase));
        Assert.NotSame(kept.Spec, Trim(later with { Metadata = whole.Metadata with { Generation = 2 } }, kept).Spec);
        Assert.NotSame(kept.Spec, Trim(later with { Metadata = whole.Metadata with { Uid = "v" } }, kept).Spec);
    }

    [Fact]
    public void The_handler_that_claims_a_Component_decides_what_is_kept()
    {
        var whole = Large("make");
        var kept = Trim(whole);
        Assert.NotNull(kept.Spec.Config);

        var theirs = whole with { Metadata = whole.Metadata with { Finalizers = [ApiGroup.LifecycleFinalizer("rds")] } };
        Assert.Null(Trim(theirs, kept).Spec.Config);
    }

    [Fact]
    public void An_ordinary_Component_of_our_handlers_is_kept_whole()
    {
        var whole = Component("make", """{"outputs":{}}""");

        Assert.Same(whole, Trim(whole));
    }

    [Fact]
    public async Task A_trimmed_Component_is_never_written()
    {
        var client = new ResourceClient<Component>(new ScriptedStore(), ResourceType.Component, ApiJson.Default.Component);
        var trimmed = Trim(Component("rds", """{"size":"large"}"""));

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Replace(trimmed, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ReplaceStatus(trimmed with { Status = null }, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Create(trimmed, Cancellation));
    }

    [Fact]
    public async Task A_large_Component_is_applied_changed_and_deleted_with_its_whole_config()
    {
        var make = new ScriptedHandler("make");
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComponent("db", """{"handler":"make","config":{"outputs":{"host":"one"}}}""");
        var config = $$$"""{"with":["{{ .db.providerStatus.host }}","{{{Filler}}}"]}""";
        await cluster.PutComponent("app", $$"""{"handler":"make","config":{{config}}}""");
        await cluster.RunUntilQuiet();
        Assert.Equal($$"""Apply app {"with":["one","{{Filler}}"]}""", make.Calls[^1]);

        // A change of what it refers to triggers a reconcile, although the informer keeps only a part of it.
        await cluster.PutComponent("db", """{"handler":"make","config":{"outputs":{"host":"two"}}}""");
        await cluster.RunUntilQuiet();
        Assert.Equal($$"""Apply app {"with":["two","{{Filler}}"]}""", make.Calls[^1]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(config), (await cluster.Component("app")).Spec.Config));

        await cluster.Delete("app");
        await cluster.RunUntilQuiet();
        Assert.Equal("Delete app", make.Calls[^1]);
        Assert.Null(await cluster.Find("app"));
    }

    [Theory]
    [InlineData("rds", "7.0")]
    [InlineData("make", "7")]
    public async Task A_child_that_is_released_keeps_its_whole_config(string handler, string size)
    {
        await using var cluster = new ScriptedCluster(new ScriptedHandler("make"));
        var config = $$"""{"with":"{{Filler}}","size":{{size}}}""";
        await cluster.PutComposition("sys", $$"""{"name":"db","type":"{{handler}}","config":{{config}}}""");
        await cluster.RunUntilQuiet();
        var written = await cluster.Versions();
        await cluster.RunUntilQuiet();
        Assert.Equal(written, await cluster.Versions());

        await cluster.Delete("sys", ResourceType.Composition, DeletePropagation.Orphan);
        await cluster.RunUntilQuiet();

        var child = await cluster.Component("sys-db");
        Assert.DoesNotContain(ApiGroup.CoordinationFinalizer, child.Metadata.Finalizers ?? []);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(config), child.Spec.Config));
    }

    [Theory]
    [InlineData("rds")]
    [InlineData("make")]
    public async Task A_child_that_gets_its_labels_back_keeps_its_whole_config(string handler)
    {
        await using var cluster = new ScriptedCluster(new ScriptedHandler("make"));
        var config = $$"""{"with":"{{Filler}}"}""";
        var db = $$"""{"name":"db","type":"{{handler}}","config":{{config}}}""";
        await cluster.PutComposition("sys", db);
        await cluster.RunUntilQuiet();
        await cluster.PutComposition("sys", db, """{"name":"invalid","type":"make","config":{"size":0}}""");
        await cluster.EditComponent("sys-db", child => child["metadata"]!.AsObject().Remove("labels"));
        await cluster.RunUntilQuiet();

        var child = await cluster.Component("sys-db");
        Assert.Equal("db", child.Metadata.Label(ApiGroup.ComponentLabel));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(config), child.Spec.Config));
    }

    [Fact]
    public async Task A_foreign_child_that_is_edited_is_corrected()
    {
        await using var cluster = new ScriptedCluster(new ScriptedHandler("make"));
        await cluster.PutComposition("sys", """{"name":"db","type":"rds","config":{"size":2}}""");
        await cluster.RunUntilQuiet();

        await cluster.EditComponent("sys-db", child => child["spec"]!["config"]!["size"] = 3);
        await cluster.RunUntilQuiet();

        Assert.Equal("""{"size":2}""", (await cluster.Component("sys-db")).Spec.Config!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"a":1,"b":[2]}""", """{"b":[2.0],"a":10e-1}""", true)]
    [InlineData("""{"a":"é"}""", """{"a":"\u00e9"}""", true)]
    [InlineData("""{"a":-0.0,"b":100}""", """{"a":0,"b":1E2}""", true)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":1}""", """{"a":-1}""", false)]
    [InlineData("""{"a":10}""", """{"a":1}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":[1,[2]]}""", """{"a":[1,2]}""", false)]
    [InlineData("""{"a":null}""", """{}""", false)]
    [InlineData("""{"a":"1,\"b\":2"}""", """{"a":"1","b":2}""", false)]
    public void Digests_are_equal_exactly_when_the_JSON_is(string one, string other, bool areEqual)
    {
        Assert.Equal(areEqual, JsonNode.DeepEquals(JsonNode.Parse(one), JsonNode.Parse(other)));
        Assert.Equal(areEqual, Component("x", one).Spec.Digest() == Component("x", other).Spec.Digest());
    }

    private static Component Trim(Component whole, Component? before = null) => TrimmedComponent.Of(whole, before, name => name == "make");

    private static Component Large(string handler) => Component(handler, $$"""{"with":"{{Filler}}"}""") with
    {
        Metadata = new() { Name = "a", Namespace = "default", Uid = "u", Generation = 1 },
    };

    private static Component Component(string handler, string config) => new()
    {
        Metadata = new() { Name = "a", Namespace = "default" },
        Spec = new() { Handler = handler, DependsOn = ["other"], Config = JsonSerializer.Deserialize(config, ApiJson.Default.JsonObject) },
    };
}
