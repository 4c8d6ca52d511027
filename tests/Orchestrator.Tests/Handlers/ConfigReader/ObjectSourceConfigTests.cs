using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Handlers.ConfigReader;

/// <summary>Problems of a config that reads fields of objects, before and after its references are resolved.</summary>
public sealed class ObjectSourceConfigTests
{
    private readonly ConfigMaps world = new();

    [Theory]
    // The kind.
    [InlineData("""{"kind":"Service","name":"a","exports":[{"path":"spec.a"}]}""", "sources[0]: \"apiVersion\" is missing: it must be a string")]
    [InlineData("""{"apiVersion":"v1","name":"a","exports":[{"path":"spec.a"}]}""", "sources[0]: \"kind\" is missing: it must be a string")]
    [InlineData("""{"apiVersion":"apps/v1/x","kind":"Deploy ment","name":"a","exports":[{"path":"spec.a"}]}""",
        "sources[0].apiVersion: \"apps/v1/x\" is not an API version: write one such as v1 or apps/v1|sources[0].kind: \"Deploy ment\" is not a kind: write one "
            + "such as ConfigMap")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a/b","exports":[{"path":"spec.a"}]}""",
        "sources[0].name: \"a/b\" is not a name: it has 1-253 characters, none of them / or %")]
    [InlineData("""{"apiVersion":"v1","kind":"Node","name":"a","namespace":"b","exports":[{"path":"spec.a"}]}""",
        "sources[0].namespace: a Node is cluster-scoped: leave it out")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[]}""", "sources[0].exports: is empty: name at least one path")]
    // key and path.
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"key":"k"}]}""",
        "sources[0].exports[0].key: is for ConfigMaps, and this is a Service: write path, such as path: status.address")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"as":"k"}]}""",
        "sources[0].exports[0]: \"path\" is missing: it must be a string")]
    [InlineData("""{"name":"a","exports":[{"key":"k","path":"data.k"}]}""", "sources[0].exports[0].key: cannot be combined with path: write one of the two")]
    [InlineData("""{"name":"a","exports":[{"key":"k","default":"x"}]}""",
        "sources[0].exports[0].default: is for path: write path: data[\"…\"] in the place of key")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"pth":"spec.a"}]}""",
        "sources[0].exports[0]: \"path\" is missing: it must be a string|sources[0].exports[0].pth: unknown key \"pth\"; did you mean \"path\"?")]
    // Paths.
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"path":"spec.ports[-1].port"}]}""",
        "sources[0].exports[0].path: [-1].port is a negative index, and a list begins with [0]")]
    [InlineData("""{"name":"a","exports":[{"path":"data.app.properties","as":"p"}]}""",
        "sources[0].exports[0].path: data.app is a text: write data[\"app.properties\"] for a key with dots")]
    [InlineData("""{"name":"a","exports":[{"path":"data.app[0]","as":"p"}]}""", "sources[0].exports[0].path: data.app is a text: end the path there")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"path":"metadata.name.x"}]}""",
        "sources[0].exports[0].path: metadata.name is a text: end the path there")]
    // Names of outputs.
    [InlineData("""{"name":"a","exports":[{"path":"data[\"tls.crt\"]"}]}""",
        "sources[0].exports[0].path: its end [\"tls.crt\"] cannot be used in a reference: name the output with as, such as as: tls_crt")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"path":"spec.ports[0]"}]}""",
        "sources[0].exports[0].path: its end [0] cannot be used in a reference: name the output with as, such as as: ports")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"path":"spec.a","as":"a.b"}]}""",
        "sources[0].exports[0].as: \"a.b\" cannot be used in a reference: write letters, digits, - and _ only")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"path":"spec.host"},{"path":"status.host"}]},"""
        + """{"name":"b","exports":[{"key":"host"}]}""",
        "sources[0].exports[1]: gives the output \"host\", as sources[0].exports[0] does: write another name with as|sources[1].exports[0]: gives the output "
            + "\"host\", as sources[0].exports[0] does: write another name with as")]
    public void Every_problem_is_reported_with_its_path_and_what_to_do(string sources, string expected) =>
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), Validate($$"""{"sources":[{{sources}}]}""").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("\"apiVersion\":\"v1\",\"kind\":\"Secret\"", "{\"path\":\"data.password\"}")]
    [InlineData("\"apiVersion\":\"v1\",\"kind\":\"secrets\"", "{\"key\":\"password\"}")]
    [InlineData("\"apiVersion\":\"core/v1\",\"kind\":\"secret\"", "{\"path\":\"metadata.name\"}")]
    [InlineData("\"apiVersion\":\"v9\",\"kind\":\"Secret\"", "{\"path\":\"type\"}")]
    [InlineData("\"kind\":\"Secret\"", "{\"key\":\"password\"}")]
    public async Task A_Secret_is_refused_by_every_spelling_at_validation_and_when_it_runs(string kind, string export)
    {
        var config = $$$"""{"serviceAccountName":"reader","sources":[{{{{kind}}},"name":"s","exports":[{{{export}}}]}]}""";
        Assert.Contains(Validate(config), p => p.StartsWith("sources[0].kind: ", StringComparison.Ordinal)
            && p.Contains("cannot be read: its values would be visible in the status", StringComparison.Ordinal));

        var failed = Assert.IsType<HandlerAnswer.Failed>(
            await new HandledComponent(new ConfigReaderHandler(world.Store, OperatorRights.Everything), JsonNode.Parse(config)!.AsObject()).Apply());
        Assert.Equal(FailureKind.InvalidConfig, failed.Kind);
        Assert.Empty(failed.Watches);
    }

    [Fact]
    public void A_field_known_to_hold_a_plaintext_secret_is_refused_and_the_others_are_not() => Assert.Equal(
        ["sources[0].exports[0].path: spec.provider.fake of SecretStore.external-secrets.io cannot be read: it holds passwords or keys in plain text"],
        Validate("""
            {"sources":[{"apiVersion":"external-secrets.io/v1","kind":"SecretStore","name":"a","exports":[
              {"path":"spec.provider.fake.data[0].value"},{"path":"status.capabilities"}]}]}
            """));

    [Theory]
    [InlineData("""{"sources":[{"apiVersion":"v1","kind":"ConfigMap","name":"a","exports":[{"key":"k"},{"path":"data.j"},{"path":"data"}]}]}""")]
    [InlineData("""{"sources":[{"kind":"ConfigMap","name":"a","exports":[{"key":"k"}]}]}""")]
    [InlineData("""{"serviceAccountName":"reader","sources":[{"apiVersion":"v1","kind":"Service","name":"a","exports":[{"path":"spec.a","default":null}]}]}""")]
    // A Service has no keys, but an unresolved reference is checked once it has a value.
    [InlineData("""{"sources":[{"apiVersion":"v1","kind":"{{ .a.providerStatus.k }}","name":"a","exports":[{"path":"{{ .a.providerStatus.p }}"}]}]}""")]
    [InlineData("""{"serviceAccountName":"{{ .a.providerStatus.s }}","sources":[{"apiVersion":"{{ .a.providerStatus.v }}","kind":"Secret","name":"a", """
        + """ "exports":[{"path":"x","as":"{{ .a.providerStatus.n }}"}]}]}""")]
    public void A_valid_config_has_no_problems(string config) => Assert.Empty(Validate(config));

    private IEnumerable<string> Validate(string config) =>
        new ConfigReaderHandler(world.Store, new()).Validate(JsonNode.Parse(config)!.AsObject()).Select(p => p.ToString());
}
