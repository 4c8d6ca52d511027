namespace DeploymentOrchestrator.Policies;

/// <summary>
/// A pattern for names. <c>*</c> matches any characters, including none and <c>/</c>; everything else matches itself, case-sensitively and from start to end.
/// <c>{cluster}</c> and <c>{namespace}</c> are replaced by text, so a <c>*</c> in them is no wildcard. Pure.
/// </summary>
internal sealed class NamePattern
{
    private const string Any = "*";

    // The texts between the wildcards.
    private readonly IReadOnlyList<PolicyText> parts;
    private readonly string written;

    private NamePattern(string written, IReadOnlyList<PolicyText> parts) => (this.written, this.parts) = (written, parts);

    /// <summary>Parses a pattern; null if it is invalid, with a <paramref name="problem"/>.</summary>
    public static NamePattern? Parse(string text, out string? problem)
    {
        // A placeholder with a wildcard in it is not a placeholder.
        return PolicyText.Parse(text, out problem) is null ? null : new(text, [.. text.Split(Any).Select(part => PolicyText.Parse(part, out _)!)]);
    }

    /// <summary>Whether a name matches.</summary>
    public bool Matches(string name, PolicyScope scope)
    {
        var literals = new List<string>();
        foreach (var part in parts)
        {
            // An unknown cluster id may be any text.
            if (part.For(scope) is { } known)
                literals.Add(known);
            else
                literals.AddRange(part.Shown(scope).Split("{cluster}"));
        }

        return Matches(name, literals);
    }

    /// <summary>The pattern as shown in messages.</summary>
    public string Shown(PolicyScope scope) => string.Join(Any, parts.Select(p => p.Shown(scope)));

    /// <inheritdoc/>
    public override string ToString() => written;

    // The first text starts the name, the last one ends it, and the others match at their first occurrence: that finds every match without backtracking.
    private static bool Matches(string name, List<string> literals)
    {
        var rest = name.AsSpan();
        if (literals.Count == 1)
            return rest.SequenceEqual(literals[0]);
        if (!rest.StartsWith(literals[0], StringComparison.Ordinal))
            return false;
        rest = rest[literals[0].Length..];
        foreach (var literal in literals.Skip(1).SkipLast(1))
        {
            var at = rest.IndexOf(literal, StringComparison.Ordinal);
            if (at < 0)
                return false;
            rest = rest[(at + literal.Length)..];
        }

        return rest.EndsWith(literals[^1], StringComparison.Ordinal);
    }
}
