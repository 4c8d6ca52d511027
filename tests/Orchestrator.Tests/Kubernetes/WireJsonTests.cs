using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Kubernetes;

namespace DeploymentOrchestrator.Tests.Kubernetes;

public sealed class WireJsonTests
{
    [Theory]
    [InlineData("\ud83d\udd11")]
    [InlineData("a \ud83d\udd11\ud83d\ude00 b \udbff\udfff")]
    [InlineData("\\\ud83d\udd11\\")]
    [InlineData("\\ud83d\\udd11 is text")]
    [InlineData("\\\\ud83d\\\\udd11")]
    [InlineData("\" \u0001 \u007f \u0085 \u00e9 \u2028 \ufeff \uffff \\ ")]
    public void JSON_on_the_wire_has_characters_and_no_surrogate_escapes(string text)
    {
        var sent = WireJson.Bytes(new() { [text] = text, ["last"] = "\\" });

        Assert.Equal(text, (string?)JsonNode.Parse(sent.Span)![text]);
        Assert.Equal("\\", (string?)JsonNode.Parse(sent.Span)!["last"]);
        Assert.DoesNotContain("\\uD8", Encoding.UTF8.GetString(sent.Span).Replace("\\\\", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }
}
