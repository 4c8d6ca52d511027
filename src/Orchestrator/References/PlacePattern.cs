namespace DeploymentOrchestrator.References;

/// <summary>Matches places of a config, as <c>fields.*.value</c> or <c>sources.[].name</c>; after <c>**.</c> only the end of a place counts.</summary>
/// <param name="pattern">The keys; <c>*</c> is any key and <c>[]</c> any index.</param>
/// <param name="type">The type of these places.</param>
internal sealed class PlacePattern(string pattern, PlaceType type)
{
    private const string AnyDepth = "**";

    private readonly string[] steps = pattern.Split('.').Where(step => step != AnyDepth).ToArray();
    private readonly bool isEnd = pattern.StartsWith(AnyDepth, StringComparison.Ordinal);

    /// <summary>The type of the first matching pattern; null if none matches.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="path">The place.</param>
    /// <param name="from">The index in the path where the pattern's root is.</param>
    public static PlaceType? TypeAt(IEnumerable<PlacePattern> patterns, IReadOnlyList<ReferenceStep> path, int from = 0) =>
        patterns.FirstOrDefault(p => p.Matches(path, from))?.Type;

    private PlaceType Type { get; } = type;

    private bool Matches(IReadOnlyList<ReferenceStep> path, int from)
    {
        var length = path.Count - from;
        if (isEnd ? length < steps.Length : length != steps.Length)
            return false;
        for (var i = 0; i < steps.Length; i++)
        {
            var step = path[path.Count - steps.Length + i];
            if (steps[i] switch { "*" => step.Key is null, "[]" => step.Index is null, var key => step.Key != key })
                return false;
        }

        return true;
    }
}
