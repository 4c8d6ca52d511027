namespace DeploymentOrchestrator.Planning;

/// <summary>The planned action for a target.</summary>
internal static class PlanAction
{
    public const string Create = "create";
    public const string Update = "update";
    public const string Delete = "delete";
    public const string Leave = "leave";

    /// <summary>A secret that is scheduled for deletion would be restored.</summary>
    public const string Restore = "restore";

    /// <summary>A secret or object that has another owner would be made this Component's, with its value or data.</summary>
    public const string TakeOver = "take-over";

    /// <summary>Nothing would be done yet; it would continue without a change.</summary>
    public const string Wait = "wait";

    /// <summary>It is unknown what would happen.</summary>
    public const string Unknown = "unknown";

    /// <summary>It would fail: another owner has it.</summary>
    public const string Conflict = "conflict";

    /// <summary>It would fail, or the current state could not be read.</summary>
    public const string Fail = "fail";

    /// <summary>All of them, in the order in which they are counted.</summary>
    public static readonly IReadOnlyList<string> All = [Create, Update, Restore, TakeOver, Delete, Leave, Wait, Unknown, Conflict, Fail];

    /// <summary>Actions that make the plan fail.</summary>
    public static bool IsBad(string action) => action is Unknown or Conflict or Fail;
}
