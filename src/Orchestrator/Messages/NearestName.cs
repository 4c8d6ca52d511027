namespace DeploymentOrchestrator.Messages;

/// <summary>Suggests the name that a user probably meant.</summary>
internal static class NearestName
{
    /// <summary>The nearest candidate, by <see cref="NearestNames.Of"/>; null if none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates) => new NearestNames(candidates).Of(name);

    /// <summary><c>; did you mean "x"?</c>, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) => new NearestNames(candidates).Hint(name);
}
