using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Messages;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Writes JSON as YAML that reads back as the same JSON.</summary>
internal static partial class YamlWriter
{
    /// <summary>The document, ending in a line end.</summary>
    public static string Write(JsonNode node)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Emit(node, emitter);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return VisibleText.Yaml(text.ToString());
    }

    private static void Emit(JsonNode? node, Emitter emitter)
    {
        switch (node)
        {
            case JsonObject fields:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, fields.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in fields)
                {
                    emitter.Emit(Text(key, mayBeBlock: false));
                    Emit(value, emitter);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items)
                    Emit(item, emitter);
                emitter.Emit(new SequenceEnd());
                break;
            default:
                emitter.Emit(node?.GetValueKind() == JsonValueKind.String ? Text(node.GetValue<string>(), mayBeBlock: true)
                    : new Scalar(AnchorName.Empty, TagName.Empty, node?.ToJsonString() ?? "null", ScalarStyle.Plain, true, false));
                break;
        }
    }

    // Plain where it cannot be misread, a literal block where it has readable lines, else quoted.
    private static Scalar Text(string text, bool mayBeBlock)
    {
        var isPrintable = !VisibleText.HasHidden(text);
        var style = IsPlain(text) ? ScalarStyle.Plain
            : isPrintable ? ScalarStyle.SingleQuoted
            : mayBeBlock && !VisibleText.HasHidden(text.Replace("\n", "", StringComparison.Ordinal)) && Lines().IsMatch(text) ? ScalarStyle.Literal
            : ScalarStyle.DoubleQuoted;
        return new(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: style == ScalarStyle.Plain, isQuotedImplicit: true);
    }

    private static bool IsPlain(string text) =>
        Word().IsMatch(text) && YamlScalars.Resolve(new(default, Tag: null, text, IsPlain: true)) is (not null, null) resolved
            && resolved.Value.GetValueKind() == JsonValueKind.String;

    [GeneratedRegex(@"\A[A-Za-z_/]([A-Za-z0-9_/.,;@+=()-]|:(?=\S)| (?=[^\s#:]))*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();

    // The first line sets the indentation, and trailing spaces would be invisible.
    [GeneratedRegex(@"\A[^\s\p{C}]([^\p{C}\u2028\u2029]|(?<! )\n)*(?<! )\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Lines();
}
