namespace DeploymentOrchestrator.Policies;

/// <summary>
/// A pattern for names. <c>*</c> is any run of characters, none and <c>/</c> included; everything else stands for itself, in its case and from the first
/// character to the last. <c>{cluster}</c> and <c>{namespace}</c> are replaced by text, so that a <c>*</c> in them is no pattern. Pure.
/// </summary>
internal sealed class NamePattern
{
    private const string Any = "*";

    // The texts between the stars.
    private readonly IReadOnlyList<PolicyText> parts;
    private readonly string written;

    private NamePattern(string written, IReadOnlyList<PolicyText> parts) => (this.written, this.parts) = (written, parts);

    /// <summary>The pattern, or null where <paramref name="problem"/> says why it is none.</summary>
    public static NamePattern? Parse(string text, out string? problem)
    {
        // A placeholder with a star in it is none.
        return PolicyText.Parse(text, out problem) is null ? null : new(text, [.. text.Split(Any).Select(part => PolicyText.Parse(part, out _)!)]);
    }

    /// <summary>Whether a name is one of these.</summary>
    public bool Matches(string name, PolicyScope scope)
    {
        var literals = new List<string>();
        foreach (var part in parts)
        {
            // A cluster's id that is not known may be any text.
            if (part.For(scope) is { } known)
                literals.Add(known);
            else
                literals.AddRange(part.Shown(scope).Split("{cluster}"));
        }

        return Matches(name, literals);
    }

    /// <summary>The pattern for people.</summary>
    public string Shown(PolicyScope scope) => string.Join(Any, parts.Select(p => p.Shown(scope)));

    /// <inheritdoc/>
    public override string ToString() => written;

    // The first begins the name, the last ends it, and the others are taken where they come first: no way of matching is lost, and none is tried twice.
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
