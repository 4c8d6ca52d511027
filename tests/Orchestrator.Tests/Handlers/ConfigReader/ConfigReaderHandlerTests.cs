using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Handlers.ConfigReader;

public sealed class ConfigReaderHandlerTests
{
    private readonly ConfigMaps maps = new(
        ("apps", "settings", new() { ["region"] = "eu-west-1", ["app.properties"] = "a=1\n" }),
        ("shared", "common", new() { ["domain"] = "example.org" }));

    [Theory]
    [InlineData("{}", "\"sources\" is missing: it must be a list")]
    [InlineData("""{"sources":[]}""", "sources: is empty: name at least one ConfigMap")]
    [InlineData("""{"source":[]}""", "\"sources\" is missing: it must be a list|source: unknown key \"source\"; did you mean \"sources\"?")]
    [InlineData("""{"sources":[{"name":"a","exports":[]}]}""", "sources[0].exports: is empty: name at least one key")]
    [InlineData("""{"sources":[{"name":"a"}]}""", "sources[0]: \"exports\" is missing: it must be a list")]
    [InlineData("""{"sources":[{"name":"A/b","namespace":"x.y","exports":[{"key":"k"}]}]}""",
        "sources[0].name: \"A/b\" is not a ConfigMap name: lower-case letters, digits, - and ., at most 253 characters|sources[0].namespace: \"x.y\" is "
            + "not a namespace: lower-case letters, digits and -, at most 63 characters")]
    [InlineData("""{"sources":[{"name":"a","exports":[{"key":"app.properties"}]}]}""",
        "sources[0].exports[0].key: \"app.properties\" cannot be used in a reference: name the output, such as as: app_properties")]
    [InlineData("""{"sources":[{"name":"a","exports":[{"key":"k","as":"a.b"}]}]}""",
        "sources[0].exports[0].as: \"a.b\" cannot be used in a reference: write letters, digits, - and _ only")]
    [InlineData("""{"sources":[{"name":"a","exports":[{"key":"a b","as":"c"}]}]}""",
        "sources[0].exports[0].key: \"a b\" is not a key of a ConfigMap: letters, digits, -, _ and ., at most 253 characters")]
    [InlineData("""{"sources":[{"name":"a","exports":[{"kye":"k"}]}]}""",
        "sources[0].exports[0]: \"key\" is missing: it must be a string|sources[0].exports[0].kye: unknown key \"kye\"; did you mean \"key\"?")]
    [InlineData("""{"sources":[{"name":"a","exports":[{"key":"k"},{"key":"j","as":"k"}]},{"name":"b","exports":[{"key":"k"}]}]}""",
        "sources[0].exports[1]: gives the output \"k\", as sources[0].exports[0] does: write another name with as|sources[1].exports[0]: gives the output "
            + "\"k\", as sources[0].exports[0] does: write another name with as")]
    public void Every_problem_of_a_config_reader_config_is_reported_with_its_path(string config, string expected) =>
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), Validate(config).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("""{"sources":[{"name":"a","namespace":"b","exports":[{"key":"app.properties","as":"props"},{"key":"a-b_C1"}]}]}""")]
    // An unresolved reference is checked once it has a value.
    [InlineData("""{"sources":"{{ .a.providerStatus.list }}"}""")]
    [InlineData("""{"sources":[{"name":"{{ .a.providerStatus.n }}","exports":[{"key":"{{ .a.providerStatus.k }}"},{"key":"a.b","as":"{{ """
        + """.a.providerStatus.k }}"}]}]}""")]
    public void A_valid_config_reader_config_has_no_problems(string config) => Assert.Empty(Validate(config));

    [Fact]
    public async Task Exported_values_become_one_flat_map_of_outputs()
    {
        var done = Assert.IsType<HandlerAnswer.Done>(await Apply(
            """{"sources":[{"name":"settings","exports":[{"key":"region"},{"key":"app.properties","as":"props"}]},"""
                + """{"name":"common","namespace":"shared","exports":[{"key":"domain"}]}]}""", "shared"));
        Assert.Equal("""{"region":"eu-west-1","props":"a=1\n","domain":"example.org"}""", done.ProviderStatus!.ToJsonString());
        Assert.Equal("Read 3 values", done.Message);
        Assert.Equal([await Seen("apps", "settings"), await Seen("shared", "common")], done.Watches);
        Assert.Equal(TimeSpan.FromMinutes(10), done.RecheckAfter);
    }

    [Fact]
    public async Task A_namespace_that_the_operator_does_not_allow_is_denied_with_what_to_do()
    {
        const string config =
            """{"sources":[{"name":"settings","namespace":"apps","exports":[{"key":"region"}]},"""
            + """{"name":"common","namespace":"shared","exports":[{"key":"domain"}]}]}""";
        var failed = Assert.IsType<HandlerAnswer.Failed>(await Apply(config));
        Assert.Equal(FailureKind.Denied, failed.Kind);
        Assert.Equal(
            "sources[1].namespace: \"shared\" is not this Component's namespace \"apps\": put the ConfigMap there, or have the operator run with "
            + "--config-reader-namespaces shared",
            Assert.Single(failed.Problems).ToString());
        Assert.Null(failed.ProviderStatus);
    }

    [Fact]
    public async Task A_missing_config_map_is_waited_for_and_keeps_the_last_outputs()
    {
        const string config = """{"sources":[{"name":"later","exports":[{"key":"k"}]},{"name":"settings","exports":[{"key":"region"}]}]}""";
        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await Apply(config));
        Assert.Equal("waits for ConfigMap apps/later", waiting.Message);
        Assert.Null(waiting.ProviderStatus);
        Assert.Contains(new(ResourceType.ConfigMap, new("apps", "later"), "0"), waiting.Watches);

        await maps.Create("apps", "later", new() { ["k"] = "v" });
        Assert.Equal("""{"k":"v","region":"eu-west-1"}""", Assert.IsType<HandlerAnswer.Done>(await Apply(config)).ProviderStatus!.ToJsonString());
    }

    [Fact]
    public async Task Two_missing_config_maps_with_long_names_fit_a_message()
    {
        var sources = new[] { 'a', 'b' }.Select(c => $$"""{"name":"{{new string(c, 250)}}","exports":[{"key":"k","as":"{{c}}"}]}""");
        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await Apply($$"""{"sources":[{{string.Join(',', sources)}}]}"""));
        Assert.InRange(Encoding.UTF8.GetByteCount(waiting.Message!), 200, MessageText.MaxBytes);
    }

    [Fact]
    public async Task A_missing_key_names_those_that_exist_and_heals_with_the_config_map()
    {
        const string config = """{"sources":[{"name":"settings","exports":[{"key":"regoin"},{"key":"zone"}]}]}""";
        var failed = Assert.IsType<HandlerAnswer.Failed>(await Apply(config));
        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Equal(
            ["sources[0].exports[0].key: ConfigMap apps/settings has no key \"regoin\": there is region, app.properties; did you mean \"region\"?",
             "sources[0].exports[1].key: ConfigMap apps/settings has no key \"zone\": there is region, app.properties"],
            failed.Problems.Select(p => p.ToString()));
        Assert.Contains(await Seen("apps", "settings"), failed.Watches);

        await maps.Change("settings", new() { ["regoin"] = "x", ["zone"] = "y" });
        Assert.IsType<HandlerAnswer.Done>(await Apply(config));
    }

    [Fact]
    public async Task A_binary_value_of_a_ConfigMap_is_refused()
    {
        await maps.Create("apps", "keys", new() { ["jks"] = "AAEC" }, "binaryData");
        var failed = Assert.IsType<HandlerAnswer.Failed>(await Apply("""{"sources":[{"name":"keys","exports":[{"key":"jks"},{"key":"x"}]}]}"""));
        Assert.Equal(
            ["sources[0].exports[0].key: \"jks\" of ConfigMap apps/keys is binary, and an output is text: put it under data",
             "sources[0].exports[1].key: ConfigMap apps/keys has no key \"x\": there is nothing"],
            failed.Problems.Select(p => p.ToString()));
    }

    [Fact]
    public async Task Outputs_that_do_not_fit_a_status_are_refused()
    {
        await maps.Create("apps", "big", new() { ["k"] = new string('x', FieldOutputs.MaxBytes) });
        var failed = Assert.IsType<HandlerAnswer.Failed>(await Apply("""{"sources":[{"name":"big","exports":[{"key":"k"}]}]}"""));
        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Contains("export fewer or smaller values", Assert.Single(failed.Problems).Message, StringComparison.Ordinal);
    }

    // Bytes count as stored: an emoji takes 4, unescaped; a quote takes 2 and a control character 6.
    [Theory]
    [InlineData("😀", 4)]
    [InlineData("é", 2)]
    [InlineData("\u2028", 3)]
    [InlineData("\"", 2)]
    [InlineData("\n", 2)]
    [InlineData("\u0001", 6)]
    public async Task The_size_of_the_outputs_is_that_of_their_text_in_the_store(string text, int bytes)
    {
        // {"k":"…"}
        var most = (FieldOutputs.MaxBytes - 8) / bytes;
        foreach (var (name, count) in new[] { ("fits", most), ("big", most + 1) })
            await maps.Create("apps", name, new() { ["k"] = string.Concat(Enumerable.Repeat(text, count)) });
        Assert.IsType<HandlerAnswer.Done>(await Apply("""{"sources":[{"name":"fits","exports":[{"key":"k"}]}]}"""));
        var failed = Assert.IsType<HandlerAnswer.Failed>(await Apply("""{"sources":[{"name":"big","exports":[{"key":"k"}]}]}"""));
        Assert.Equal(
            $"the outputs have {((most + 1) * bytes) + 8} bytes, and at most {FieldOutputs.MaxBytes} fit into the status: export fewer or "
            + $"smaller values",
            Assert.Single(failed.Problems).Message);
    }

    [Theory]
    [InlineData(ResourceError.Forbidden, FailureKind.Denied)]
    [InlineData(ResourceError.Unavailable, FailureKind.Transient)]
    public async Task A_refusal_of_the_store_becomes_a_failure_of_the_Component(object error, FailureKind kind)
    {
        var store = new HookedStore(maps.Store) { Before = (_, _) => throw new ResourceException((ResourceError)error, "said so") };
        var component = new HandledComponent(new ConfigReaderHandler(store, new()),
            JsonNode.Parse("""{"sources":[{"name":"settings","exports":[{"key":"region"}]}]}""")!.AsObject());
        var failed = Assert.IsType<HandlerAnswer.Failed>(await component.Apply());
        Assert.Equal(kind, failed.Kind);
        Assert.Equal("cannot read ConfigMap apps/settings: said so", Assert.Single(failed.Problems).Message);
    }

    [Fact]
    public async Task A_ConfigMap_name_that_is_still_a_reference_is_refused()
    {
        var failed = Assert.IsType<HandlerAnswer.Failed>(await Apply("""{"sources":[{"name":"{{ .a.providerStatus.n }}","exports":[{"key":"k"}]}]}"""));
        Assert.Equal(FailureKind.InvalidConfig, failed.Kind);
        Assert.Equal("sources", Assert.Single(failed.Problems).Path);
    }

    private IEnumerable<string> Validate(string config) =>
        new ConfigReaderHandler(maps.Store, new()).Validate(JsonNode.Parse(config)!.AsObject()).Select(p => p.ToString());

    private async Task<WatchedResource> Seen(string @namespace, string name) => new(
        ResourceType.ConfigMap, new(@namespace, name),
        (string?)(await maps.Store.Get(ResourceType.ConfigMap, new(@namespace, name), TestContext.Current.CancellationToken))!["metadata"]!["resourceVersion"]);

    private Task<HandlerAnswer> Apply(string config, params string[] allowed) =>
        new HandledComponent(new ConfigReaderHandler(maps.Store, new() { ReadableNamespaces = allowed.ToHashSet() }), JsonNode.Parse(config)!.AsObject())
            .Apply();
}
