using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>One thing that would be done to a target of a resource, or be left, with the reason. The handler is null for what is no Component.</summary>
internal sealed record PlanLine(ObjectKey Object, string? Handler, string Action, string Target, string Reason)
{
    /// <summary>What of the target changes, one line each: <c>+</c> added, <c>~</c> changed, <c>-</c> taken away.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];
}

/// <summary>What a plan says of a target.</summary>
internal static class PlanAction
{
    public const string Create = "create";
    public const string Update = "update";
    public const string Delete = "delete";
    public const string Leave = "leave";

    /// <summary>A secret that is scheduled for deletion would be restored.</summary>
    public const string Restore = "restore";

    /// <summary>A secret that has another owner would be made this Component's, its value kept.</summary>
    public const string TakeOver = "take-over";

    /// <summary>Nothing would be done yet, and then it would go on by itself.</summary>
    public const string Wait = "wait";

    /// <summary>What would happen is not known.</summary>
    public const string Unknown = "unknown";

    /// <summary>It would fail: somebody else has it.</summary>
    public const string Conflict = "conflict";

    /// <summary>It would fail, or what is there could not be read.</summary>
    public const string Fail = "fail";

    /// <summary>All of them, in the order in which they are counted.</summary>
    public static readonly IReadOnlyList<string> All = [Create, Update, Restore, TakeOver, Delete, Leave, Wait, Unknown, Conflict, Fail];

    /// <summary>Those with which a plan is no success.</summary>
    public static bool IsBad(string action) => action is Unknown or Conflict or Fail;
}

/// <summary>What the handlers would do, as they say it while the controllers run: of each Component the last word on its apply and on its deletion.</summary>
internal sealed class PlanNotes
{
    private readonly ConcurrentDictionary<(ObjectKey Key, string Uid, bool IsDeletion), IReadOnlyList<PlanLine>> notes = new();

    /// <summary>Notes what a call would do. One that finds nothing to do any more, as it was all done by the calls before, changes nothing.</summary>
    public void Set(Component component, bool isDeletion, IReadOnlyList<PlanLine> lines) =>
        notes.AddOrUpdate(
            (ObjectKey.Of(component.Metadata), component.Metadata.Uid!, isDeletion),
            lines,
            (_, before) =>
                lines.All(l => l.Action == PlanAction.Leave) && before.Any(l => l.Action is not (PlanAction.Leave or PlanAction.Unknown)) ? before : lines);

    /// <summary>
    /// The lines of a Component by its name: first the deletion of one that had the name before, then the rest. What a Component
    /// would do that is deleted in the same plan is not shown.
    /// </summary>
    public IReadOnlyList<PlanLine> Of(ObjectKey component)
    {
        var own = notes.Where(n => n.Key.Key == component).ToList();
        var going = own.Where(n => n.Key.IsDeletion).Select(n => n.Key.Uid).ToHashSet(StringComparer.Ordinal);
        return [.. own.Where(n => n.Key.IsDeletion || !going.Contains(n.Key.Uid)).OrderByDescending(n => n.Key.IsDeletion).SelectMany(n => n.Value)];
    }
}
