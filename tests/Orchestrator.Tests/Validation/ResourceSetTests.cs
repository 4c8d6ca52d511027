using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Tests.Validation;

public sealed class ResourceSetTests
{
    private static readonly HandlerRegistry Handlers = new([new ScriptedHandler("make")]);

    [Fact]
    public void Components_of_one_namespace_may_need_each_other() => Assert.Empty(Validate(
        Component("data-base"), Component("app", """{"dependsOn":["data-base","data_base"],"config":{"with":"{{ .data_base.providerStatus.x }}"}}""")));

    [Fact]
    public void A_dependency_that_is_in_no_file_may_be_in_the_cluster() => Assert.Equal(
        [
            "1 warning spec.config.with: no component \"databse\" is in these files; did you mean \"database\"?; it is waited for in the cluster",
            "1 warning spec.dependsOn[1]: no component \"cache\" is in these files; it is waited for in the cluster",
        ],
        Validate(Component("database"), Component("app", """{"dependsOn":["database","cache"],"config":{"with":"{{ .databse.providerStatus.x }}"}}""")));

    [Fact]
    public void A_dependency_is_not_looked_for_in_another_namespace() => Assert.Equal(
        ["1 warning spec.dependsOn[0]: no component \"a\" is in these files; it is waited for in the cluster"],
        Validate(Component("a", @namespace: "one"), Component("b", """{"dependsOn":["a"]}""", "two")));

    [Fact]
    public void A_resource_without_a_namespace_is_in_the_default_one() =>
        Assert.Empty(Validate(Component("a", @namespace: "default"), Component("b", """{"dependsOn":["a"]}""")));

    [Fact]
    public void Two_components_of_one_reference_name_are_refused() => Assert.Equal(
        ["1 metadata.name: \"b\" and \"a\" are both called \"a\" in references: give one another spec.name"],
        Validate(Component("a"), Component("b", """{"name":"a"}""")));

    // The reader of the files knows both places and reports them.
    [Fact]
    public void Duplicate_objects_are_left_to_the_reader_of_the_files() =>
        Assert.Empty(Validate(Component("a"), Component("a", @namespace: "default"), ConfigMap("a"), ConfigMap("a")));

    [Fact]
    public void Every_dependency_cycle_is_reported() => Assert.Equal(
        [
            "0 spec: dependency cycle a -> b -> a: remove one of these dependencies",
            "2 spec: dependency cycle c_c -> d -> c_c: remove one of these dependencies",
        ],
        Validate(
            Component("a", """{"dependsOn":["b"]}"""), Component("b", """{"config":{"with":"{{ .a.providerStatus.x }}"}}"""),
            Component("c-c", """{"dependsOn":["d"]}"""), Component("d", """{"dependsOn":["c-c"]}""")));

    // As in the cluster, where a reference name wins over an object name.
    [Fact]
    public void A_reference_name_wins_over_an_object_name() => Assert.Empty(Validate(
        // The object b needs a, and a needs the component named b, which is the object c.
        Component("a", """{"dependsOn":["b"]}"""), Component("b", """{"name":"second","dependsOn":["a"]}"""), Component("c", """{"name":"b"}""")));

    [Fact]
    public void A_standalone_Component_of_an_external_handler_may_not_use_references() => Assert.Equal(
        ["1 spec.config.host: {{ .a.providerStatus.x }}: no handler rds is running here, and one elsewhere would see the reference instead of its value: "
            + "put it in a Composition"],
        Validate(Component("a"), Component("b", """{"handler":"rds","config":{"host":"{{ .a.providerStatus.x }}"}}""")));

    [Fact]
    public void The_problems_of_each_Component_are_reported() => Assert.Equal(
        [
            "0 spec.config.size: must be a whole number, 1-9, not the number 0",
            "0 spec.deploymentTimeout: must be a duration such as 30m or 1h30m, not \"x\"",
            "0 spec.name: \"9\" is not a component name: letters, digits and _, no digit first, at most 31 characters",
            "0 spec.nmae: unknown key \"nmae\"; did you mean \"name\"?",
        ],
        Validate(Component("a", """{"name":"9","nmae":"x","deploymentTimeout":"x","config":{"size":0}}""")).Order(StringComparer.Ordinal));

    [Fact]
    public void Thousands_of_Components_are_validated_quickly() => Assert.Empty(Validate(
        [.. Enumerable.Range(0, 3000).Select(i => Component($"c{i}", i == 0 ? "{}" : $$"""{"dependsOn":["c{{i - 1}}","c0"]}"""))]));

    private static IEnumerable<string> Validate(params JsonObject[] resources) => ResourceSet.Validate(resources, Handlers)
        .Select(p => $"{p.Resource} {(p.Problem.IsWarning ? "warning " : "")}{p.Problem}");

    private static JsonObject Component(string name, string spec = "{}", string? @namespace = null)
    {
        var written = JsonNode.Parse(spec)!.AsObject();
        written["handler"] ??= "make";
        var component =
            JsonNode.Parse($$$"""{"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Component","metadata":{"name":"{{{name}}}"}}""")!.AsObject();
        component["spec"] = written;
        if (@namespace is not null)
            component["metadata"]!["namespace"] = @namespace;
        return component;
    }

    private static JsonObject ConfigMap(string name) =>
        JsonNode.Parse($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"}}""")!.AsObject();
}
