namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>How long ago something was, as kubectl shows it: in the one or two units that matter.</summary>
internal static class Age
{
    /// <summary>Such as <c>42s</c>, <c>7m</c>, <c>5h10m</c> or <c>12d</c>; empty where the time is not known.</summary>
    public static string Of(DateTimeOffset? since, DateTimeOffset now)
    {
        if (since is not { } start)
            return "";
        var age = now > start ? now - start : TimeSpan.Zero;
        return age switch
        {
            { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
            { TotalHours: < 2 } => $"{(int)age.TotalMinutes}m",
            { TotalHours: < 10 } => age.Minutes == 0 ? $"{age.Hours}h" : $"{age.Hours}h{age.Minutes}m",
            { TotalDays: < 2 } => $"{(int)age.TotalHours}h",
            _ => $"{(int)age.TotalDays}d",
        };
    }
}
