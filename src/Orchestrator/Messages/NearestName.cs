namespace DeploymentOrchestrator.Messages;

/// <summary>Finds what a user probably meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The candidate with the fewest edits (a letter more, less, other, or two swapped), or null where even that one is too far away: more than two
    /// edits and more than a third of the name; of a name of two or three letters, more than one; of a single letter, any.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var allowed = name.Length <= 3 ? Math.Min(1, name.Length - 1) : Math.Max(2, name.Length / 3);
        var best = candidates
            .Where(candidate => Math.Abs(candidate.Length - name.Length) <= allowed)
            .Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(c => c.distance)
            .ThenBy(c => c.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= allowed ? best.candidate : null;
    }

    /// <summary><c>; did you mean "x"?</c>, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) => Of(name, candidates) is { } near ? $"; did you mean \"{near}\"?" : "";

    // Levenshtein with two neighbours swapped as one edit; three rows.
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
