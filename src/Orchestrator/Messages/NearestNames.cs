namespace DeploymentOrchestrator.Messages;

/// <summary>
/// Suggests names from one set for any number of wrong ones. The total work is limited, since a file may have thousands of both: beyond the limit there are
/// no suggestions.
/// </summary>
internal sealed class NearestNames(IEnumerable<string> candidates)
{
    // In comparison steps: some hundred suggestions among a thousand names, in a fraction of a second.
    private long budget = 20_000_000;

    /// <summary>
    /// The candidate with the fewest edits (a letter added, removed or replaced, or two swapped), or null if even that one is too far away: more than two
    /// edits and more than a third of the name; for a name of two or three letters, more than one edit; for a single letter, any number.
    /// </summary>
    public string? Of(string name)
    {
        var allowed = name.Length <= 3 ? Math.Min(1, name.Length - 1) : Math.Max(2, name.Length / 3);
        var wanted = name.ToLowerInvariant();
        (string Name, int Distance)? best = null;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) > allowed)
            {
                budget--;
                continue;
            }

            budget -= (name.Length + 1L) * (candidate.Length + 1L);
            if (budget < 0)
                return null;
            var distance = Distance(wanted, candidate.ToLowerInvariant());
            if (distance <= allowed && (best is not { } known || IsBefore(candidate, distance, known)))
                best = (candidate, distance);
        }

        return best?.Name;
    }

    /// <summary><c>; did you mean "x"?</c>, or nothing.</summary>
    public string Hint(string name) => budget > 0 && Of(name) is { } near ? $"; did you mean \"{near}\"?" : "";

    private static bool IsBefore(string name, int distance, (string Name, int Distance) other) =>
        distance < other.Distance || (distance == other.Distance && string.CompareOrdinal(name, other.Name) < 0);

    // Levenshtein distance with a swap of neighbours as one edit; three rows.
    private static int Distance(string a, string b)
    {
        var beforePrevious = new int[b.Length + 1];
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, substitution);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], beforePrevious[j - 2] + 1);
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[b.Length];
    }
}
