using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Planning;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Shows a plan.</summary>
internal static class PlanOutput
{
    private static readonly string[] Headers = ["ACTION", "COMPONENT", "HANDLER", "TARGET", "REASON"];

    /// <summary>A line for each target with the reason, its changes below it, and a summary. Nothing is cut or wrapped.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<PlanLine> plan) => [.. Table(plan).Select(l => l.Text), "", Summary(plan)];

    /// <summary>The same for a terminal, the actions in colour.</summary>
    public static IRenderable Of(IReadOnlyList<PlanLine> plan) => new Rows(
    [
        .. Table(plan).Select(line => new Text(line.Text.Length == 0 ? " " : line.Text, line.Style)),
        new Text(" "),
        new Text(Summary(plan), new Style(decoration: Decoration.Bold)),
    ]);

    /// <summary>The plan for programs: <c>items</c> and how many there are of each action.</summary>
    public static JsonObject Json(IReadOnlyList<PlanLine> plan) => new()
    {
        ["kind"] = "Plan",
        ["items"] = new JsonArray([.. plan.Select(Item)]),
        ["summary"] = new JsonObject(PlanAction.All.Select(action => KeyValuePair.Create(action, (JsonNode?)plan.Count(l => l.Action == action)))),
    };

    /// <summary>The count of each action; those that make a plan fail appear only when there are some.</summary>
    public static string Summary(IReadOnlyList<PlanLine> plan)
    {
        var counts = PlanAction.All.Select(action => (Action: action, Count: plan.Count(l => l.Action == action)))
            .Where(c => c.Count > 0 || c.Action is PlanAction.Create or PlanAction.Update or PlanAction.Delete or PlanAction.Leave);
        return $"Plan: {string.Join(", ", counts.Select(c => $"{c.Count} {Words(c.Action)}"))}";
    }

    private static JsonNode Item(PlanLine line)
    {
        var item = new JsonObject { ["component"] = line.Object.Name, ["namespace"] = line.Object.Namespace };
        if (line.Handler is not null)
            item["handler"] = line.Handler;
        item["action"] = line.Action;
        item["target"] = line.Target;
        item["reason"] = line.Reason;
        item["changes"] = new JsonArray([.. line.Changes.Select(c => (JsonNode)c)]);
        if (line.Outputs.Count > 0)
            item["outputs"] = new JsonArray([.. line.Outputs.Select(Output)]);
        return item;
    }

    private static JsonNode Output(PlannedOutput output) => output.Object is null
        ? new JsonObject { ["name"] = output.Name, ["known"] = true }
        : new JsonObject { ["name"] = output.Name, ["known"] = output.IsKnown, ["object"] = output.Object, ["path"] = output.Path };

    private static IEnumerable<(string Text, Style Style)> Table(IReadOnlyList<PlanLine> plan)
    {
        var withNamespace = plan.Select(l => l.Object.Namespace).OfType<string>().Distinct(StringComparer.Ordinal).Count() > 1;
        var rows = PlainTable.Align(plan.Select(l => (string[])
            [l.Action, withNamespace ? l.Object.ToString() : l.Object.Name, l.Handler ?? "-", l.Target, l.Reason.ReplaceLineEndings(" ")]).Prepend(Headers));
        yield return (rows[0], new(decoration: Decoration.Dim));
        foreach (var (line, row) in plan.Zip(rows.Skip(1)))
        {
            yield return (row, Color(line.Action));
            foreach (var change in line.Changes.Concat(line.Outputs.Select(o => $"{o}")))
                yield return ($"    {VisibleText.Of(change.ReplaceLineEndings(" "))}", new(decoration: Decoration.Dim));
        }
    }

    private static string Words(string action) => action switch
    {
        PlanAction.TakeOver => "to take over",
        PlanAction.Wait => "to wait for",
        PlanAction.Unknown => "not known",
        PlanAction.Conflict => "in conflict",
        PlanAction.Fail => "that fail",
        _ => $"to {action}",
    };

    private static Style Color(string action) => action switch
    {
        PlanAction.Create or PlanAction.Restore or PlanAction.TakeOver => new(Spectre.Console.Color.Green),
        PlanAction.Update or PlanAction.Wait => new(Spectre.Console.Color.Yellow),
        PlanAction.Leave => Style.Plain,
        _ => new(Spectre.Console.Color.Red),
    };
}
