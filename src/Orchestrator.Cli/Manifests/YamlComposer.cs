using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>Composes the documents of one YAML stream from the parser's events: the anchors resolved, every node at its place.</summary>
internal sealed class YamlComposer
{
    /// <summary>Deeper documents are refused. JSON readers stop at 64 levels, and a Composition wraps its manifests in six.</summary>
    public const int MaxDepth = 50;

    // The parser's own messages do not say what to do.
    private const string CheckHint = "; check indentation, quotes and brackets here and above";

    private readonly string file;
    private readonly TextPart part;
    private readonly Scanner scanner;
    private readonly Parser parser;
    private readonly Dictionary<AnchorName, YamlNode?> anchors = [];

    public YamlComposer(string file, TextPart part)
    {
        (this.file, this.part) = (file, part);
        scanner = new(new StringReader(part.Text));
        parser = new(scanner);
    }

    /// <summary>The error; after a syntax error the rest of the stream is not read.</summary>
    public List<Diagnostic> Problems { get; } = [];

    /// <summary>How many nodes were written; an alias does not count.</summary>
    public int NodeCount { get; private set; }

    /// <summary>Every document up to the first syntax error.</summary>
    public IReadOnlyList<YamlNode> Compose()
    {
        var documents = new List<YamlNode>();
        try
        {
            while (Next() is not StreamEnd)
            {
                if (parser.Current is not DocumentStart)
                    continue;
                anchors.Clear();
                documents.Add(Node(Next(), MaxDepth));
            }
        }
        catch (YamlException e)
        {
            Problems.Add(SyntaxError(e));
        }

        return documents;
    }

    private ParsingEvent Next()
    {
        try
        {
            parser.MoveNext();
            return parser.Current!;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The parser fails this way on some truncated streams.
            throw new YamlException(scanner.CurrentPosition, scanner.CurrentPosition,
                "unexpected end: a bracket, brace or quote before it may not be closed", e);
        }
    }

    private YamlNode Node(ParsingEvent start, int depth)
    {
        if (start is AnchorAlias alias)
            return Aliased(alias);

        if (start is not NodeEvent node)
            throw new YamlException(start.Start, start.End, "a key or a value is missing here");
        if (depth == 0)
            throw new YamlException(start.Start, start.Start, $"nested more than {MaxDepth} levels deep");
        NodeCount++;
        if (!node.Anchor.IsEmpty)
            anchors[node.Anchor] = null;
        var tag = node.Tag.IsEmpty ? null : node.Tag.Value;
        YamlNode composed = node switch
        {
            Scalar scalar => new YamlScalar(At(scalar.Start), tag, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => new YamlSequence(At(node.Start), tag, Items(depth)),
            _ => new YamlMapping(At(node.Start), tag, Entries(depth)),
        };
        if (!node.Anchor.IsEmpty)
            anchors[node.Anchor] = composed;
        return composed;
    }

    private List<YamlNode> Items(int depth)
    {
        var items = new List<YamlNode>();
        while (Next() is not SequenceEnd)
            items.Add(Node(parser.Current!, depth - 1));
        return items;
    }

    private List<YamlEntry> Entries(int depth)
    {
        var entries = new List<YamlEntry>();
        while (Next() is not MappingEnd)
        {
            var key = parser.Current!;
            entries.Add(new(Node(key, depth - 1), At(key.Start), Node(Next(), depth - 1)));
        }

        return entries;
    }

    private YamlNode Aliased(AnchorAlias alias)
    {
        if (anchors.TryGetValue(alias.Value, out var node) && node is not null)
            return node;
        Problems.Add(new(At(alias.Start), anchors.ContainsKey(alias.Value)
            ? $"the alias *{alias.Value} is inside its own anchor"
            : $"the alias *{alias.Value} has no anchor &{alias.Value} before it"));
        // A placeholder, so that the value does not count as missing.
        return new YamlScalar(At(alias.Start), null, "", IsPlain: false);
    }

    private Diagnostic SyntaxError(YamlException e)
    {
        // A tab is reported at the mapping around it: point to the tab itself.
        var line = (int)scanner.CurrentPosition.Line;
        var lines = part.Text.Split('\n');
        if (LookAlike.First(lines, (int)e.Start.Line - 1, line) is { } space)
            return new(At(space.Line, space.Column), $"invalid YAML: {LookAlike.Say(space.Character)}");
        var indentation = lines.ElementAtOrDefault(line - 1)?.TakeWhile(c => c is ' ' or '\t').ToList() ?? [];
        if (indentation.IndexOf('\t') is >= 0 and var tab)
            return new(At(line, tab + 1), "invalid YAML: indented with a tab: use spaces");
        var message = $"{char.ToLowerInvariant(e.Message[0])}{e.Message[1..].TrimEnd('.')}";
        return new(At(e.Start), $"invalid YAML: {message}{(e is SyntaxErrorException or SemanticErrorException ? CheckHint : "")}");
    }

    private SourcePosition At(Mark mark) => At((int)mark.Line, (int)mark.Column);

    private SourcePosition At(int line, int column) => new(file, part.Line + line, line == 1 ? part.Column + column : column);
}
