namespace DeploymentOrchestrator.Policies;

/// <summary>
/// A text of a policy in which <c>{cluster}</c> and <c>{namespace}</c> are replaced, by text and never by a pattern. Pure.
/// </summary>
internal sealed class PolicyText
{
    private const string ClusterPlaceholder = "{cluster}";
    private const string NamespacePlaceholder = "{namespace}";

    private readonly string written;

    private PolicyText(string written) => this.written = written;

    /// <summary>Parses a text; null if it is invalid, with a <paramref name="problem"/>.</summary>
    public static PolicyText? Parse(string text, out string? problem)
    {
        problem = Sample(text).AsSpan().IndexOfAny('{', '}') < 0 ? null
            : $"\"{text}\" has a placeholder that is not known: only {ClusterPlaceholder} and {NamespacePlaceholder} are replaced";
        return problem is null ? new(text) : null;
    }

    /// <summary>The text with a sample in place of each placeholder, to check its syntax.</summary>
    public static string Sample(string text) => Replace(text, "cluster", "namespace");

    /// <summary>The text for a namespace; null if it contains the cluster's id and that is unknown.</summary>
    public string? For(PolicyScope scope) =>
        scope.Cluster is null && written.Contains(ClusterPlaceholder, StringComparison.Ordinal) ? null : Shown(scope);

    /// <summary>The text as shown in messages: an unknown cluster id stays a placeholder.</summary>
    public string Shown(PolicyScope scope) => Replace(written, scope.Cluster ?? ClusterPlaceholder, scope.Namespace);

    // Placeholders are found in the text as written, so one inside a cluster's id is not replaced.
    private static string Replace(string text, string cluster, string @namespace) => string.Join(
        cluster, text.Split(ClusterPlaceholder).Select(part => part.Replace(NamespacePlaceholder, @namespace, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => written;
}
