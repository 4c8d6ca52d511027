using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.Deploy;

/// <summary>The CRDs are structural, describe every property, and contain nothing that Kubernetes 1.20 refuses.</summary>
/// <remarks>
/// Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema.
/// </remarks>
public sealed class CrdSchemaTests
{
    private static readonly string[] NotStructural = ["$ref", "definitions", "dependencies", "deprecated", "discriminator", "patternProperties", "uniqueItems"];

    public static TheoryData<string> Kinds => ["components", "compositions", "secretpolicies"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_property_of_the_CRDs_has_a_description(string kind) =>
        Assert.Equal([], Nodes(kind).Where(n => n.IsProperty && (string?)n.Schema["description"] is null or "").Select(n => n.Path));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_schemas_of_the_CRDs_are_structural(string kind)
    {
        Assert.All(Nodes(kind), node =>
        {
            Assert.NotNull(node.Schema["type"]);
            Assert.All(NotStructural, key => Assert.Null(node.Schema[key]));
            Assert.Equal((string?)node.Schema["type"] == "array", node.Schema["items"] is not null);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_CRDs_use_no_CEL(string kind) =>
        Assert.All(Nodes(kind), node => Assert.Null(node.Schema["x-kubernetes-validations"]));

    // Nobody writes the status of a SecretPolicy: the operator only reads them.
    [Theory]
    [InlineData("components", true)]
    [InlineData("compositions", true)]
    [InlineData("secretpolicies", false)]
    public void The_CRDs_of_what_the_operator_writes_have_a_status_subresource(string kind, bool hasStatus) =>
        Assert.Equal(hasStatus, Version(kind)["subresources"]?["status"] is not null);

    private static JsonNode Version(string kind) =>
        Assert.Single(DeployFolder.Resources("base/crds")
            .Named("CustomResourceDefinition", $"{kind}.deployment-orchestrator.io")["spec"]!["versions"]!.AsArray())!;

    private static List<Node> Nodes(string kind)
    {
        var nodes = new List<Node>();
        Walk(new("", Version(kind)["schema"]!["openAPIV3Schema"]!, IsProperty: false), nodes);
        Assert.InRange(nodes.Count, 20, 1000);
        return nodes;
    }

    private static void Walk(Node node, List<Node> nodes)
    {
        nodes.Add(node);
        foreach (var (name, schema) in node.Schema["properties"] as JsonObject ?? [])
        {
            // A CRD may constrain only names in metadata.
            var path = $"{node.Path}.{name}";
            Walk(new(path, schema!, IsProperty: path != ".metadata"), nodes);
        }

        if (node.Schema["items"] is { } items)
            Walk(new($"{node.Path}[]", items, IsProperty: false), nodes);
    }

    private sealed record Node(string Path, JsonNode Schema, bool IsProperty);
}
