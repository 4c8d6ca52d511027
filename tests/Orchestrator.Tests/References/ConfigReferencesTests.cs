using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Validation;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DeploymentOrchestrator.Tests.References;

public sealed class ConfigReferencesTests
{
    private static readonly JsonObject Database = Json("""
        {
          "endpoint": "db.example.com", "port": 5432, "ratio": 1.50, "tls": true, "nothing": null,
          "hosts": [{ "name": "a" }, { "name": "b" }], "limits": { "max-connections": 7, "text": "\"é'+" },
          "trap": "{{ .database.providerStatus.port }}"
        }
        """);

    [Theory]
    [InlineData("""{"a":"{{ .database.providerStatus.endpoint }}"}""", """{"a":"db.example.com"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.port }}"}""", """{"a":5432}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.ratio }}"}""", """{"a":1.50}""")]
    [InlineData("""{"a":"{{- .database.providerStatus.tls -}}"}""", """{"a":true}""")]
    [InlineData("""{"a":" \n{{- .database.providerStatus.tls -}} "}""", """{"a":true}""")]
    [InlineData("""{"a":" {{ .database.providerStatus.tls }}"}""", """{"a":" true"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.hosts }}"}""", """{"a":[{"name":"a"},{"name":"b"}]}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.hosts[1].name }}"}""", """{"a":"b"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.limits.max-connections }}"}""", """{"a":7}""")]
    [InlineData("""{"a":"h={{ .database.providerStatus.endpoint }}:{{ .database.providerStatus.port }}"}""", """{"a":"h=db.example.com:5432"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.hosts }}!"}""", """{"a":"[{\"name\":\"a\"},{\"name\":\"b\"}]!"}""")]
    [InlineData("""{"a":"{{ .user }}@{{ .database.providerStatus.endpoint }}"}""", """{"a":"{{ .user }}@db.example.com"}""")]
    [InlineData("""{"a":"{\"host\":\"{{ .database.providerStatus.endpoint }}\"}"}""", """{"a":"{\"host\":\"db.example.com\"}"}""")]
    [InlineData("""{"a":["x",{"b":"{{ .database.providerStatus.port }}"},7,true,null]}""", """{"a":["x",{"b":5432},7,true,null]}""")]
    // What comes out of a reference is never looked at again.
    [InlineData("""{"a":"{{ .database.providerStatus.trap }}"}""", """{"a":"{{ .database.providerStatus.port }}"}""")]
    [InlineData("""{"a":"-{{ .database.providerStatus.trap }}-"}""", """{"a":"-{{ .database.providerStatus.port }}-"}""")]
    [InlineData("""{"a":"\\{{ .database.providerStatus.port }}"}""", """{"a":"{{ .database.providerStatus.port }}"}""")]
    public void References_become_values(string config, string expected)
    {
        var (resolved, problems) = Resolve(config);
        Assert.Empty(problems);
        Assert.Equal(Json(expected).ToJsonString(), resolved.ToJsonString());
    }

    [Theory]
    [InlineData("endpont", "a: component \"database\" has no output \"endpont\": there is endpoint, port, ratio, tls, nothing, hosts, limits, trap; did you mean \"endpoint\"?")]
    [InlineData("hosts[2]", "a: component \"database\" has no output \"hosts[2]\": the list has 2 items")]
    [InlineData("hosts.name", "a: component \"database\" has no output \"hosts.name\": .name leads into a value that has no such part")]
    [InlineData("endpoint[0]", "a: component \"database\" has no output \"endpoint[0]\": [0] leads into a value that has no such part")]
    [InlineData("limits.max", "a: component \"database\" has no output \"limits.max\": there is max-connections, text")]
    [InlineData("nothing", "a: component \"database\" has null for the output \"nothing\"")]
    public void A_reference_that_leads_nowhere_says_what_there_is(string path, string problem)
    {
        var (_, problems) = Resolve($$$"""{"a":"{{ .database.providerStatus.{{{path}}} }}"}""");
        Assert.Equal([problem], problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_component_without_outputs_says_so()
    {
        var problems = new List<Problem>();
        ConfigReferences.Resolve(Json("""{"a":"{{ .x.providerStatus.y }}"}"""), _ => [], problems);
        Assert.Equal("a: component \"x\" has no output \"y\": there is nothing", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Every_reference_and_every_problem_is_found_with_its_path()
    {
        var problems = new List<Problem>();
        var found = ConfigReferences.Find(Json("""
            {"a":{"b":["{{ .x.providerStatus.y }}{{ .x.providerStatus.z }}",{"c":"{{ .x.providerStatus.y | quote }}"}]},"d":"{{ .y.providerStatus.z","e":"{{ .user }}"}
            """), problems);
        Assert.Equal(["a.b[0] {{ .x.providerStatus.y }}", "a.b[0] {{ .x.providerStatus.z }}"], found.Select(f => $"{f.Path} {f.Reference}"));
        Assert.Equal(["a.b[1].c", "d"], problems.Select(p => p.Path));
    }

    [Fact]
    public void The_config_is_not_changed_and_the_outputs_are_not_shared()
    {
        var config = Json("""{"a":"{{ .database.providerStatus.limits }}","b":{"c":[1]}}""");
        var before = config.ToJsonString();
        var outputs = Database.ToJsonString();
        var resolved = ConfigReferences.Resolve(config, _ => Database, new List<Problem>());
        resolved["a"]!["text"] = "other";
        resolved["b"]!["c"]![0] = 2;
        Assert.Equal(before, config.ToJsonString());
        Assert.Equal(outputs, Database.ToJsonString());
    }

    [Property(MaxTest = 500)]
    public Property A_string_output_stands_as_it_is_whatever_it_holds() => Prop.ForAll(
        Gen.Elements("{{ .a.providerStatus.b }}", "{{", "}}", "\\", "\"", "x", "\n", "\u00e9").ListOf().Select(string.Concat).ToArbitrary(),
        value =>
        {
            var outputs = new JsonObject { ["v"] = value };
            var resolved = ConfigReferences.Resolve(
                Json("""{"alone":"{{ .a.providerStatus.v }}","beside":"<{{ .a.providerStatus.v }}>"}"""), _ => outputs, new List<Problem>());
            return (string?)resolved["alone"] == value && (string?)resolved["beside"] == $"<{value}>";
        });

    private static (JsonObject Resolved, List<Problem> Problems) Resolve(string config)
    {
        var problems = new List<Problem>();
        return (ConfigReferences.Resolve(Json(config), name => name == "database" ? Database : throw new InvalidOperationException(name), problems), problems);
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
