namespace DeploymentOrchestrator.Policies;

/// <summary>
/// A text of a policy in which <c>{cluster}</c> and <c>{namespace}</c> are replaced. What replaces them is text, never a pattern. Pure.
/// </summary>
internal sealed class PolicyText
{
    private const string ClusterPlaceholder = "{cluster}";
    private const string NamespacePlaceholder = "{namespace}";

    private readonly string written;

    private PolicyText(string written) => this.written = written;

    /// <summary>The text, or null where <paramref name="problem"/> says why it is none.</summary>
    public static PolicyText? Parse(string text, out string? problem)
    {
        problem = Sample(text).AsSpan().IndexOfAny('{', '}') < 0 ? null
            : $"\"{text}\" has a placeholder that is not known: only {ClusterPlaceholder} and {NamespacePlaceholder} are replaced";
        return problem is null ? new(text) : null;
    }

    /// <summary>The text with something in the place of each placeholder, to check its form.</summary>
    public static string Sample(string text) => Replace(text, "cluster", "namespace");

    /// <summary>The text for a namespace; null where the cluster's id is in it and is not known.</summary>
    public string? For(PolicyScope scope) =>
        scope.Cluster is null && written.Contains(ClusterPlaceholder, StringComparison.Ordinal) ? null : Shown(scope);

    /// <summary>The text for people: a cluster's id that is not known stays a placeholder.</summary>
    public string Shown(PolicyScope scope) => Replace(written, scope.Cluster ?? ClusterPlaceholder, scope.Namespace);

    // Placeholders are found in the text as written, so that a cluster's id that holds one is not replaced again.
    private static string Replace(string text, string cluster, string @namespace) => string.Join(
        cluster, text.Split(ClusterPlaceholder).Select(part => part.Replace(NamespacePlaceholder, @namespace, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => written;
}
