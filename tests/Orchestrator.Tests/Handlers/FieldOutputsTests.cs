using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Handlers;

public sealed class FieldOutputsTests
{
    private static readonly ResourceType Database = new("rds.services.k8s.aws", "v1alpha1", "DBInstance");
    private static readonly ObjectKey Orders = new("apps", "orders");

    private JsonObject values = [];
    private JsonObject applied = [];

    [Fact]
    public void A_value_keeps_its_JSON_type()
    {
        var outputs = Collect(Read("status.endpoint.port", Live("""{"endpoint": {"port": 5432}}""")));

        Assert.True(JsonNode.DeepEquals(outputs.Values, JsonNode.Parse("""{"endpoint": 5432}""")));
        Assert.Empty(outputs.Waiting);
        Assert.Empty(outputs.Problems);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"endpoint": null}""")]
    [InlineData("""{"endpoint": {}}""")]
    [InlineData("""{"endpoint": {"address": null}}""")]
    [InlineData("""{"endpoint": {"address": ""}}""")]
    public void An_absent_null_or_empty_field_is_waited_for(string status)
    {
        var outputs = Collect(Read("status.endpoint.address", Live(status)));

        Assert.Empty(outputs.Values);
        Assert.Equal("waiting for DBInstance orders: status.endpoint.address", FieldOutputs.WaitingText(outputs.Waiting, "apps"));
    }

    [Fact]
    public void Awaited_fields_are_reported_by_object()
    {
        var other = FieldReading.Of(Output("status.ip", "ip"), new("", "v1", "Service"), new("web", "front"), null);
        var outputs = Collect(Read("status.a", Live("{}")), Read("status.b", Live("{}"), "b"), other);

        Assert.Equal("waiting for DBInstance orders: status.a, status.b; Service web/front: status.ip", FieldOutputs.WaitingText(outputs.Waiting, "apps"));
    }

    [Fact]
    public void A_default_is_used_until_the_field_comes()
    {
        JsonNode theDefault = 5432;
        Assert.Equal(5432, (int)Collect(Read("status.port", Live("{}"), theDefault: theDefault)).Values["endpoint"]!);
        Assert.Equal(6000, (int)Collect(Read("status.port", Live("""{"port": 6000}"""), theDefault: theDefault)).Values["endpoint"]!);
        Assert.Equal(6000, (int)Collect(Read("status.port", Live("{}"), theDefault: theDefault)).Values["endpoint"]!);
    }

    [Fact]
    public void A_former_default_is_not_a_last_value()
    {
        Collect(Read("status.address", Live("{}"), theDefault: "localhost"));

        var outputs = Collect(Read("status.address", Live("{}")));

        Assert.Empty(outputs.Values);
        Assert.Single(outputs.Waiting);
    }

    [Fact]
    public void The_field_wins_over_a_given_value_and_a_given_value_over_the_default()
    {
        static JsonNode? StandIn(string name) => name == "endpoint" ? "stand-in" : null;
        var withDefault = Read("status.address", Live("{}"), theDefault: "localhost");
        var real = Read("status.address", Live("""{"address": "db"}"""));

        Assert.Equal("stand-in", (string?)FieldOutputs.Collect([withDefault], [], [], "apps", StandIn).Values["endpoint"]);
        Assert.Equal("db", (string?)FieldOutputs.Collect([real], [], [], "apps", StandIn).Values["endpoint"]);
    }

    [Fact]
    public void A_value_that_vanishes_stays_and_is_reported_once()
    {
        Collect(Read("status.address", Live("""{"address": "db"}""")));

        var first = Collect(Read("status.address", Live("""{"address": ""}""")));
        var second = Collect(Read("status.address", Live("{}")));
        Collect(Read("status.address", Live("""{"address": "db2"}""")));
        var again = Collect(Read("status.address", Live("{}")));

        Assert.Equal("db", (string?)first.Values["endpoint"]);
        Assert.Single(first.Kept);
        Assert.Single(first.Vanished);
        Assert.Equal("db", (string?)second.Values["endpoint"]);
        Assert.Single(second.Kept);
        Assert.Empty(second.Vanished);
        Assert.Equal("db2", (string?)again.Values["endpoint"]);
        Assert.Single(again.Vanished);
    }

    [Theory]
    [InlineData("""{"kind": "DBCluster"}""")]
    [InlineData("""{"group": "example.com"}""")]
    [InlineData("""{"namespace": "other"}""")]
    [InlineData("""{"name": "invoices"}""")]
    [InlineData("""{"uid": "2"}""")]
    [InlineData("""{"uid": ""}""")]
    [InlineData("""{"path": "status.host"}""")]
    public void A_value_of_another_object_or_path_is_not_a_last_value(string difference)
    {
        Collect(Read("status.address", Live("""{"address": "db"}""")));
        var now = (JsonObject)JsonNode.Parse("""
            {"kind": "DBInstance", "group": "rds.services.k8s.aws", "namespace": "apps", "name": "orders", "uid": "1", "path": "status.address"}
            """)!;
        foreach (var (key, value) in (JsonObject)JsonNode.Parse(difference)!)
            now[key] = value!.DeepClone();
        var output = Output((string)now["path"]!, "endpoint");
        var source = new FieldSource((string)now["group"]!, (string)now["kind"]!, new((string)now["namespace"]!, (string)now["name"]!), (string)now["uid"]!);

        var outputs = Collect(new FieldReading(output, source));

        Assert.Empty(outputs.Values);
        Assert.Empty(outputs.Notes);
        Assert.Single(outputs.Waiting);
    }

    [Fact]
    public void Another_spelling_of_the_path_and_another_version_of_the_kind_keep_the_value()
    {
        Collect(Read("status.address", Live("""{"address": "db"}""")));

        var outputs = Collect(FieldReading.Of(Output("status[\"address\"]", "endpoint"), Database with { Version = "v1" }, Orders, Live("{}")));

        Assert.Equal("db", (string?)outputs.Values["endpoint"]);
    }

    [Fact]
    public void An_object_that_was_not_read_keeps_its_value_silently()
    {
        Collect(Read("status.address", Live("""{"address": "db"}""")));

        var outputs = Collect(FieldReading.Unseen(Output("status.address", "endpoint"), Database, Orders));

        Assert.Equal("db", (string?)outputs.Values["endpoint"]);
        Assert.Empty(outputs.Kept);
    }

    [Fact]
    public void A_cluster_scoped_object_that_was_not_read_keeps_its_value_too()
    {
        Collect(FieldReading.Of(Output("status.address", "endpoint"), Database, Orders with { Namespace = null }, Live("""{"address": "db"}""")));

        var outputs = Collect(FieldReading.Unseen(Output("status.address", "endpoint", JsonValue.Create("pending")), Database, Orders));

        Assert.Equal("db", (string?)outputs.Values["endpoint"]);
        Assert.NotEmpty(outputs.Notes);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    public void An_empty_value_is_waited_for_and_takes_no_value_away(string empty)
    {
        Assert.Single(Collect(Read("status.address", Live($$"""{"address": {{empty}}}"""))).Waiting);
        Collect(Read("status.address", Live("""{"address": {"host": "db"}}""")));

        var outputs = Collect(Read("status.address", Live($$"""{"address": {{empty}}}""")));

        Assert.Equal("db", (string?)outputs.Values["endpoint"]!["host"]);
        Assert.Single(outputs.Kept);
    }

    [Fact]
    public void A_path_into_a_text_is_a_problem_and_not_waited_for()
    {
        var outputs = Collect(Read("status.endpoint.address", Live("""{"endpoint": "db:5432"}""")));

        Assert.Equal("outputs.endpoint.path: DBInstance orders: status.endpoint is the text \"db:5432\", which has no address",
            Assert.Single(outputs.Problems).ToString());
        Assert.Empty(outputs.Waiting);
    }

    [Fact]
    public void A_value_over_64_KiB_is_a_problem_and_is_left_out()
    {
        var fits = Live(new JsonObject { ["text"] = new string('x', FieldOutputs.MaxValueBytes - 2) });
        var tooLarge = Live(new JsonObject { ["text"] = new string('x', FieldOutputs.MaxValueBytes - 1) });

        var outputs = Collect(Read("status.text", tooLarge));

        Assert.Equal($"outputs.endpoint: DBInstance orders: status.text has {FieldOutputs.MaxValueBytes + 1} bytes, and at most {FieldOutputs.MaxValueBytes} "
            + "are allowed: take a smaller field", Assert.Single(outputs.Problems).ToString());
        Assert.Empty(outputs.Values);
        Assert.Empty(Collect(Read("status.text", fits)).Problems);
    }

    [Fact]
    public void A_value_that_grows_over_64_KiB_does_not_lose_the_last_one()
    {
        Collect(Read("status.text", Live("""{"text": "db"}""")));

        var outputs = Collect(Read("status.text", Live(new JsonObject { ["text"] = new string('x', 70_000) })));
        Assert.Equal("db", (string?)outputs.Values["endpoint"]);
        Assert.Single(outputs.Problems);
        Assert.Empty(outputs.Kept);

        Assert.Equal("db", (string?)Collect(Read("status.text", Live("{}"))).Values["endpoint"]);
    }

    [Fact]
    public void Values_over_192_KiB_together_are_a_problem_and_are_dropped_from_the_end()
    {
        var live = Live(new JsonObject { ["text"] = new string('x', 50_000) });

        var outputs = Collect([.. new[] { "a", "b", "c", "d" }.Select(name => Read("status.text", live, name))]);

        Assert.Contains($"at most {FieldOutputs.MaxBytes} fit into the status", Assert.Single(outputs.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c"], outputs.Values.Select(v => v.Key));
        Assert.Equal(["a", "b", "c"], outputs.Notes.Select(v => v.Key));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""[1,-2.5e3,true,null,"ä\"\n"]""")]
    [InlineData("""{"a":{"b":[{},{"c":1}],"d":"e"},"f":false}""")]
    public void The_size_of_JSON_is_that_of_its_text(string json) =>
        Assert.Equal(Encoding.UTF8.GetByteCount(json), JsonSize.Of(JsonNode.Parse(json)));

    private FieldOutputs Collect(params FieldReading[] readings)
    {
        var outputs = FieldOutputs.Collect(readings, values, applied, "apps");
        values = (JsonObject)outputs.Values.DeepClone();
        applied = new() { [FieldOutputs.NotesKey] = outputs.Notes.DeepClone() };
        return outputs;
    }

    private static FieldReading Read(string path, JsonObject live, string name = "endpoint", JsonNode? theDefault = null) =>
        FieldReading.Of(Output(path, name, theDefault), Database, Orders, live);

    private static FieldOutput Output(string path, string name, JsonNode? theDefault = null) =>
        new($"outputs.{name}", name, FieldPath.Parse(path, out _)!, theDefault);

    private static JsonObject Live(string status) => Live((JsonObject)JsonNode.Parse(status)!);

    private static JsonObject Live(JsonObject status) => new() { ["metadata"] = new JsonObject { ["uid"] = "1" }, ["status"] = status };
}
