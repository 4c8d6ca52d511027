namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>A place in a file as editors count it, or (line 0) the file as a whole.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
internal readonly record struct SourcePosition(string File, int Line = 0, int Column = 0)
{
    /// <summary><c>file:line:col</c>, which terminals and editors turn into a link.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
