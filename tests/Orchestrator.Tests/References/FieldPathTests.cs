using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Tests.References;

public sealed class FieldPathTests
{
    private static readonly JsonObject Database = (JsonObject)JsonNode.Parse("""
        {
          "metadata": {"name": "orders", "annotations": {"example.com/zone": "a", "plain": "b"}},
          "spec": {"port": 5432, "public": false, "none": null},
          "status": {
            "phase": "ready",
            "ingress": [{"hostname": "one"}, {"hostname": "two", "ports": [1, 2]}],
            "conditions": ["odd", {"type": "Synced", "status": "False"}, {"type": "Ready", "status": "True"}, {"type": "Ready", "status": "Old"}]
          }
        }
        """)!;

    [Theory]
    [InlineData("status.phase", "\"ready\"")]
    [InlineData("spec.port", "5432")]
    [InlineData("spec.public", "false")]
    [InlineData("status.ingress[1].ports", "[1,2]")]
    [InlineData("status.ingress[1].ports[0]", "1")]
    [InlineData("status[\"phase\"]", "\"ready\"")]
    [InlineData("metadata.annotations[\"example.com/zone\"]", "\"a\"")]
    [InlineData("metadata.annotations['example.com/zone']", "\"a\"")]
    [InlineData("status.conditions[type=Ready].status", "\"True\"")]
    [InlineData("status.conditions[type=\"Ready\"].status", "\"True\"")]
    public void A_path_resolves_to_its_value(string text, string json) => Assert.Equal(json, Found(FieldPath.Parse(text, out _)!)!.ToJsonString());

    [Theory]
    [InlineData("{.status.phase}", "\"ready\"")]
    [InlineData(".status.phase", "\"ready\"")]
    [InlineData("status.phase", "\"ready\"")]
    [InlineData("{$.status.phase}", "\"ready\"")]
    [InlineData("{.status.ingress[0].hostname}", "\"one\"")]
    [InlineData("{.status.conditions[?(@.type==\"Ready\")].status}", "\"True\"")]
    [InlineData("{.status.conditions[?(@.type == 'Ready')].status}", "\"True\"")]
    [InlineData("""{.metadata.annotations.example\.com/zone}""", "\"a\"")]
    [InlineData("{.metadata.annotations['example.com/zone']}", "\"a\"")]
    public void A_JSONPath_of_one_place_resolves_to_its_value(string text, string json) =>
        Assert.Equal(json, Found(FieldPath.ParseJsonPath(text, out _)!)!.ToJsonString());

    [Theory]
    [InlineData("status.endpoint.address")]
    [InlineData("spec.none")]
    [InlineData("spec.none.more")]
    [InlineData("status.ingress[2].hostname")]
    [InlineData("status.conditions[type=Unknown].status")]
    public void A_missing_field_may_still_appear(string text)
    {
        Assert.Null(FieldPath.Parse(text, out _)!.Find(Database, out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("status.phase.name", "status.phase is the text \"ready\", which has no name")]
    [InlineData("status.phase[0]", "status.phase is the text \"ready\", which has no [0]")]
    [InlineData("spec.port.number", "spec.port is the number 5432, which has no number")]
    [InlineData("status.ingress.hostname", "status.ingress is a list: write [0] or [type=Ready] after it")]
    [InlineData("status[0]", "status is an object, not a list: write a key after it")]
    [InlineData("metadata.annotations[\"example.com/zone\"].x", "metadata.annotations[\"example.com/zone\"] is the text \"a\", which has no x")]
    public void A_path_into_a_scalar_is_a_problem(string text, string expected)
    {
        Assert.Null(FieldPath.Parse(text, out _)!.Find(Database, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(".status", "begins with a dot")]
    [InlineData("status.", "ends with a dot")]
    [InlineData("status..phase", "names more than one place")]
    [InlineData("status.ingress[-1].hostname", "is a negative index")]
    [InlineData("status.ingress[*].hostname", "names more than one place")]
    [InlineData("status.ingress[]", "is not a step of a path")]
    [InlineData("status.ingress[0", "is not a step of a path")]
    [InlineData("status.ingress[99999999999]", "is not a step of a path")]
    [InlineData("status.conditions[type==Ready]", "is not a step of a path")]
    [InlineData("status/phase", "is not a step of a path")]
    [InlineData("[0].status", "begins with a list")]
    [InlineData("{.status.phase}", "is not a step of a path")]
    [InlineData("status phase", "is not a step of a path")]
    public void An_invalid_path_is_refused_with_what_to_write(string text, string expected)
    {
        Assert.Null(FieldPath.Parse(text, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overlong_path_is_refused() => Assert.Null(FieldPath.Parse(new string('a', 1025), out _));

    [Theory]
    [InlineData("{.status.conditions[*].type}")]
    [InlineData("{..phase}")]
    [InlineData("{range .items[*]}{end}")]
    [InlineData("{}")]
    public void A_JSONPath_of_many_places_is_refused(string text) => Assert.Null(FieldPath.ParseJsonPath(text, out _));

    private static JsonNode? Found(FieldPath path)
    {
        var found = path.Find(Database, out var problem);
        Assert.Null(problem);
        return found;
    }
}
