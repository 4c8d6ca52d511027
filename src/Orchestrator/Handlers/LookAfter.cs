namespace DeploymentOrchestrator.Handlers;

/// <summary>When a handler that deals with objects of the cluster looks again by itself: watches notice most changes sooner.</summary>
internal static class LookAfter
{
    /// <summary>Where all is as wanted.</summary>
    public static readonly TimeSpan Done = TimeSpan.FromMinutes(10);

    /// <summary>For what no watch may notice: a kind or a namespace that is created later.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>For a kind whose definition was just taken or changed: it is in force a moment after.</summary>
    public static readonly TimeSpan VerySoon = TimeSpan.FromSeconds(2);
}
