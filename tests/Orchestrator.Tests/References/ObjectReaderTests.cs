using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.References;

public sealed class ObjectReaderTests
{
    [Theory]
    [InlineData("{}", "at: \"k\" is missing: it must be a string")]
    [InlineData("""{"k":null}""", "at.k: has no value: it must be a string")]
    [InlineData("""{"k":12}""", "at.k: must be a string, not the number 12: quote it as it was written")]
    [InlineData("""{"k":1.50}""", "at.k: must be a string, not the number 1.50: quote it as it was written")]
    [InlineData("""{"k":true}""", "at.k: must be a string, not the boolean true: quote it as it was written")]
    [InlineData("""{"k":[]}""", "at.k: must be a string, not a list")]
    [InlineData("""{"k":{}}""", "at.k: must be a string, not an object")]
    [InlineData("""{"k":""}""", null)]
    public void The_reader_accepts_only_strings_for_a_string(string json, string? problem) => Check(json, r => r.String("k", required: true), problem);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"k":0}""", "at.k: must be a whole number, 1-4096, not the number 0")]
    [InlineData("""{"k":4097}""", "at.k: must be a whole number, 1-4096, not the number 4097")]
    [InlineData("""{"k":1.5}""", "at.k: must be a whole number, 1-4096, not the number 1.5")]
    [InlineData("""{"k":99999999999999999999}""", "at.k: must be a whole number, 1-4096, not the number 99999999999999999999")]
    [InlineData("""{"k":"32"}""", "at.k: must be a whole number, 1-4096, not a string")]
    [InlineData("""{"k":null}""", null)]
    [InlineData("""{"k":1}""", null)]
    [InlineData("""{"k":4096}""", null)]
    public void The_reader_accepts_whole_numbers_within_limits(string json, string? problem) => Check(json, r => r.Integer("k", 1, 4096), problem);

    [Theory]
    [InlineData("""{"k":"true"}""", "at.k: must be true or false, not a string")]
    [InlineData("""{"k":1}""", "at.k: must be true or false, not the number 1")]
    [InlineData("""{"k":false}""", null)]
    public void A_boolean_is_true_or_false(string json, string? problem) => Check(json, r => r.Boolean("k"), problem);

    [Theory]
    [InlineData("""{"k":"Delte"}""", "at.k: must be Delete or Retain, not \"Delte\"; did you mean \"Delete\"?")]
    [InlineData("""{"k":"delete"}""", "at.k: must be Delete or Retain, not \"delete\"; did you mean \"Delete\"?")]
    [InlineData("""{"k":"Never"}""", "at.k: must be Delete or Retain, not \"Never\"")]
    [InlineData("""{"k":"Retain"}""", null)]
    public void The_reader_accepts_one_of_a_few_words(string json, string? problem) => Check(json, r => r.Word("k", ["Delete", "Retain"]), problem);

    [Theory]
    [InlineData("""{"k":"30 minutes"}""", "at.k: must be a duration such as 30m or 1h30m, not \"30 minutes\"")]
    [InlineData("""{"k":30}""", "at.k: must be a string, not the number 30: quote it as it was written")]
    [InlineData("""{"k":"30m"}""", null)]
    public void The_reader_accepts_durations_as_in_Go(string json, string? problem) => Check(json, r => r.Duration("k"), problem);

    [Theory]
    [InlineData("""{"k":[{"a":"x"},7,null,"s"]}""",
        "at.k[1]: must be an object, not the number 7|at.k[2]: must be an object, not nothing|at.k[3]: must be an object, not a string")]
    [InlineData("""{"k":{}}""", "at.k: must be a list, not an object")]
    [InlineData("""{"k":[]}""", null)]
    public void The_reader_reports_each_item_of_a_list_of_objects(string json, string? problem) => Check(json, r => r.Objects("k"), problem);

    [Theory]
    [InlineData("""{"k":["a",1,null]}""", "at.k[1]: must be a string, not the number 1: quote it as it was written|at.k[2]: must be a string, not nothing")]
    [InlineData("""{"k":"a"}""", "at.k: must be a list, not a string")]
    public void The_reader_reports_each_item_of_a_list_of_strings(string json, string? problem) => Check(json, r => r.Strings("k"), problem);

    [Fact]
    public void Paths_lead_through_objects_and_lists() => Check(
        """{"k":[{},{"a":{"b":1}}]}""", r =>
            r.Objects("k")[1].Object("a")!.String("b"), "at.k[1].a.b: must be a string, not the number 1: quote it as it was written");

    [Theory]
    [InlineData("""{"secretNam":"x"}""", "at.secretNam: unknown key \"secretNam\"; did you mean \"secretName\"?")]
    [InlineData("""{"zzz":"x"}""", "at.zzz: unknown key \"zzz\"; known are region, secretName")]
    [InlineData("""{"secretName":"x","region":"y"}""", null)]
    public void A_key_that_was_not_read_is_unknown(string json, string? problem) => Check(
        json,
        r =>
        {
            r.String("secretName");
            r.Has("region");
            r.Close();
            return null;
        },
        problem);

    [Theory]
    [InlineData("""{"k":"{{ .a.providerStatus.b }}"}""")]
    [InlineData("""{"o":{"k":"x {{ .a.providerStatus.b }}"}}""")]
    [InlineData("""{"l":[{"k":"{{ .a.providerStatus.b }}"}]}""")]
    [InlineData("""{"l":["{{ .a.providerStatus.b }}"]}""")]
    [InlineData("""{"n":"{{ .a.providerStatus.b }}"}""")]
    public void A_reference_is_not_a_problem_where_references_are_allowed(string json)
    {
        var problems = new List<Problem>();
        var reader = Read(JsonNode.Parse(json)!.AsObject(), problems, mayHoldReferences: true);
        Assert.Empty(problems);
        Assert.True(reader.HasDeferred);
    }

    [Fact]
    public void A_reference_where_none_is_allowed_is_a_plain_string()
    {
        var problems = new List<Problem>();
        var reader =
            Read(JsonNode.Parse("""{"k":"{{ .a.providerStatus.b }}","n":"{{ .a.providerStatus.b }}"}""")!.AsObject(), problems, mayHoldReferences: false);
        Assert.Equal(["n: must be a whole number, 1-9, not a string"], problems.Select(p => p.ToString()));
        Assert.False(reader.HasDeferred);
    }

    [Fact]
    public void A_map_accepts_any_key()
    {
        var problems = new List<Problem>();
        var reader = new ObjectReader(JsonNode.Parse("""{"b":1,"a":2}""")!.AsObject(), "", problems);
        Assert.Equal(["b", "a"], reader.Keys());
        reader.Close();
        Assert.Empty(problems);
    }

    private static ObjectReader Read(JsonObject json, List<Problem> problems, bool mayHoldReferences)
    {
        var reader = new ObjectReader(json, "", problems, mayHoldReferences);
        reader.String("k");
        reader.Integer("n", 1, 9);
        reader.Object("o")?.String("k");
        foreach (var item in reader.Objects("l"))
            item.String("k");
        return reader;
    }

    private static void Check(string json, Func<ObjectReader, object?> read, string? expected)
    {
        var problems = new List<Problem>();
        read(new(JsonNode.Parse(json)!.AsObject(), "at", problems));
        Assert.Equal(expected?.Split('|') ?? [], problems.Select(p => p.ToString()));
    }
}
