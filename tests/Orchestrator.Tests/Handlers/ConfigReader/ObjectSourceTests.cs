using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Handlers.ConfigReader;

/// <summary>config-reader on fields of any object: values, waiting and last values.</summary>
public sealed class ObjectSourceTests
{
    private const string Web =
        """{"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"spec.clusterIP","as":"ip"},{"path":"spec.ports[0].port"}]}""";

    private static readonly ResourceType Service = new("", "v1", "Service");

    private readonly ConfigMaps world = new(("apps", "settings", new() { ["region"] = "eu-west-1", ["tls.crt"] = "pem" }), ("shared", "common", []));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fields_become_outputs_with_their_JSON_types_beside_keys_in_the_order_written()
    {
        await Create("""{"spec":{"clusterIP":"10.0.0.7","ports":[{"port":5432}],"selector":{"app":"web"}}}""");
        var done = Assert.IsType<HandlerAnswer.Done>(await Reader(Sources(
            """{"name":"settings","exports":[{"key":"region"},{"path":"data[\"tls.crt\"]","as":"crt"},{"path":"metadata.name"}]}""",
            """{"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"spec.selector"}]}""", Web)).Apply());

        Assert.Equal(
            """{"region":"eu-west-1","crt":"pem","name":"settings","selector":{"app":"web"},"ip":"10.0.0.7","port":5432}""",
            done.ProviderStatus!.ToJsonString());
        Assert.Equal("Read 6 values", done.Message);
        Assert.Equal(
            [(ResourceType.ConfigMap, "settings"), (Service, "web")],
            done.Watches.Select(w => (w.Type, w.Key.Name)));
        Assert.All(done.Watches, w => Assert.True(w.SeenVersion is not (null or "0") && w.As is null, $"{w}"));
    }

    [Fact]
    public async Task A_missing_field_is_awaited_with_its_object_and_path()
    {
        var reader = Reader(Sources(Web));
        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await reader.Apply());
        Assert.Equal("waiting for Service web: spec.clusterIP, spec.ports[0].port", waiting.Message);
        Assert.Equal([new(Service, new("apps", "web"), "0")], waiting.Watches);
        Assert.Null(waiting.ProviderStatus);

        await Create("""{"spec":{"clusterIP":"","ports":[{"port":5432}]}}""");
        Assert.Equal("waiting for Service web: spec.clusterIP", Assert.IsType<HandlerAnswer.InProgress>(await reader.Apply()).Message);

        await Change("""{"clusterIP":"10.0.0.7","ports":[{"port":5432}]}""");
        Assert.Equal("""{"ip":"10.0.0.7","port":5432}""", Assert.IsType<HandlerAnswer.Done>(await reader.Apply()).ProviderStatus!.ToJsonString());
    }

    [Fact]
    public async Task A_ConfigMap_and_a_field_that_are_missing_are_reported_together()
    {
        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await Reader(Sources("""{"name":"later","exports":[{"key":"k"}]}""", Web)).Apply());
        Assert.Equal("waits for ConfigMap apps/later; waiting for Service web: spec.clusterIP, spec.ports[0].port", waiting.Message);
    }

    [Fact]
    public async Task A_default_is_used_until_the_field_comes_and_keeps_its_JSON_type()
    {
        var reader = Reader(Sources("""
            {"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"spec.ports[0].port","default":5432},{"path":"spec.on","default":false}]}
            """));
        Assert.Equal("""{"port":5432,"on":false}""", Assert.IsType<HandlerAnswer.Done>(await reader.Apply()).ProviderStatus!.ToJsonString());

        await Create("""{"spec":{"ports":[{"port":6000}]}}""");
        Assert.Equal("""{"port":6000,"on":false}""", Assert.IsType<HandlerAnswer.Done>(await reader.Apply()).ProviderStatus!.ToJsonString());
    }

    [Fact]
    public async Task A_field_that_vanishes_keeps_its_last_value_and_says_so_until_the_object_is_another()
    {
        await Create("""{"spec":{"clusterIP":"10.0.0.7","ports":[{"port":5432}]}}""");
        var reader = Reader(Sources(Web));
        await reader.Apply();
        await Change("""{"ports":[{"port":6000}]}""");

        var kept = Assert.IsType<HandlerAnswer.Done>(await reader.Apply());
        Assert.Equal("""{"ip":"10.0.0.7","port":6000}""", kept.ProviderStatus!.ToJsonString());
        Assert.Equal("Read 2 values; ip keeps its last value, as it is gone from Service web: spec.clusterIP", kept.Message);
        Assert.Equal(
            new HandlerEvent("OutputKept", "ip keeps its last value: Service web has no spec.clusterIP any more", IsWarning: true), Assert.Single(kept.Events));
        Assert.Empty((await reader.Apply()).Events);

        await world.Store.Delete(Service, new("apps", "web"), new(), Cancellation);
        Assert.IsType<HandlerAnswer.InProgress>(await reader.Apply());
        await Create("""{"spec":{"ports":[{"port":6000}]}}""");
        Assert.Equal("waiting for Service web: spec.clusterIP", Assert.IsType<HandlerAnswer.InProgress>(await reader.Apply()).Message);
    }

    [Fact]
    public async Task A_Component_with_keys_only_keeps_no_state_and_drops_that_of_removed_fields()
    {
        Assert.Null((await Reader(Sources("""{"name":"settings","exports":[{"key":"region"}]}""")).Apply()).Applied);

        await Create("""{"spec":{"clusterIP":"10.0.0.7","ports":[{"port":5432}]}}""");
        var reader = Reader(Sources(Web));
        Assert.Equal(["ip", "port"], (await reader.Apply()).Applied!["outputs"]!.AsObject().Select(o => o.Key));
        reader.Config = Sources("""{"name":"settings","exports":[{"key":"region"}]}""");
        Assert.Equal("{}", (await reader.Apply()).Applied!.ToJsonString());
    }

    [Theory]
    [InlineData("spec.clusterIP.x", "sources[0].exports[0].path: Service web: spec.clusterIP is the text \"a\", which has no x")]
    [InlineData("spec.ports.x", "sources[0].exports[0].path: Service web: spec.ports is a list: write [0] or [type=Ready] after it")]
    [InlineData("spec.nested", "sources[0].exports[0].path: Service web: it contains a Secret, which cannot be read: take a field beside it")]
    public async Task A_path_that_the_object_cannot_have_is_a_Conflict_and_heals_with_the_object(string path, string expected)
    {
        await Create("""{"spec":{"clusterIP":"a","ports":[1],"nested":{"apiVersion":"v1","kind":"Secret","data":{"a":"b"}}}}""");
        var reader = Reader(Sources($$"""{"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"{{path}}","as":"x"}]}"""));
        var failed = Assert.IsType<HandlerAnswer.Failed>(await reader.Apply());
        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Equal(expected, Assert.Single(failed.Problems).ToString());

        await Change("""{"clusterIP":{"x":"1"},"ports":{"x":"1"},"nested":"1"}""");
        Assert.IsType<HandlerAnswer.Done>(await reader.Apply());
    }

    [Fact]
    public async Task A_field_of_more_than_64_KiB_and_outputs_of_more_than_192_KiB_are_refused()
    {
        var fields = string.Join(',', Enumerable.Range(0, 4).Select(i => $"\"f{i}\":\"{new string('x', 60 * 1024)}\""));
        await Create($$$"""{"spec":{"big":"{{{new string('x', 65 * 1024)}}}",{{{fields}}}}}""");
        var big = await Refused("""{"path":"spec.big"}""");
        Assert.Equal("sources[0].exports[0]: Service web: spec.big has 66562 bytes, and at most 65536 are allowed: take a smaller field", big);
        var many = await Refused([.. Enumerable.Range(0, 4).Select(i => $$"""{"path":"spec.f{{i}}"}""")]);
        Assert.StartsWith("the outputs have 2457", many, StringComparison.Ordinal);
        // A single ConfigMap key may use the whole limit.
        await world.Create("apps", "big", new() { ["k"] = new string('x', 100 * 1024) });
        Assert.IsType<HandlerAnswer.Done>(await Reader(Sources("""{"name":"big","exports":[{"key":"k"}]}""")).Apply());
        await world.Create("apps", "both", new() { ["k"] = new string('x', 140 * 1024) });
        var failed = Assert.IsType<HandlerAnswer.Failed>(await Reader(Sources(
            """{"name":"both","exports":[{"key":"k"}]}""", """{"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"spec.f0"}]}""")).Apply());
        Assert.Contains("at most 196608 fit into the status", Assert.Single(failed.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_names_of_outputs_are_known_without_a_cluster()
    {
        var schema = ConfigReaderSchema.Instance;
        Assert.Equal(["region", "ip", "port"], schema.OutputNames(Sources("""{"name":"a","exports":[{"key":"region"}]}""", Web)));
        Assert.Null(schema.OutputNames(Sources("""{"name":"a","exports":[{"path":"data.a[0]"}]}""")));
        Assert.Null(schema.OutputNames(Sources("""{"name":"a","exports":[{"path":"{{ .b.providerStatus.p }}"}]}""")));
    }

    [Fact]
    public async Task An_object_of_several_sources_is_read_once()
    {
        await Create("""{"spec":{"clusterIP":"10.0.0.7","ports":[{"port":5432}]}}""");
        var reads = 0;
        var store = new HookedStore(world.Store) { Before = (call, _) => Task.FromResult(call == "Get" ? ++reads : 0) };
        var other = """{"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"metadata.name"}]}""";
        var done = Assert.IsType<HandlerAnswer.Done>(
            await new HandledComponent(new ConfigReaderHandler(store, new()), Sources(Web, other)).Apply());
        Assert.Equal((1, 1), (reads, done.Watches.Count));
    }

    private static JsonObject Sources(params string[] sources) => JsonNode.Parse($$"""{"sources":[{{string.Join(',', sources)}}]}""")!.AsObject();

    private HandledComponent Reader(JsonObject config) => new(new ConfigReaderHandler(world.Store, new()), config);

    private async Task<string> Refused(params string[] exports)
    {
        var failed = Assert.IsType<HandlerAnswer.Failed>(
            await Reader(Sources($$"""{"apiVersion":"v1","kind":"Service","name":"web","exports":[{{string.Join(',', exports)}}]}""")).Apply());
        Assert.Equal(FailureKind.Conflict, failed.Kind);
        return failed.Problems[0].ToString();
    }

    private Task<JsonObject> Create(string rest)
    {
        var service = JsonNode.Parse(rest)!.AsObject();
        (service["apiVersion"], service["kind"]) = ("v1", "Service");
        service["metadata"] = new JsonObject { ["namespace"] = "apps", ["name"] = "web" };
        return world.Store.Create(service, Cancellation);
    }

    private async Task Change(string spec)
    {
        var service = (await world.Store.Get(Service, new("apps", "web"), Cancellation))!;
        service["spec"] = JsonNode.Parse(spec);
        await world.Store.Replace(service, Cancellation);
    }
}
