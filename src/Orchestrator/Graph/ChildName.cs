namespace DeploymentOrchestrator.Graph;

/// <summary>The name of an entry's Component.</summary>
internal static class ChildName
{
    /// <summary><c>&lt;composition&gt;-&lt;entry, _ as -&gt;</c>, lower case.</summary>
    public static string Of(string composition, string entry) => $"{composition}-{entry.Replace('_', '-').ToLowerInvariant()}";
}
