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
        lines.Add($"{indent}{Head(node)}");
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

    private static string Head(StatusNode node) => string.Join("  ", Parts(node).Where(p => p.Length > 0));

    private static string[] Parts(StatusNode node) => [node.Name, node.Kind, node.Phase, node.Age, node.Message];

    private static Rows Cell(StatusNode node)
    {
        var head = new Paragraph();
        head.Append(VisibleText.Of(node.Name), new Style(decoration: node.Kind == Composition.KindName ? Decoration.Bold : Decoration.None));
        head.Append($"  {VisibleText.Of(node.Kind)}", new Style(decoration: Decoration.Dim));
        head.Append($"  {VisibleText.Of(node.Phase)}", StatusTable.Color(node.Phase));
        if (node.Age.Length > 0)
            head.Append($"  {node.Age}", new Style(decoration: Decoration.Dim));
        if (node.Message.Length > 0)
            head.Append($"  {VisibleText.Of(node.Message)}");
        return new([head, .. node.Details.Select(detail => new Text($"  {VisibleText.Of(detail)}", new Style(decoration: Decoration.Dim)))]);
    }
}
