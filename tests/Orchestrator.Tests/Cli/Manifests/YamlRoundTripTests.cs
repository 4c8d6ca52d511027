using System.Text.Json.Nodes;
using System.Text;
using DeploymentOrchestrator.Api;
using FsCheck.Fluent;
using FsCheck.Xunit;
using FsCheck;

namespace DeploymentOrchestrator.Tests.Cli.Manifests;

/// <summary>Any JSON written as YAML, in any style, reads back unchanged.</summary>
public sealed class YamlRoundTripTests
{
    [Property(Arbitrary = [typeof(AnyJson)], MaxTest = 300)]
    public void Written_YAML_reads_back_as_the_same(JsonDocumentCase json, int style)
    {
        var yaml = new YamlEmitter(new Random(style)).Emit(json.Root);

        var documents = YamlText.Read(yaml, out var problems);

        Assert.True(problems.Count == 0, $"{string.Join('\n', problems)}\n{yaml}");
        Assert.Equal(json.Root.ToJsonString(ApiJson.Readable), Assert.Single(documents)?.ToJsonString(ApiJson.Readable));
    }

    [Property(MaxTest = 1000)]
    public void No_text_makes_the_YAML_reader_throw(byte[] choices)
    {
        // Random letters of YAML's own alphabet get further into the parser than random characters.
        string[] alphabet =
            ["a", "b", ": ", ":", "\n", "\n  ", "\n- ", "- ", " ", "[", "]", "{", "}", ",", "'", "\"", "|", ">", "&a ", "*a", "!!str ", "!x ", "<<", "? ", "#",
            "\t", "---\n", "...\n", "%", "\\u12", "1", "@", "\r\n", "é"];
        var text = string.Concat(choices.Select(c => alphabet[c % alphabet.Length]));

        YamlText.Read(text, out _);
    }

    public sealed record JsonDocumentCase(JsonNode Root)
    {
        public override string ToString() => Root.ToJsonString();
    }

    public static class AnyJson
    {
        private static readonly string[] Pieces =
            ["a", "Z", "0", "9", " ", "  ", "\n", "\t", ":", ": ", "#", " #", "-", "- ", "'", "\"", "\\", "{{ .x }}", "[", "]", "{", "}", ",", "&", "*", "!",
                "|", ">", "%", "@", "`", "?", "~", "é", "😀", "\u0001", "\u2028", "true", "no", "null", "1e3", "0x1", "<<"];

        public static Arbitrary<JsonDocumentCase> Document() => Object(depth: 3).Select(root => new JsonDocumentCase(root)).ToArbitrary();

        private static Gen<string> Text() => Few(Gen.Elements(Pieces), most: 8).Select(string.Concat);

        private static Gen<List<T>> Few<T>(Gen<T> element, int most) =>
            Gen.Choose(0, most).SelectMany(count => element.ListOf(count)).Select(list => list.ToList());

        private static Gen<JsonNode> Scalar() => Gen.OneOf(
            Text().Select(t => (JsonNode)t),
            Gen.Choose(int.MinValue, int.MaxValue).Select(n => (JsonNode)n),
            ArbMap.Default.GeneratorFor<long>().Select(n => (JsonNode)n),
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(n => (JsonNode)(n.Get + 0.0)),
            Gen.Elements(true, false).Select(b => (JsonNode)b));

        private static Gen<JsonNode> Value(int depth) => depth == 0
            ? Scalar()
            : Gen.OneOf(Scalar(), Object(depth - 1), Few(Value(depth - 1), most: 4)
                .Select(items => (JsonNode)new JsonArray([.. items.Select(i => i.DeepClone())])));

        private static Gen<JsonNode> Object(int depth) =>
            from keys in Few(Text(), most: 4)
            from values in Value(depth).ListOf(keys.Count)
            select (JsonNode)new JsonObject(keys.Zip(values).DistinctBy(f => f.First)
                .Select(f => KeyValuePair.Create(f.First, (JsonNode?)f.Second.DeepClone())));
    }

    /// <summary>Writes JSON as YAML, each node in a style drawn at random.</summary>
    private sealed class YamlEmitter(Random random)
    {
        public string Emit(JsonNode root)
        {
            var yaml = new StringBuilder();
            Block(root, 0, yaml);
            return yaml.ToString();
        }

        private void Block(JsonNode? node, int indent, StringBuilder yaml)
        {
            var pad = new string(' ', indent);
            switch (node)
            {
                case JsonObject { Count: > 0 } fields when random.Next(4) > 0:
                    foreach (var (key, value) in fields)
                    {
                        yaml.Append(pad).Append(OneLine(key)).Append(':');
                        Nested(value, indent, yaml);
                    }

                    break;
                case JsonArray { Count: > 0 } items when random.Next(4) > 0:
                    foreach (var item in items)
                    {
                        yaml.Append(pad).Append('-');
                        Nested(item, indent, yaml);
                    }

                    break;
                default:
                    yaml.Append(pad).Append(Flow(node)).Append('\n');
                    break;
            }
        }

        private void Nested(JsonNode? value, int indent, StringBuilder yaml)
        {
            if (value is JsonObject or JsonArray)
            {
                yaml.Append(random.Next(3) == 0 ? "  # a comment\n" : "\n");
                Block(value, indent + 1 + random.Next(4), yaml);
            }
            else if (value is JsonValue scalar && scalar.TryGetValue<string>(out var text) && CanBeLiteral(text) && random.Next(2) == 0)
            {
                yaml.Append(text.EndsWith('\n') ? " |\n" : " |-\n");
                foreach (var line in text.TrimEnd('\n').Split('\n'))
                    yaml.Append(' ', indent + 2).Append(line).Append('\n');
            }
            else
                yaml.Append(' ').Append(Flow(value)).Append('\n');
        }

        private string Flow(JsonNode? node) => node switch
        {
            JsonObject fields => $"{{{string.Join(", ", fields.Select(f => $"{OneLine(f.Key)}: {Flow(f.Value)}"))}}}",
            JsonArray items => $"[{string.Join(random.Next(2) == 0 ? "," : ", ", items.Select(Flow))}]",
            JsonValue value when value.TryGetValue<string>(out var text) => OneLine(text),
            _ => node?.ToJsonString() ?? "null",
        };

        private string OneLine(string text)
        {
            var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(char.IsAsciiLetterOrDigit) && text is not ("true" or "no" or "null");
            return random.Next(3) switch
            {
                0 when isPlain => text,
                1 when text.All(c => c >= ' ' && c < '\u007F') => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
                _ => JsonValue.Create(text).ToJsonString(),
            };
        }

        // Lines that start with a letter, so that the first one determines the indentation.
        private static bool CanBeLiteral(string text) =>
            !text.EndsWith("\n\n", StringComparison.Ordinal)
            && text.TrimEnd('\n').Split('\n').All(line => line.Length > 0 && char.IsAsciiLetter(line[0]) && line.All(c => c is >= ' ' and < '\u007F'));
    }
}
