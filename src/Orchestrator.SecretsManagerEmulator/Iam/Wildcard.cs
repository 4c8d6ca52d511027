namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>IAM patterns: <c>*</c> is any text, including none, <c>/</c> and <c>:</c>; <c>?</c> is one character.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text, bool ignoreCase)
    {
        // On a mismatch the last star matches one character more; earlier stars need not move.
        var (at, position, star, starPosition) = (0, 0, -1, 0);
        while (position < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, starPosition) = (at, position);
                at++;
            }
            else if (at < pattern.Length && (pattern[at] == '?' || Same(pattern[at], text[position])))
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                starPosition++;
                (at, position) = (star + 1, starPosition);
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(at).Trim('*').IsEmpty;

        bool Same(char one, char other) => ignoreCase ? char.ToLowerInvariant(one) == char.ToLowerInvariant(other) : one == other;
    }
}
