using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Tests.Validation;

/// <summary>Which outputs a config declares, and references to others.</summary>
public sealed class OutputNamesTests
{
    private static readonly HandlerRegistry Handlers = new([new Declaring(), new ScriptedHandler("make")]);

    [Theory]
    [InlineData("{}", "appliedResources")]
    [InlineData("""{"outputs":{"endpoint":{},"port":"{{ .a.providerStatus.b }}"}}""", "endpoint, port, appliedResources")]
    [InlineData("""{"outputs":"{{ .a.providerStatus.b }}"}""", null)]
    [InlineData("""{"outputs":{"$valueFrom":{"component":"a","output":"b"}}}""", null)]
    [InlineData("""{"outputs":[]}""", null)]
    public void A_manifest_declares_its_outputs(string config, string? names) => Assert.Equal(names, Names(ManifestSchema.Instance, config));

    [Theory]
    [InlineData("""{"sources":[{"name":"a","exports":[{"key":"endpoint"},{"key":"b.c","as":"port"}]},{"exports":[{"key":"d"}]}]}""", "endpoint, port, d")]
    [InlineData("""{"sources":[{"name":"{{ .a.providerStatus.b }}","exports":[{"key":"{{ .a.providerStatus.b }}","as":"host"}]}]}""", "host")]
    [InlineData("""{"sources":[{"name":"a","exports":[{"key":"{{ .a.providerStatus.b }}"}]}]}""", null)]
    [InlineData("""{"sources":[{"name":"a","exports":[{"key":"a"},{"key":"a","as":"{{ .a.providerStatus.b }}"}]}]}""", null)]
    [InlineData("""{"sources":[{"name":"a","exports":"{{ .a.providerStatus.b }}"}]}""", null)]
    [InlineData("""{"sources":[{"name":"a","exports":[{"key":"a"}]},"{{ .a.providerStatus.b }}"]}""", null)]
    [InlineData("""{"sources":"{{ .a.providerStatus.b }}"}""", null)]
    [InlineData("""{"sources":["x"]}""", null)]
    [InlineData("""{"sources":[7, null]}""", null)]
    [InlineData("""{"sources":[{"name":"x","exports":["endpoint"]}]}""", null)]
    [InlineData("""{"sources":[{"name":"x","exports":[["endpoint"], 7]}]}""", null)]
    [InlineData("""{"sources":7}""", null)]
    [InlineData("{}", null)]
    public void A_config_reader_declares_its_exports(string config, string? names) => Assert.Equal(names, Names(ConfigReaderSchema.Instance, config));

    [Fact]
    public void A_secret_push_has_its_seven_outputs() => Assert.Equal(
        "secretArn, secretName, secretPath, versionId, region, lastSyncTime, fieldCount", Names(SecretPushSchema.Instance, "{}"));

    [Fact]
    public void The_outputs_of_an_external_handler_are_unknown() => Assert.Null(ConfigSchema.Unknown.OutputNames([]));

    [Theory]
    [InlineData("declares", "endpiont",
        "spec.components[1].config.with: component \"db\" has no output \"endpiont\": there is endpoint, port; did you mean \"endpoint\"?")]
    [InlineData("declares", "x.y", "spec.components[1].config.with: component \"db\" has no output \"x.y\": there is endpoint, port")]
    [InlineData("declares", "port", null)]
    [InlineData("declares", "endpoint.host[0]", null)]
    [InlineData("make", "endpiont", null)]
    [InlineData("rds", "endpiont", null)]
    public void An_undeclared_output_is_refused_in_a_Composition(string type, string path, string? expected)
    {
        var resource = Resource("Composition", "app", $$$"""
            {"components":[{"name":"db","type":"{{{type}}}"},{"name":"b","type":"make","config":{"with":"{{ .db.providerStatus.{{{path}}} }}"}}]}
            """);

        Assert.Equal(expected is null ? [] : [expected], CompositionReader.Validate(resource, Handlers).Select(p => p.ToString()));
        Assert.Equal(expected is null ? [] : [expected], ResourceSet.Validate([resource], Handlers).Select(p => p.Problem.ToString()));
    }

    [Theory]
    [InlineData("declares", "endpiont",
        "spec.config.with: component \"db\" has no output \"endpiont\": there is endpoint, port; did you mean \"endpoint\"?")]
    [InlineData("declares", "port", null)]
    [InlineData("rds", "endpiont", null)]
    public void An_undeclared_output_is_refused_in_a_standalone_Component(string handler, string path, string? expected)
    {
        var problems = ResourceSet.Validate(
            [
                Resource("Component", "db", $$"""{"handler":"{{handler}}"}"""),
                Resource("Component", "b", $$$"""{"handler":"make","config":{"with":"{{ .db.providerStatus.{{{path}}} }}"}}"""),
            ],
            Handlers);

        Assert.Equal(expected is null ? [] : [$"1 {expected}"], problems.Select(p => $"{p.Resource} {p.Problem}"));
    }

    private static string? Names(ConfigSchema schema, string config) =>
        schema.OutputNames((JsonObject)JsonNode.Parse(config)!) is { } names ? string.Join(", ", names) : null;

    private static JsonObject Resource(string kind, string name, string spec) => new()
    {
        ["apiVersion"] = "deployment-orchestrator.io/v1alpha1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = JsonNode.Parse(spec),
    };

    private sealed class Declaring : IComponentHandler
    {
        public string Name => "declares";

        public ConfigSchema Schema { get; } = new TwoOutputs();

        public IReadOnlyList<DeploymentOrchestrator.Messages.Problem> Validate(JsonObject config) => [];

        public Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class TwoOutputs : ConfigSchema
    {
        public override IReadOnlyCollection<string>? OutputNames(JsonObject config) => ["endpoint", "port"];
    }
}
