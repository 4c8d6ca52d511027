namespace DeploymentOrchestrator.Tests.Cli.Manifests;

public sealed class SourceMapTests
{
    private const string Text = """
        apiVersion: v1
        spec: &spec
          components:
          - name: a
            config:
              fields:
                tls.crt: {value: "x"}
          -
            name: b
        copy: *spec
        merged:
          <<: *spec
          own: [1,
            {deep: 2}]
        """;

    [Theory]
    [InlineData("", "m.yaml:1:1")]
    [InlineData("apiVersion", "m.yaml:1:1")]
    [InlineData("spec.components", "m.yaml:3:3")]
    [InlineData("spec.components[0]", "m.yaml:4:5")]
    [InlineData("spec.components[0].config.fields", "m.yaml:6:7")]
    [InlineData("spec.components[0].config.fields.tls.crt", "m.yaml:7:9")]
    [InlineData("spec.components[0].config.fields.tls.crt.value", "m.yaml:7:19")]
    [InlineData("spec.components[1].name", "m.yaml:9:5")]
    [InlineData("copy.components[1].name", "m.yaml:9:5")]
    [InlineData("merged.components", "m.yaml:3:3")]
    [InlineData("merged.own[1].deep", "m.yaml:14:6")]
    public void A_path_has_the_place_of_its_key(string path, string place) => Assert.Equal(place, YamlText.Map(Text).Locate(path).ToString());

    [Theory]
    [InlineData("metadata.name", "m.yaml:1:1")]
    [InlineData("spec.components[7].name", "m.yaml:3:3")]
    [InlineData("spec.components[0].config.fields.password.generator", "m.yaml:6:7")]
    [InlineData("spec.components[0].config.fields.tls.crt.value.more[0]", "m.yaml:7:19")]
    public void A_path_that_does_not_exist_has_the_place_of_what_is_above_it(string path, string place) =>
        Assert.Equal(place, YamlText.Map(Text).Locate(path).ToString());
}
