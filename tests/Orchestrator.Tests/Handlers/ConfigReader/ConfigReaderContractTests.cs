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

/// <summary>The same on a field of an object other than a ConfigMap.</summary>
public sealed class ObjectReaderContractTests : ComponentHandlerContract
{
    private readonly ConfigMaps world = new();

    public ObjectReaderContractTests() => world.Store.Create(
        JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"namespace":"apps","name":"web"},"spec":{"clusterIP":"10.0.0.7"}}""")!.AsObject(),
        CancellationToken.None).GetAwaiter().GetResult();

    protected override IComponentHandler Handler => new ConfigReaderHandler(world.Store, new());

    protected override JsonObject ValidConfig =>
        JsonNode.Parse("""{"sources":[{"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"spec.clusterIP"}]}]}""")!.AsObject();

    protected override JsonObject InvalidConfig => JsonNode.Parse(
        """{"sources":[{"apiVersion":"v1","kind":"Secret","name":"a","exports":[{"key":"k"}]},{"kind":"Service","name":"b","exports":[{"path":"a..b"}]}]}""")!
        .AsObject();

    protected override IReadOnlyList<string> ProblemPaths => ["sources[0].kind", "sources[1]", "sources[1].exports[0].path"];

    protected override async Task<string> World() =>
        (await world.Store.Get(new("", "v1", "Service"), new("apps", "web"), CancellationToken.None))!.ToJsonString();
}
