using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Tests.Graph;

public sealed class GivenOutputsTests
{
    private static readonly ComponentOutputs[] Files =
    [
        Manifest("default", "app-database", "database", "endpoint", "port"),
        Manifest("default", "shop-main-db", "main_db", "endpoint"),
        Manifest("default", "shop-database", "database", "endpoint"),
        Manifest("other", "lake", "lake", "endpoint"),
        Manifest("default", "lake.eu", "lake_eu", "endpoint"),
        // Its object has the same name as another component in references.
        Manifest("default", "queue", "jobs", "url"),
        Manifest("default", "app-queue", "queue", "url"),
        new(new("default", "reader"), "reader", HandlerNames.ConfigReader, true, null),
        new(new("default", "app-creds"), "creds", HandlerNames.SecretPush, false, ["secretPath"]),
    ];

    [Theory]
    [InlineData("lake.endpoint=db.example.com", "other/lake", "endpoint", "\"db.example.com\"")]
    [InlineData("other/lake.endpoint=db", "other/lake", "endpoint", "\"db\"")]
    [InlineData("main_db.endpoint=a=b", "default/shop-main-db", "endpoint", "\"a=b\"")]
    [InlineData("shop-main-db.endpoint=x", "default/shop-main-db", "endpoint", "\"x\"")]
    [InlineData("default/main_db.endpoint=x", "default/shop-main-db", "endpoint", "\"x\"")]
    [InlineData("lake.eu.endpoint=x", "default/lake.eu", "endpoint", "\"x\"")]
    [InlineData("default/app-database.port=5432", "default/app-database", "port", "5432")]
    [InlineData("app-database.port=\"5432\"", "default/app-database", "port", "\"5432\"")]
    [InlineData("app-database.port=05432", "default/app-database", "port", "\"05432\"")]
    [InlineData("app-database.port=true", "default/app-database", "port", "true")]
    [InlineData("app-database.port=null", "default/app-database", "port", "\"null\"")]
    [InlineData("app-database.port={\"a\":[1]}", "default/app-database", "port", "{\"a\":[1]}")]
    [InlineData("app-database.port={\"a\":1,\"a\":2}", "default/app-database", "port", "\"{\\\"a\\\":1,\\\"a\\\":2}\"")]
    [InlineData("default/queue.url=x", "default/queue", "url", "\"x\"")]
    [InlineData("app-queue.url=x", "default/app-queue", "url", "\"x\"")]
    [InlineData("reader.anything=x", "default/reader", "anything", "\"x\"")]
    public void A_value_is_for_the_one_component_that_it_names(string text, string component, string output, string json)
    {
        var given = new GivenOutputs([Parsed(text)]);

        Assert.Empty(given.Find(Files));
        var found = Files.Where(c => given.Of(Component(c), output) is not null);
        Assert.Equal([component], found.Select(c => c.Key.ToString()));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), given.Of(Component(found.Single()), output)));
    }

    [Theory]
    [InlineData("databse.endpoint=x", "there is no component \"databse\"; did you mean \"database\"?")]
    [InlineData("other/database.endpoint=x", "there is no component \"database\" in namespace other")]
    [InlineData("database.endpoint=x",
        "several components are named \"database\": write default/app-database.endpoint=VALUE or default/shop-database.endpoint=VALUE")]
    [InlineData("queue.url=x", "several components are named \"queue\": write default/queue.url=VALUE or default/app-queue.url=VALUE")]
    [InlineData("app-database.endpont=x", "component \"app-database\" has no output \"endpont\": there is endpoint, port; did you mean \"endpoint\"?")]
    [InlineData("creds.secretPath=x", "component \"creds\" is of the handler secret-push: only outputs of manifest and config-reader can be given")]
    [InlineData("lake.endpoint=x lake.endpoint=y", "is given twice")]
    [InlineData("lake.endpoint=x other/lake.endpoint=y", "is given twice")]
    public void A_value_that_matches_no_component_or_several_is_an_error_with_what_to_do(string texts, string problem) =>
        Assert.Equal(problem, Assert.Single(new GivenOutputs([.. texts.Split(' ').Select(Parsed)]).Find(Files)).Problem);

    [Theory]
    [InlineData("database=x", "write component.name=value, such as database.endpoint=db.example.com")]
    [InlineData("=x", "write component.name=value, such as database.endpoint=db.example.com")]
    [InlineData(".endpoint=x", "write component.name=value, such as database.endpoint=db.example.com")]
    [InlineData("database.=x", "write component.name=value, such as database.endpoint=db.example.com")]
    [InlineData("/database.endpoint=x", "write component.name=value, such as database.endpoint=db.example.com")]
    [InlineData("a/b/database.endpoint=x", "write component.name=value, such as database.endpoint=db.example.com")]
    [InlineData("database.endpoint=", "has no value: write database.endpoint=VALUE")]
    public void A_text_that_names_no_output_or_no_value_is_refused(string text, string problem)
    {
        Assert.Null(GivenOutput.Parse(text, out var found));
        Assert.Equal(problem, found);
    }

    private static GivenOutput Parsed(string text) => GivenOutput.Parse(text, out var problem) ?? throw new InvalidOperationException(problem);

    private static ComponentOutputs Manifest(string place, string name, string referenceName, params string[] outputs) =>
        new(new(place, name), referenceName, HandlerNames.Manifest, true, outputs);

    private static Component Component(ComponentOutputs bearer) =>
        new() { Metadata = new() { Namespace = bearer.Key.Namespace, Name = bearer.Key.Name }, Spec = new() { Handler = bearer.Handler } };
}
