namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>Where each part of a document is in its file.</summary>
/// <param name="positions">By path (<c>spec.components[0].name</c>): the position of a mapping entry's key, or of a list item's start. The root's
/// path is empty.</param>
/// <param name="written">By path: what a number or a boolean was written as (<c>0755</c>, <c>no</c>), and whether JSON writes it so, too.</param>
internal sealed class SourceMap(
    IReadOnlyDictionary<string, SourcePosition> positions, IReadOnlyDictionary<string, (string Text, bool IsAsJson)> written)
{
    /// <summary>What the path's number or boolean was written as; null where it is neither, or very long.</summary>
    public (string Text, bool IsAsJson)? Written(string path) => written.TryGetValue(path, out var found) ? found : null;

    /// <summary>The place of a path, or of the nearest part above it that exists.</summary>
    public SourcePosition Locate(string path)
    {
        // A key may hold dots and brackets itself, so the path is cut from its end until it names something.
        for (; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))])
        {
            if (positions.TryGetValue(path, out var position))
                return position;
        }

        return positions[""];
    }
}
