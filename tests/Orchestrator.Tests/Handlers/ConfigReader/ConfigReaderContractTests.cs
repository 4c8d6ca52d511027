using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;

namespace DeploymentOrchestrator.Tests.Handlers.ConfigReader;

public sealed class ConfigReaderContractTests : ComponentHandlerContract
{
    private readonly ConfigMaps maps = new(("apps", "settings", new() { ["region"] = "eu-west-1" }));

    protected override IComponentHandler Handler => new ConfigReaderHandler(maps.Store, new());

    protected override JsonObject ValidConfig =>
        JsonNode.Parse("""{"sources":[{"name":"settings","exports":[{"key":"region"}]}]}""")!.AsObject();

    protected override JsonObject InvalidConfig =>
        JsonNode.Parse("""{"sources":[{"exports":[{"key":"app.properties"}]},{"name":"b","exports":[{"key":"x","as":"a b"}]}],"more":1}""")!.AsObject();

    protected override IReadOnlyList<string> ProblemPaths => ["sources[0]", "sources[0].exports[0].key", "sources[1].exports[0].as", "more"];

    protected override Task<string> World() => maps.Text();
}
