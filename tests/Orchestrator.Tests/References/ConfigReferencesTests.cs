using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DeploymentOrchestrator.Tests.References;

public sealed class ConfigReferencesTests
{
    private static readonly JsonObject Database = Json("""
        {
          "endpoint": "db.example.com", "port": 5432, "ratio": 1.50, "tls": true, "nothing": null,
          "hosts": [{ "name": "a" }, { "name": "b" }], "limits": { "max-connections": 7, "text": "\"é'+" }, "count": "3", "big": 123456789012345678901234567890, "json": "{\"a\":[1.0]}", "word": "not JSON at all and long",
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
    [InlineData("""{"a":"{{ .database.providerStatus.port | toString }}"}""", """{"a":"5432"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.ratio | toString }}"}""", """{"a":"1.50"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.big | toString }}"}""", """{"a":"123456789012345678901234567890"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.tls | toString }}"}""", """{"a":"true"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.endpoint | toString }}"}""", """{"a":"db.example.com"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.hosts[0] | toString }}"}""", """{"a":"{\"name\":\"a\"}"}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.count | fromJson }}"}""", """{"a":3}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.json | fromJson }}"}""", """{"a":{"a":[1.0]}}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.port | fromJson }}"}""", """{"a":5432}""")]
    [InlineData("""{"a":"{{ .database.providerStatus.count | fromJson }} replicas"}""", """{"a":"3 replicas"}""")]
    [InlineData("""{"a":{"$valueFrom":{"component":"database","output":"port"}}}""", """{"a":5432}""")]
    [InlineData("""{"a":[{"$valueFrom":{"component":"database","output":"hosts[1].name"}}]}""", """{"a":["b"]}""")]
    // A resolved value is never searched for references.
    [InlineData("""{"a":"{{ .database.providerStatus.trap }}"}""", """{"a":"{{ .database.providerStatus.port }}"}""")]
    [InlineData("""{"a":"-{{ .database.providerStatus.trap }}-"}""", """{"a":"-{{ .database.providerStatus.port }}-"}""")]
    [InlineData("""{"a":"\\{{ .database.providerStatus.port }}"}""", """{"a":"{{ .database.providerStatus.port }}"}""")]
    public void References_in_a_config_become_values(string config, string expected)
    {
        var (resolved, problems) = Resolve(config);
        Assert.Empty(problems);
        Assert.Equal(Json(expected).ToJsonString(), resolved.ToJsonString());
    }

    [Theory]
    [InlineData("endpont",
        "a: component \"database\" has no output \"endpont\": there is endpoint, port, ratio, tls, nothing, hosts, limits, count, big, json, word, trap; "
        + "did you mean \"endpoint\"?")]
    [InlineData("hosts[2]", "a: component \"database\" has no output \"hosts[2]\": the list has 2 items")]
    [InlineData("hosts.name", "a: component \"database\" has no output \"hosts.name\": .name leads into a value that has no such part")]
    [InlineData("endpoint[0]", "a: component \"database\" has no output \"endpoint[0]\": [0] leads into a value that has no such part")]
    [InlineData("limits.max", "a: component \"database\" has no output \"limits.max\": there is max-connections, text")]
    [InlineData("nothing", "a: component \"database\" has null for the output \"nothing\"")]
    [InlineData("word | fromJson",
        "a: component \"database\" has the text \"not JSON at all and long\" for the output \"word\", which is not JSON: take | fromJson off")]
    public void An_unresolvable_reference_lists_the_available_outputs(string path, string problem)
    {
        var (_, problems) = Resolve($$$"""{"a":"{{ .database.providerStatus.{{{path}}} }}"}""");
        Assert.Equal([problem], problems.Select(p => p.ToString()));
    }

    // JsonNode.DeepEquals throws on such a number, and each reconcile would with it.
    [Theory]
    [InlineData("1e-99999999999")]
    [InlineData("[{\"a\":0E+12345678901}]")]
    public void A_number_with_an_exponent_of_more_than_nine_digits_is_not_taken_as_JSON(string text)
    {
        var problems = new List<Problem>();
        ConfigReferences.Resolve(Json("""{"a":"{{ .x.providerStatus.y | fromJson }}"}"""), _ => new() { ["y"] = text }, problems);
        Assert.EndsWith("which is not JSON: take | fromJson off", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_to_a_Component_without_outputs_reports_that()
    {
        var problems = new List<Problem>();
        ConfigReferences.Resolve(Json("""{"a":"{{ .x.providerStatus.y }}"}"""), _ => [], problems);
        Assert.Equal("a: component \"x\" has no output \"y\": there is nothing", Assert.Single(problems).ToString());
    }

    [Theory]
    // As in secret-push: text, a number, true or false.
    [InlineData("secret-push", """{"tags":{"port":"{{ .database.providerStatus.port }}"}}""", """{"tags":{"port":"5432"}}""")]
    [InlineData("secret-push", """{"fields":{"a":{"value":"{{ .database.providerStatus.ratio }}"}}}""", """{"fields":{"a":{"value":"1.50"}}}""")]
    [InlineData("secret-push", """{"fields":{"a":{"value":"{{ .database.providerStatus.big }}"}}}""",
        """{"fields":{"a":{"value":"123456789012345678901234567890"}}}""")]
    [InlineData("secret-push", """{"fields":{"a":{"valueFrom":{"component":"database","output":"tls"}}}}""", """{"fields":{"a":{"value":"true"}}}""")]
    [InlineData("secret-push", """{"description":{"$valueFrom":{"component":"database","output":"port"}}}""", """{"description":"5432"}""")]
    [InlineData("secret-push", """{"recoveryWindowInDays":"{{ .database.providerStatus.count | fromJson }}"}""", """{"recoveryWindowInDays":3}""")]
    [InlineData("secret-push", """{"tags":"{{ .database.providerStatus.labels }}"}""", """{"tags":{"port":"5432"}}""")]
    [InlineData("config-reader", """{"sources":[{"name":"{{ .database.providerStatus.port }}"}]}""", """{"sources":[{"name":"5432"}]}""")]
    // The schema of an external handler is unknown.
    [InlineData("rds", """{"tags":{"port":"{{ .database.providerStatus.port }}"}}""", """{"tags":{"port":5432}}""")]
    [InlineData("rds", """{"fields":{"a":{"valueFrom":{"component":"database","output":"tls"}}}}""",
        """{"fields":{"a":{"valueFrom":{"component":"database","output":"tls"}}}}""")]
    public void A_place_of_a_known_type_gets_a_value_of_that_type(string handler, string config, string expected)
    {
        var database = (JsonObject)Database.DeepClone();
        database["labels"] = new JsonObject { ["port"] = 5432 };
        var problems = new List<Problem>();
        var resolved = ConfigReferences.Resolve(Json(config), _ => database, problems, StandardHandlers.SchemaOf(handler));
        Assert.Empty(problems);
        Assert.Equal(Json(expected).ToJsonString(), resolved.ToJsonString());
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","data":{"PORT":VALUE}}""", "\"5432\"")]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","stringData":{"PORT":VALUE}}""", "\"5432\"")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","metadata":{"labels":{"port":VALUE}}}""", "\"5432\"")]
    [InlineData("""{"apiVersion":"x.org/v1","kind":"Any","metadata":{"annotations":{"x.org/port":VALUE}}}""", "\"5432\"")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"metadata":{"labels":{"port":VALUE}}}}}""", "\"5432\"")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"spec":{"containers":[{"env":[{"name":"PORT","value":VALUE}]}]}}}}""",
        "\"5432\"")]
    [InlineData(
        """{"apiVersion":"batch/v1","kind":"CronJob","spec":{"jobTemplate":{"spec":{"template":{"spec":{"initContainers":[{"args":["-p",VALUE]}]}}}}}}""",
        "\"5432\"")]
    [InlineData("""{"apiVersion":"argoproj.io/v1","kind":"Rollout","spec":{"template":{"spec":{"containers":[{"env":[{"value":VALUE}]}]}}}}""", "\"5432\"")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":VALUE}}""", "5432")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":VALUE,"targetPort":VALUE}]}}""", "5432")]
    [InlineData("""{"apiVersion":"x.org/v1","kind":"Any","data":{"PORT":VALUE},"spec":{"value":VALUE}}""", "5432")]
    public void The_Kubernetes_schema_decides_which_manifest_fields_are_strings(string manifest, string expected)
    {
        foreach (var written in new[] { "\"{{ .database.providerStatus.port }}\"", """{"$valueFrom":{"component":"database","output":"port"}}""" })
        {
            var problems = new List<Problem>();
            var resolved = ConfigReferences.Resolve(
                Json($$"""{"manifests":[{{manifest.Replace("VALUE", written, StringComparison.Ordinal)}}]}"""), _ =>
                    Database, problems, StandardHandlers.SchemaOf("manifest"));
            Assert.Empty(problems);
            Assert.Equal(Json($$"""{"manifests":[{{manifest.Replace("VALUE", expected, StringComparison.Ordinal)}}]}""").ToJsonString(),
                resolved.ToJsonString());
        }
    }

    [Theory]
    [InlineData("secret-push", """{"tags":{"a":"{{ .database.providerStatus.hosts }}"}}""",
        "tags.a: {{ .database.providerStatus.hosts }} is a list, and a string is needed: write {{ .database.providerStatus.hosts | toString }} for its JSON")]
    [InlineData("secret-push", """{"fields":{"a":{"valueFrom":{"component":"database","output":"limits"}}}}""",
        "fields.a.valueFrom: valueFrom {component: database, output: limits} is an object, and a string is needed: write {{ "
            + ".database.providerStatus.limits | toString }} for its JSON")]
    [InlineData("secret-push", """{"recoveryWindowInDays":"{{ .database.providerStatus.count }}"}""",
        "recoveryWindowInDays: {{ .database.providerStatus.count }} is the text \"3\", and a number is needed: write {{ .database.providerStatus.count | "
            + "fromJson }}")]
    [InlineData("secret-push", """{"recoveryWindowInDays":"{{ .database.providerStatus.port | toString }}"}""",
        "recoveryWindowInDays: {{ .database.providerStatus.port | toString }} is the text \"5432\", and a number is needed: take | toString off")]
    [InlineData("secret-push", """{"adopt":"{{ .database.providerStatus.endpoint }}"}""",
        "adopt: {{ .database.providerStatus.endpoint }} is the text \"db.example.com\", and true or false is needed")]
    [InlineData("manifest", """{"manifests":[{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":"{{ .database.providerStatus.count }}"}}]}""",
        "manifests[0].spec.replicas: {{ .database.providerStatus.count }} is the text \"3\", and a number is needed: write {{ "
            + ".database.providerStatus.count | fromJson }}")]
    public void A_type_that_does_not_fit_is_reported_with_the_function_to_add(string handler, string config, string problem)
    {
        var problems = new List<Problem>();
        ConfigReferences.Resolve(Json(config), _ => Database, problems, StandardHandlers.SchemaOf(handler));
        Assert.Equal([problem], problems.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("""{"a":{"$valueFrom":{"component":"my-db","output":"x"}}}""", "a.$valueFrom.component", "write \"my_db\"")]
    [InlineData("""{"a":{"$valueFrom":{"component":"db"}}}""", "a.$valueFrom", "\"output\" is missing")]
    [InlineData("""{"a":{"$valueFrom":{"component":"db","ouput":"x","output":"x"}}}""", "a.$valueFrom.ouput", "did you mean \"output\"?")]
    [InlineData("""{"a":{"$valueFrom":{"component":"db","output":".x"}}}""", "a.$valueFrom.output", "is not the path of an output")]
    [InlineData("""{"a":{"$valueFrom":{"component":"db","output":"providerStatus.x"}}}""", "a.$valueFrom.output", "write \"x\"")]
    [InlineData("""{"a":{"$valueFrom":{"component":"db","output":5}}}""", "a.$valueFrom.output", "must be a string, not the number 5")]
    [InlineData("""{"a":{"$valueFrom":"db.x"}}""", "a.$valueFrom", "must be an object such as {component: database, output: endpoint}")]
    [InlineData("""{"a":{"$valueFrom":{"component":"db","output":"x"},"b":1}}""", "a.b", "cannot be combined with $valueFrom")]
    [InlineData("""{"a":{"$valuefrom":{"component":"db","output":"x"}}}""", "a.$valuefrom", "is not $valueFrom: write it so")]
    [InlineData("""{"env":[{"name":"A","valueFrom":{"component":"db","output":"x"}}]}""", "env[0].valueFrom",
        "is not a reference here: write value: {$valueFrom: {component: db, output: x}}")]
    public void An_object_that_is_not_a_reference_is_reported_with_its_place(string config, string path, string message)
    {
        var problems = new List<Problem>();
        ConfigReferences.Find(Json(config), problems);
        var problem = Assert.Single(problems);
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_valueFrom_of_kubernetes_is_not_touched()
    {
        const string Config = """
            {"manifests":[{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"env":[
              {"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}},{"name":"B","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}]}}]}
            """;
        var problems = new List<Problem>();
        Assert.Empty(ConfigReferences.Find(Json(Config), problems, StandardHandlers.SchemaOf("manifest")));
        Assert.Equal(Json(Config).ToJsonString(), ConfigReferences.Resolve(Json(Config), _ => [], problems, StandardHandlers.SchemaOf("manifest"))
            .ToJsonString());
        Assert.Empty(problems);
    }

    [Fact]
    public void Every_reference_and_every_problem_is_found_with_its_path()
    {
        var problems = new List<Problem>();
        var found = ConfigReferences.Find(Json("""
            {"o":{"$valueFrom":{"component":"x","output":"y"}},"a":{"b":["{{ .x.providerStatus.y }}{{ .x.providerStatus.z }}",{"c":"{{ .x.providerStatus.y | quote }}"}]},"d":"{{ .y.providerStatus.z","e":"{{ .user }}"}
            """), problems);
        Assert.Equal(["o valueFrom {component: x, output: y}", "a.b[0] {{ .x.providerStatus.y }}", "a.b[0] {{ .x.providerStatus.z }}"],
            found.Select(f => $"{f.Path} {f.Reference}"));
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
