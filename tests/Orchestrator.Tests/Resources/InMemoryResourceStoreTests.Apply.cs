using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public sealed partial class InMemoryResourceStoreTests
{
    [Fact]
    public async Task ManagedFields_have_Kubernetes_shape()
    {
        var store = Store();
        var resource = ConfigMap("a", ""","labels":{"l":"v"},"finalizers":["example.com/hold"]""");
        resource["data"] = new JsonObject { ["k"] = "1" };
        resource["spec"] = Resource("""{"list":[{"a":1}],"empty":{},"nested":{"a":{"b":1}}}""");

        var applied = await store.Apply(resource, new("red"), Cancellation);

        Assert.True(JsonNode.DeepEquals(
            Resource("""
                {
                  "f:data": { "f:k": {} },
                  "f:metadata": { "f:labels": { "f:l": {} }, "f:finalizers": { "v:\"example.com/hold\"": {} } },
                  "f:spec": { "f:list": {}, "f:empty": {}, "f:nested": { "f:a": { "f:b": {} } } }
                }
                """),
            applied["metadata"]!["managedFields"]![0]!["fieldsV1"]));
        Assert.Equal("2031-05-06T07:08:09Z", (string)applied["metadata"]!["managedFields"]![0]!["time"]!);
    }

    [Fact]
    public async Task Objects_emptied_by_an_apply_are_removed_unless_a_manager_owns_them()
    {
        var store = Store();
        await store.Apply(WithSpec("""{"a":{"b":{"c":1}},"kept":{"x":1}}"""), new("red"), Cancellation);
        await store.Apply(WithSpec("""{"kept":{}}"""), new("blue"), Cancellation);

        var applied = await store.Apply(WithSpec("""{"other":1}"""), new("red"), Cancellation);

        Assert.True(JsonNode.DeepEquals(Resource("""{"kept":{},"other":1}"""), applied["spec"]));

        static JsonObject WithSpec(string spec)
        {
            var resource = ConfigMap("a");
            resource["spec"] = Resource(spec);
            return resource;
        }
    }

    [Theory]
    [InlineData("""{"a":{"b":1}}""", """{"a":2}""", ".spec.a.b")]
    [InlineData("""{"a":1}""", """{"a":{"b":1}}""", ".spec.a")]
    [InlineData("""{"a":[1]}""", """{"a":[1,2]}""", ".spec.a")]
    [InlineData("""{"a":1}""", """{"a":null}""", ".spec.a")]
    public async Task A_field_applied_with_another_type_is_a_conflict_too(string first, string second, string field)
    {
        var store = Store();
        await store.Apply(WithSpec(first), new("red"), Cancellation);

        var refusal = await Refused(ResourceError.FieldConflict, store.Apply(WithSpec(second), new("blue"), Cancellation));
        Assert.Equal([$"conflict with \"red\": {field}"], refusal.Details);

        var forced = await store.Apply(WithSpec(second), new("blue", Force: true), Cancellation);
        Assert.True(JsonNode.DeepEquals(Resource(second), forced["spec"]));
        Assert.Equal("blue", (string)Assert.Single(forced["metadata"]!["managedFields"]!.AsArray())!["manager"]!);

        static JsonObject WithSpec(string spec)
        {
            var resource = ConfigMap("a");
            resource["spec"] = Resource(spec);
            return resource;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Apply_needs_a_manager_of_at_most_128_characters(string manager) =>
        await Refused(ResourceError.Invalid, Store().Apply(ConfigMap("a"), new(manager), Cancellation));

    [Fact]
    public async Task What_is_applied_has_no_managedFields() =>
        await Refused(ResourceError.Invalid, Store().Apply(ConfigMap("a", ""","managedFields":[{}]"""), new("red"), Cancellation));
}
