using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Draws a <see cref="StatusGraph"/>.</summary>
internal static class StatusTree
{
    /// <summary>Lines for pipes: two spaces a level, not truncated, not wrapped. A detail follows its resource, after a dash.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<StatusNode> nodes)
    {
        var lines = new List<string>();
        foreach (var node in nodes)
        {
            if (lines.Count > 0 && (node.Below.Count > 0 || node.Kind == Composition.KindName))
                lines.Add("");
            Add(node, "", lines);
        }

        return lines;
    }

    /// <summary>Trees for a terminal: colours by phase, wrapped to the window.</summary>
    public static IRenderable Of(IReadOnlyList<StatusNode> nodes) => new Rows(nodes.Select(node =>
    {
        var tree = new Tree(Cell(node)) { Guide = TreeGuide.Line };
        foreach (var below in node.Below)
            Add(tree, below);
        return tree;
    }));

    private static void Add(StatusNode node, string indent, List<string> lines)
    {
        string[] parts = [node.Name, node.Kind, node.Phase, node.Age, node.Message];
        lines.Add($"{indent}{string.Join("  ", parts.Where(p => p.Length > 0))}");
        lines.AddRange(node.Details.Select(detail => $"{indent}  - {detail}"));
        foreach (var below in node.Below)
            Add(below, $"{indent}  ", lines);
    }

    private static void Add(IHasTreeNodes parent, StatusNode node)
    {
        var added = parent.AddNode(Cell(node));
        foreach (var below in node.Below)
            Add(added, below);
    }

    private static Rows Cell(StatusNode node)
    {
        var dim = new Style(decoration: Decoration.Dim);
        var head = new Paragraph().Append(VisibleText.Of(node.Name), node.Kind == Composition.KindName ? new(decoration: Decoration.Bold) : Style.Plain);
        foreach (var (text, style) in ((string, Style)[])
            [(node.Kind, dim), (node.Phase, StatusTable.Color(node.Phase)), (node.Age, dim), (node.Message, Style.Plain)])
            head.Append(text.Length > 0 ? $"  {VisibleText.Of(text)}" : "", style);
        return new([head, .. node.Details.Select(detail => new Text($"  {VisibleText.Of(detail)}", dim))]);
    }
}

/// <summary>
/// One resource in the graph that <c>dorch status</c> draws: its handler, or for a Composition its kind; the age is empty if it does not exist yet.
/// </summary>
internal sealed record StatusNode(string Name, string Kind, string Phase, string Age, string Message)
{
    /// <summary>Further details, one line each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>For a Composition its first components; for a component those whose last dependency it is.</summary>
    public IReadOnlyList<StatusNode> Below { get; init; } = [];
}
