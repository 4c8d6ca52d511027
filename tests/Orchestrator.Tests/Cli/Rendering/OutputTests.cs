using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Tests.Cli.Manifests;
using FsCheck.Xunit;
using static DeploymentOrchestrator.Tests.Cli.Rendering.Resources;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

public sealed class OutputTests : IDisposable
{
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public void JSON_output_is_one_List_without_managedFields()
    {
        ResultWriter.Write(new(output, error), OutputFormat.Json, [Row("a")], ["summary"], [Resource()]);

        Assert.Equal(
            """{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"text":"one\ntwo\n"}}]}""",
            JsonNode.Parse(output.ToString())!.ToJsonString());
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public void YAML_output_is_the_same_List()
    {
        ResultWriter.Write(new(output, error), OutputFormat.Yaml, [Row("a")], ["summary"], [Resource()]);

        Assert.Equal(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: ConfigMap
              metadata:
                name: x
              data:
                text: |
                  one
                  two

            """,
            output.ToString());
    }

    [Fact]
    public void A_table_precedes_the_summary()
    {
        ResultWriter.Write(new(output, error), OutputFormat.Table, [Row("a", message: "done")], ["Secret a"], [Resource()]);

        Assert.Equal("COMPONENT   HANDLER       PHASE   MESSAGE\na           secret-push   Ready   done\n\nSecret a\n", output.ToString());
    }

    [Property(Arbitrary = [typeof(YamlRoundTripTests.AnyJson)], MaxTest = 300)]
    public void YAML_that_is_written_reads_back_as_the_same(YamlRoundTripTests.JsonDocumentCase json)
    {
        var documents = YamlText.Read(YamlWriter.Write(json.Root), out var problems);

        Assert.Empty(problems);
        Assert.Equal(json.Root.ToJsonString(ApiJson.Readable), Assert.Single(documents)?.ToJsonString(ApiJson.Readable));
    }

    [Fact]
    public void A_problem_starts_with_a_position_that_editors_follow_and_is_coloured_on_terminals_only()
    {
        Diagnostic[] diagnostics = [new(new("m.yaml", 3, 5), new("spec.x", "is wrong")), new(new("m.yaml"), "is odd", isWarning: true)];

        DiagnosticWriter.Write(diagnostics, new(output, error) { HasColor = true });
        Assert.Equal("m.yaml:3:5: error: spec.x: is wrong\nm.yaml: warning: is odd\n", error.ToString());

        error.GetStringBuilder().Clear();
        DiagnosticWriter.Write(diagnostics, new(output, error) { HasColor = true, IsErrorInteractive = true });
        Assert.Equal("\e[1mm.yaml:3:5:\e[0m \e[31merror:\e[0m spec.x: is wrong\n\e[1mm.yaml:\e[0m \e[33mwarning:\e[0m is odd\n", error.ToString());
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public void Resources_that_are_not_Ready_are_listed_row_by_row()
    {
        StatusRow[] rows = [Row("a"), Row("b", Phase.Pending, "waits for c"), Row("c", Phase.Failed, "denied")];

        Assert.Equal(["dorch: not Ready:", "  b Pending waits for c", "  c Failed denied", "  it broke"], Shortfall.NotReady(rows, null, ["it broke"]));
        Assert.Equal("dorch: not Ready after 1m30s:", Shortfall.NotReady(rows, TimeSpan.FromSeconds(90), [])[0]);
    }

    [Fact]
    public void Resources_that_are_not_deleted_are_listed_row_by_row()
    {
        Assert.Equal(
            [
                "dorch: could not resolve these, so their secrets were not deleted:",
                "  a Pending waits for b",
                "dorch: not deleted after 5m:",
                "  c TerminationFailed denied",
            ],
            Shortfall.NotDeleted([Row("a", Phase.Pending, "waits for b")], [Row("c", Phase.TerminationFailed, "denied")], TimeSpan.FromMinutes(5), []));
        Assert.Empty(Shortfall.NotDeleted([], [], null, ["healed by itself"]));
    }

    private static JsonObject Resource() => JsonNode.Parse(
        """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","managedFields":[{"manager":"dorch"}]},"data":{"text":"one\ntwo\n"}}""")!.AsObject();
}
