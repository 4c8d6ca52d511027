using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Tests.Validation;

public sealed class CompositionReaderTests
{
    private static readonly HandlerRegistry Handlers = new([new ScriptedHandler("make")]);

    [Theory]
    [InlineData("""{"name":"a","type":"make"}""")]
    [InlineData(
        """{"name":"a","type":"make"},{"name":"b","type":"make","dependsOn":["a","app-a"],"config":{"with":"{{ .a.providerStatus.x """
        + """}}"},"deploymentTimeout":"1h","terminationTimeout":"5m"}""")]
    // A foreign handler's config is not checked.
    [InlineData("""{"name":"a","type":"rds","config":{"anything":[1]}}""")]
    // A component may have the name of a field in another tool's template.
    [InlineData("""{"name":"username","type":"make","config":{"with":"{{ .username }} {{ .password | quote }}"}}""")]
    public void A_valid_Composition_has_no_problems(string entries) => Assert.Empty(Problems(entries));

    [Theory]
    [InlineData("", "spec.components: is empty: a Composition needs at least one component")]
    [InlineData("""{}""", "spec.components[0]: \"name\" is missing: it must be a string\nspec.components[0]: \"type\" is missing: it must be a string")]
    [InlineData("""{"name":"a-b","type":"make"}""",
        "spec.components[0].name: \"a-b\" is not a component name: letters, digits and _, no digit first, at most 31 characters; write \"a_b\"")]
    [InlineData("""{"name":"a_","type":"make"}""",
        "spec.components[0].name: its Component would be called \"app-a-\", which is not a valid Kubernetes name: end the name in a letter or a digit")]
    [InlineData("""{"name":"a","type":"Make It"}""",
        "spec.components[0].type: \"Make It\" is not a valid handler name: lower-case letters, digits and -, at most 63 characters")]
    [InlineData("""{"name":"a","typ":"make"}""",
        "spec.components[0]: \"type\" is missing: it must be a string\nspec.components[0].typ: unknown key \"typ\"; did you mean \"type\"?")]
    [InlineData("""{"name":"a","type":"make","handler":"make"}""",
        "spec.components[0].handler: unknown key \"handler\"; known are config, dependsOn, deploymentTimeout, name, terminationTimeout, type")]
    [InlineData("""{"name":"a","type":"make"},{"name":"a","type":"make"}""",
        "spec.components[1].name: the name \"a\" is taken by spec.components[0]: names are unique in a Composition")]
    [InlineData("""{"name":"a_b","type":"make"},{"name":"A_b","type":"make"}""",
        "spec.components[1].name: \"A_b\" and \"a_b\" (spec.components[0]) would both become the Component \"app-a-b\": rename one")]
    [InlineData("""{"name":"a","type":"make","dependsOn":["b"]},{"name":"b","type":"make","config":{"with":"{{ .a.providerStatus.x }}"}}""",
        "spec.components[0]: dependency cycle a -> b -> a: remove one of these dependencies")]
    [InlineData("""{"name":"a","type":"make","config":{"with":["{{ .a.providerStatus.x }}"]}}""",
        "spec.components[0]: dependency cycle a -> a: remove one of these dependencies")]
    [InlineData(
        """{"name":"database","type":"make"},{"name":"b","type":"make","dependsOn":["databse"],"config":{"with":{"x":["{{ .datbase.providerStatus.x }}"]}}}""",
        "spec.components[1].dependsOn[0]: the Composition has no component \"databse\"; did you mean \"database\"?\nspec.components[1].config.with.x[0]: "
            + "{{ .datbase.providerStatus.x }}: the Composition has no component \"datbase\"; did you mean \"database\"?")]
    [InlineData("""{"name":"a","type":"make","config":{"with":"{{ .a.providerStatus.x | quote }}"}}""",
        "spec.components[0].config.with: {{ .a.providerStatus.x | quote }} is not a reference: write {{ .a.providerStatus.x }}, alone or with | toString "
            + "or | fromJson; a backslash before it leaves it as it is")]
    [InlineData("""{"name":"a","type":"make","config":{"size":10,"sise":1}}""",
        "spec.components[0].config.size: must be a whole number, 1-9, not the number 10\nspec.components[0].config.sise: unknown key \"sise\"; did you "
            + "mean \"size\"?")]
    [InlineData("""{"name":"a","type":"make","deploymentTimeout":"soon","terminationTimeout":5,"dependsOn":"b","config":[]}""",
        "spec.components[0].dependsOn: must be a list, not a string\nspec.components[0].deploymentTimeout: must be a duration such as 30m or 1h30m, not "
            + "\"soon\"\nspec.components[0].terminationTimeout: must be a string, not the number 5: quote it as it was "
            + "written\nspec.components[0].config: must be an object, not a list")]
    // References are allowed only in a config.
    [InlineData(
        """{"name":"{{ .b.providerStatus.x }}","type":"{{ .b.providerStatus.x }}","deploymentTimeout":"{{ .b.providerStatus.x }}","config":"{{ """
        + """.b.providerStatus.x }}"}""",
        "spec.components[0].name: \"{{ .b.providerStatus.x }}\" is not a component name: letters, digits and _, no digit first, at most 31 "
            + "characters\nspec.components[0].type: \"{{ .b.providerStatus.x }}\" is not a valid handler name: lower-case letters, digits and -, at most "
            + "63 characters\nspec.components[0].deploymentTimeout: must be a duration such as 30m or 1h30m, not \"{{ .b.providerStatus.x "
            + "}}\"\nspec.components[0].config: must be an object, not a string")]
    [InlineData("""7,{"name":"a","type":"make"}""", "spec.components[0]: must be an object, not the number 7")]
    public void Every_problem_of_a_Composition_is_reported_with_its_path(string entries, string expected) =>
        Assert.Equal(expected.Split('\n').Order(StringComparer.Ordinal), Problems(entries).Order(StringComparer.Ordinal));

    [Fact]
    public void All_problems_of_a_Composition_are_reported_at_once()
    {
        var problems = Problems(
            """{"name":"a","type":"make","dependsOn":["b","x"]},{"name":"b","type":"make","dependsOn":["a"]},{"name":"c","type":"make","dependsOn":["d"]},"""
            + """{"name":"d","type":"make","dependsOn":["c"],"config":{"size":0}}""", name: "App");
        Assert.Equal(
            [
                "metadata.name: \"App\" is not a valid Kubernetes name: lower-case letters, digits, - and ., at most 253 characters",
                "spec.components[0].dependsOn[1]: the Composition has no component \"x\"",
                "spec.components[0]: dependency cycle a -> b -> a: remove one of these dependencies",
                "spec.components[2]: dependency cycle c -> d -> c: remove one of these dependencies",
                "spec.components[3].config.size: must be a whole number, 1-9, not the number 0",
            ],
            problems.Where(p => !p.Contains("which is not a valid Kubernetes name", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_composition_has_a_short_name() => Assert.Equal(
        ["metadata.name: a Composition's name has at most 63 characters, not 64"], Problems("""{"name":"a","type":"make"}""", name: new('a', 64)));

    [Theory]
    [InlineData("""{"apiVersion":"x","kind":"Composition","metadata":{"name":"app"}}""", "\"spec\" is missing: it must be an object")]
    [InlineData("""{"apiVersion":"x","kind":"Composition","metadata":{"name":"app"},"spec":{}}""", "spec: \"components\" is missing: it must be a list")]
    [InlineData("""{"apiVersion":"x","kind":"Composition","metadata":{},"spec":{"components":[]},"sepc":{}}""",
        "metadata: \"name\" is missing: it must be a string\nsepc: unknown key \"sepc\"; did you mean \"spec\"?\nspec.components: is empty: a Composition "
            + "needs at least one component")]
    public void The_apiVersion_kind_and_metadata_of_a_Composition_are_checked_too(string resource, string expected) =>
        Assert.Equal(expected.Split('\n'), CompositionReader.Validate(JsonNode.Parse(resource)!.AsObject(), Handlers).Select(p => p.ToString()));

    private static IEnumerable<string> Problems(string entries, string name = "app") => CompositionReader.Validate(
        JsonNode.Parse($$$"""{"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Composition","metadata":{"name":"{{{name}}}"},"spec":"""
            + $$$"""{"components":[{{{entries}}}]}}""")!.AsObject(),
        Handlers).Select(p => p.ToString());
}
