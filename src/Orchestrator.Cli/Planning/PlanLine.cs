using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>One thing that would be done, or be left, with the reason.</summary>
/// <param name="Object">Of which Component, Composition or other resource of the files.</param>
/// <param name="Handler">The Component's handler; null for what is no Component.</param>
/// <param name="Action">One of <see cref="PlanAction"/>.</param>
/// <param name="Target">What it is done to.</param>
/// <param name="Reason">Why, in one sentence.</param>
internal sealed record PlanLine(ObjectKey Object, string? Handler, string Action, string Target, string Reason)
{
    /// <summary>What of the target changes, one line each: <c>+</c> added, <c>~</c> changed, <c>-</c> taken away.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];
}

/// <summary>What a plan says of a target.</summary>
internal static class PlanAction
{
    /// <summary>It would be made.</summary>
    public const string Create = "create";

    /// <summary>It would be changed.</summary>
    public const string Update = "update";

    /// <summary>A secret that is scheduled for deletion would be restored.</summary>
    public const string Restore = "restore";

    /// <summary>A secret that has another owner would be made this Component's, its value kept.</summary>
    public const string TakeOver = "take-over";

    /// <summary>It would be deleted.</summary>
    public const string Delete = "delete";

    /// <summary>It would stay as it is.</summary>
    public const string Leave = "leave";

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
