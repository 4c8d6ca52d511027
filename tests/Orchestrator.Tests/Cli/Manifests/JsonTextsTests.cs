using System.Text;
using DeploymentOrchestrator.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Cli.Manifests;

/// <summary>Files as other programs write them: several JSON values, byte order marks, escapes that YAML does not have.</summary>
public sealed class JsonTextsTests
{
    private const string A = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""";
    private const string B = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""";

    [Theory]
    [InlineData(A + "\n" + B + "\n")]
    [InlineData(A + B)]
    [InlineData("\n" + A + "\r\n\t" + B)]
    [InlineData(A + "\n---\n" + B)]
    [InlineData("\uFEFF" + A + "\n\uFEFF" + B)]
    [InlineData(A + "\uFEFF" + B)]
    [InlineData("\uFEFFapiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n\uFEFFapiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n" + B)]
    [InlineData(A + "\n" + B + "\n# the end")]
    public void Several_resources_in_one_JSON_text_are_read(string text)
    {
        var set = Load(text);

        Assert.Empty(set.Diagnostics);
        Assert.Equal(["a", "b"], set.Resources.Select(r => r.Name));
    }

    [Theory]
    [InlineData("\n\n" + A + "\n  {\"apiVersion\": \"v1\", \"kind\": 7, \"metadata\": {\"name\": \"b\"}}",
        "m.json:4:24: error: kind: must be a string, not the number 7: quote it: \"7\"")]
    [InlineData(A + "  {\"apiVersion\": \"v1\",\n \"kind\": 7, \"metadata\": {\"name\": \"b\"}}",
        "m.json:2:2: error: kind: must be a string, not the number 7: quote it: \"7\"")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"\u00e9\U0001F600\"}} {\"kind\": 7}",
        "m.json:1:66: error: \"apiVersion\" is missing: it must be a string")]
    public void A_problem_of_a_later_resource_has_its_own_place(string text, string problem) =>
        Assert.Contains(problem, Load(text).Diagnostics.Select(d => d.ToString()));

    [Theory]
    [InlineData("\\ud83d\\ude00", "\U0001F600")]
    [InlineData("\\uD83D\\uDE00\\uD83D\\uDE00", "\U0001F600\U0001F600")]
    [InlineData("\\\\ud83d\\\\ude00", "\\ud83d\\ude00")]
    [InlineData("x\\\\\\ud83d\\ude00", "x\\\U0001F600")]
    public void A_pair_of_escapes_is_one_character(string written, string meant)
    {
        var set = Load("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"" + written + "\"}}");

        Assert.Empty(set.Diagnostics);
        Assert.Equal(meant, (string?)Assert.Single(set.Resources).Content["data"]!["k"]);
    }

    [Fact]
    public void UTF_16_is_read_with_a_byte_order_mark_and_refused_clearly_without()
    {
        Assert.Equal("a", Assert.Single(Load([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(A)]).Resources).Name);
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            Assert.Equal(
                "m.json: error: looks like UTF-16 without a byte order mark: save the file as UTF-8",
                Assert.Single(Load(encoding.GetBytes(A)).Diagnostics).ToString());
        }

        Assert.StartsWith("m.json: error: looks like UTF-32", Assert.Single(Load([.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(A)]).Diagnostics)
            .ToString(), StringComparison.Ordinal);
    }

    private static ManifestSet Load(string text) => Load(Encoding.UTF8.GetBytes(text));

    private static ManifestSet Load(byte[] bytes) => ManifestSet.Load([new("m.json", [new("m.json", bytes, null)], null)]);
}
