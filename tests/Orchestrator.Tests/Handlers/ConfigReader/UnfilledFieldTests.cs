using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Handlers.ConfigReader;

/// <summary>config-reader where no controllers run: what it waits for, what fails at once, and given values.</summary>
public sealed class UnfilledFieldTests
{
    private const string Web = """{"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"status.loadBalancer.ingress[0].hostname"}]}""";

    private const string Remedy =
        "waiting for Service web: status.loadBalancer.ingress[0].hostname; no controller fills in "
        + "status.loadBalancer.ingress[0].hostname here: write a default, or "
        + "pass --output thing.hostname=value";

    private readonly ConfigMaps world = new(("apps", "settings", new() { ["region"] = "eu-west-1" }));
    private readonly Dictionary<string, JsonNode> given = new(StringComparer.Ordinal);
    private FieldOutputs? seen;

    [Fact]
    public async Task An_object_that_may_still_be_applied_is_waited_for_and_a_field_of_one_that_is_there_fails_at_once()
    {
        var reader = Reader(Web);
        Assert.Equal(Remedy, Assert.IsType<HandlerAnswer.InProgress>(await reader.Apply()).Message);

        await world.Store.Create(JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"apps"}}""")!.AsObject(),
            TestContext.Current.CancellationToken);
        var failed = Assert.IsType<HandlerAnswer.Failed>(await reader.Apply());
        Assert.Equal((FailureKind.Conflict, Remedy), (failed.Kind, Assert.Single(failed.Problems).Message));
        Assert.Single(failed.Watches);

        given["hostname"] = "lb.example.com";
        Assert.Equal("""{"hostname":"lb.example.com"}""", Assert.IsType<HandlerAnswer.Done>(await reader.Apply()).ProviderStatus!.ToJsonString());
    }

    [Theory]
    [InlineData("settings", "zone", "\"a\"", "\"a\"")]
    [InlineData("settings", "port", "5432", "\"5432\"")]
    [InlineData("elsewhere", "port", "5432", "\"5432\"")]
    [InlineData("settings", "region", "\"other\"", "\"eu-west-1\"")]
    public async Task A_value_replaces_a_key_that_is_not_there_as_text(string configMap, string key, string json, string value)
    {
        given[key] = JsonNode.Parse(json)!;

        var done = Assert.IsType<HandlerAnswer.Done>(await Reader($$$"""{"name":"{{{configMap}}}","exports":[{"key":"{{{key}}}"}]}""").Apply());
        Assert.Equal(value, done.ProviderStatus![key]!.ToJsonString());
    }

    [Fact]
    public async Task A_plan_knows_which_keys_and_fields_are_known_and_which_come_later()
    {
        await Reader("""{"name":"settings","exports":[{"key":"region"}]}""", """{"name":"later","exports":[{"key":"tls.crt","as":"crt"}]}""", Web).Apply();

        Assert.Equal(["region"], seen!.Values.Select(v => v.Key));
        Assert.Equal(
            ["hostname Service web status.loadBalancer.ingress[0].hostname", "crt ConfigMap later data[\"tls.crt\"]"],
            seen.Waiting.Select(w => $"{w.Output.Name} {w.Source.TextIn("apps")} {w.Output.Path}"));
    }

    private HandledComponent Reader(params string[] sources) => new(
        new ConfigReaderHandler(world.Store, new(), (_, output) => given.GetValueOrDefault(output), hasNoControllers: true, outputs => seen = outputs),
        new() { ["sources"] = new JsonArray([.. sources.Select(s => JsonNode.Parse(s))]) });
}
